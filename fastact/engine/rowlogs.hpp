// The logarithms of rows' sums.
#pragma once

#include "rowpasses.hpp"

namespace fastact {

// Those of rest/peak + 1, some at a time by the backend's stage if it has one.
template <class Log>
void log_rests(Loop stage, const RowTotal* totals, npy_intp rows, Log* logs, bool scaled = false,
               void* precisely = nullptr) {
  constexpr npy_intp SOME = 16;
  double rest[SOME], peak[SOME], top[SOME], found[SOME];
  char* args[] = {reinterpret_cast<char*>(rest), reinterpret_cast<char*>(peak),
                  reinterpret_cast<char*>(top), reinterpret_cast<char*>(found)};
  for (npy_intp row = 0; row < rows; row += SOME) {
    const npy_intp count = std::min(SOME, rows - row);
    for (npy_intp r = 0; r < count; ++r) {
      rest[r] = totals[row + r].rest;
      peak[r] = totals[row + r].peak;
      // What the peak of a top times a scale has lost, nobody knows: nothing, as of infinity.
      top[r] = scaled ? HUGE_VAL : totals[row + r].top;
      if (stage == nullptr) found[r] = totals[row + r].log_rest();
    }
    if (stage != nullptr) stage(args, &count, nullptr, precisely);
    for (npy_intp r = 0; r < count; ++r) logs[row + r] = Log(found[r]);
  }
}

template <class T>
template <class Log>
void RowPasses<T>::log_rests(const RowTotal* totals, npy_intp rows, Log* logs) const {
  fastact::log_rests(kernels_.stages[LOG_REST], totals, rows, logs, options_.scaled(), precisely());
}

template <class T>
double RowPasses<T>::log_rest(const RowTotal& t) const {
  double log;
  log_rests(&t, 1, &log);
  return log;
}

template <class T>
void RowPasses<T>::logsumexp(const TileAccess<T>& access, const Scratch& s) const {
  for (npy_intp r = 0; r < access.tile().rows; ++r) {
    const RowTotal& t = s.totals[r];
    const double log = has(WEIGHTS)    ? weighted_log(access, t, r)
                       : options_.mean ? log_mean(t, count(access.tile().row + r))
                                       : log_rest(t);
    const double value = std::isnan(t.rest) || std::isnan(log) ? t.rest + log
                         : std::isfinite(t.top)                ? added(log, t.top, scale())
                                                               : t.top;
    access.set_value(space_.arrays[Y], r, T(value));
    if (has(SIGN) && !has(WEIGHTS))  // nothing but a sum of nothing is not positive
      access.set_value(space_.arrays[SIGN], r, std::isnan(value) ? T(value) : T(t.top > -HUGE_VAL));
  }
}

template <class T>
double RowPasses<T>::added(double log, double top, Precise scale) {
  if (scale.near == 1) return top + log;
  const double scaled = top * scale.near;
  if (!std::isfinite(scaled)) return scaled;
  return scaled + (log + (std::fma(top, scale.near, -scaled) + top * scale.beyond));
}

template <class T>
double RowPasses<T>::log_mean(const RowTotal& t, double count) {
  if (count == 0) return 0;
  const double mean = (1 + t.rest / t.peak) / count;
  return mean > 0.5 ? std::log1p((t.rest / t.peak - (count - 1)) / count) : std::log(mean);
}

template <class T>
double RowPasses<T>::weighted_log(const TileAccess<T>& access, const RowTotal& t,
                                  npy_intp r) const {
  double sum = std::isnan(t.rest) ? t.rest : weighted(t);
  const bool undefined = std::isfinite(t.top) && std::isnan(sum) && !std::isnan(t.rest);
  if (undefined || (std::isinf(t.top) && t.top > 0)) sum = infinite_sum(access.tile().row + r, t);
  if (t.top == -std::numeric_limits<T>::infinity() && !std::isnan(t.rest)) sum = 0;
  const double sign = std::isnan(sum) ? sum : (sum > 0) - (sum < 0);
  if (has(SIGN))
    access.set_value(space_.arrays[SIGN], r, T(sign));
  else if (sum < 0)
    return std::numeric_limits<double>::quiet_NaN();
  const double over = sign * (t.dot + t.reference * t.rest) + (sign * t.reference - 1) * t.peak;
  return std::isfinite(t.top) && over > -0.5 * t.peak ? std::log1p(over / t.peak)
                                                      : std::log(std::fabs(sum) / t.peak);
}

template <class T>
double RowPasses<T>::infinite_sum(npy_intp row, const RowTotal& t) const {
  constexpr T INF = std::numeric_limits<T>::infinity();
  double sum = 0;
  for (npy_intp i = 0; i < space_.reach(row); ++i) {
    const TileAccess<T> access(space_, Tile{row, 1, i, 1});
    bool present = true;
    if (has(MASK)) access.each_mask(space_.arrays[MASK], [&](npy_intp, bool p) { present = p; });
    T x, weight;
    access.gather(space_.arrays[X], &x);
    access.gather(space_.arrays[WEIGHTS], &weight);
    if (!present || weight == 0) continue;
    if (std::isnan(x) || std::isnan(weight)) return x + weight;
    if (t.top == INF)
      sum += x == INF ? double(weight) * INF : 0;
    else if (x > -INF)
      sum += weight * (std::isinf(weight) ? 1 : t.peak * std::exp((x - t.top) * scale().near));
  }
  return sum;
}

template <class T>
double RowPasses<T>::count(npy_intp row) const {
  const npy_intp reach = space_.reach(row);
  if (!has(MASK)) return double(reach);
  npy_intp there = 0;
  TileAccess<T>(space_, Tile{row, 1, 0, reach})
      .each_mask(space_.arrays[MASK], [&](npy_intp, bool present) { there += present; });
  return double(there);
}

}  // namespace fastact
