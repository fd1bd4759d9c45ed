// What rows give once their totals are known: their second pass, tile by tile; and hardmax.
#pragma once

#include "rowpasses.hpp"

namespace fastact {

template <class T>
Precise RowPasses<T>::quotient(double weight, const RowTotal& t) {
  const double sum = t.sum(), factor = weight / sum;
  if (sizeof(T) < sizeof(double)) return {factor, 0};
  const double missing = t.peak > t.rest ? t.rest - (sum - t.peak) : t.peak - (sum - t.rest);
  const double low = (std::fma(-factor, sum, weight) - factor * missing) / sum;
  return {factor, std::isfinite(low) ? low : 0};
}

template <class T>
template <class Fill>
void RowPasses<T>::output(const TileAccess<T>& access, RowRole role, T absent, const Scratch& s,
                          Fill fill) const {
  T* direct = access.direct(space_.arrays[role]);
  T* block = direct != nullptr ? direct : s.y;
  fill(block);
  if (gaps(access.tile())) blank(access, block, absent);
  access.write(space_.arrays[role], block);
}

template <class T>
void RowPasses<T>::second_pass(const TileAccess<T>& access, const Tile& tile, const T* x,
                               const T* dy, const Scratch& s) const {
  const double slope = family_ == SOFTMAX && has(DX) ? options_.slope() : 1;
  if (has(DX) || family_ == SOFTMAX)
    for (npy_intp r = 0; r < tile.rows; ++r) {
      const RowTotal& t = s.totals[r];
      if (!value_given())
        bring_down(t, s.e + r * tile.n, tile.n, &s.peak[r], s.base[r], &s.exponent[r], scale());
      const Precise part =
          value_given() ? Precise{} : quotient(weight(s.base[r], s.exponent[r], t, scale()), t);
      const double factor = part.near;
      set_factor(s, r, factor * slope, part.beyond * slope);
      if (has(DX)) {
        // 1 - softmax of the largest element, without cancellation.
        if (family_ == LOG_SOFTMAX)
          s.remainder[r] = T(s.top[r] == t.top ? t.rest / t.sum() : 1 - factor * s.peak[r]);
        s.reference[r] = T(t.reference);
        // An output of zeros is that of a row of which nothing is there.
        s.dot[r] = T(family_ != SOFTMAX              ? t.dot
                     : value_given() && t.sum() == 0 ? 0
                                                     : t.dot / t.sum());
      }
      // One +inf makes the one-hot row; of several, each is as undefined as inf/inf.
      if (s.top[r] == std::numeric_limits<T>::infinity() && t.rest != 0)
        for (npy_intp i = r * tile.n; i < (r + 1) * tile.n; ++i)
          if (s.e[i] == 1) s.e[i] = std::numeric_limits<T>::quiet_NaN();
    }
  if (has(DX) && has(Y) && slope == 1 && both(access, dy, s)) return;
  if (has(DX)) output(access, DX, 0, s, [&](T* dx) { slopes(access, tile, dy, s, dx); });
  if (!has(Y)) return;
  if (slope != 1)
    for (npy_intp r = 0; r < tile.rows; ++r) {
      const RowTotal& t = s.totals[r];
      const Precise part = quotient(weight(s.base[r], s.exponent[r], t, scale()), t);
      set_factor(s, r, part.near, part.beyond);
    }
  if (family_ == SOFTMAX)
    output(access, Y, 0, s, [&](T* y) { stage(SCALE, tile, {s.e, s.factor, s.factor_low, y}); });
  if (family_ == LOG_SOFTMAX)
    output(access, Y, -std::numeric_limits<T>::infinity(), s,
           [&](T* y) { log_softmax(tile, x, s, y); });
}

template <class T>
bool RowPasses<T>::both(const TileAccess<T>& access, const T* dy, const Scratch& s) const {
  if (family_ != SOFTMAX || kernels_.stages[SOFTMAX_BOTH] == nullptr || gaps(access.tile()))
    return false;
  T *const dx = access.direct(space_.arrays[DX]), *const y = access.direct(space_.arrays[Y]);
  if (dx == nullptr || y == nullptr) return false;
  stage(SOFTMAX_BOTH, access.tile(), {s.e, dy, s.factor, s.reference, s.dot, s.factor_low, dx, y});
  return true;
}

template <class T>
void RowPasses<T>::slopes(const TileAccess<T>& access, const Tile& tile, const T* dy,
                          const Scratch& s, T* dx) const {
  if (family_ == SOFTMAX)
    return stage(SOFTMAX_DX, tile, {s.e, dy, s.factor, s.reference, s.dot, dx});
  if (family_ == LOG_SOFTMAX) {
    stage(LOG_SOFTMAX_DX, tile, {s.e, dy, s.peak, s.factor, s.remainder, s.reference, s.dot, dx});
    const T slope = T(options_.slope());
    if (slope != 1)
      for (npy_intp i = 0; i < tile.rows * tile.n; ++i) dx[i] *= slope;
    return;
  }
  for (npy_intp r = 0; r < tile.rows; ++r) {
    const double factor = double(s.factor[r]) + s.factor_low[r];
    const RowTotal& t = s.totals[r];
    const double of_sum = has(WEIGHTS) ? t.sum() / weighted(t) : 1;
    set_factor(s, r, factor * of_sum * options_.slope() * access.value(space_.arrays[DY], r));
    s.reference[r] = s.dot[r] = 0;
  }
  if (!has(WEIGHTS)) return stage(SCALE, tile, {s.e, s.factor, s.factor_low, dx});
  stage(SOFTMAX_DX, tile, {s.e, dy, s.factor, s.reference, s.dot, dx});
  for (npy_intp i = 0; i < tile.rows * tile.n; ++i)  // not there, also where nothing is
    if (dy[i] == 0) dx[i] = 0;
}

template <class T>
void RowPasses<T>::first_tops(const TileAccess<T>& access, const Tile& tile, const T* x,
                              const Scratch& s) const {
  stage(FIRST_TOP, tile, {x, s.top, s.base});
  // Of -inf alone the first is that of the elements that are there.
  if (!gaps(tile)) return;
  for (npy_intp r = 0; r < tile.rows; ++r)
    if (s.top[r] == -std::numeric_limits<T>::infinity()) {
      const npy_intp end = std::min(space_.reach(tile.row + r), tile.begin + tile.n) - tile.begin;
      s.base[r] = end > 0 ? 0 : -1;
      if (!has(MASK)) continue;
      s.base[r] = -1;
      access.each_mask(space_.arrays[MASK], [&](npy_intp i, bool present) {
        if (present && s.base[r] < 0 && i >= r * tile.n && i < r * tile.n + end)
          s.base[r] = T(i - r * tile.n);
      });
    }
}

template <class T>
void RowPasses<T>::hardmax(const TileAccess<T>& access, const Tile& tile, const Scratch& s) const {
  const auto mark = [&](T* block, T chosen) {
    std::memset(block, 0, tile.rows * tile.n * sizeof(T));
    for (npy_intp r = 0; r < tile.rows; ++r) {
      const RowTotal& t = s.totals[r];
      T* row = block + r * tile.n;
      const double at = t.base - tile.begin;
      if (std::isnan(t.top))
        std::fill(row, row + tile.n, T(t.top));
      else if (at >= 0 && at < tile.n)
        row[npy_intp(at)] = chosen;
    }
  };
  if (has(DX)) output(access, DX, 0, s, [&](T* dx) { mark(dx, 0); });
  if (has(Y)) output(access, Y, 0, s, [&](T* y) { mark(y, 1); });
}

template <class T>
void RowPasses<T>::fill_behind(const Tile& tile) const {
  if (tile.begin + tile.n >= space_.n) return;
  const Tile rest{tile.row, tile.rows, tile.begin + tile.n, space_.n - tile.begin - tile.n};
  const TileAccess<T> access(space_, rest);
  if (has(DX)) access.fill(space_.arrays[DX], 0);
  if (has(Y) && !reduces())
    access.fill(space_.arrays[Y], family_ == LOG_SOFTMAX ? -std::numeric_limits<T>::infinity() : 0);
}

template <class T>
void RowPasses<T>::log_softmax(const Tile& tile, const T* x, const Scratch& s, T* y) const {
  constexpr T INF = std::numeric_limits<T>::infinity();
  bool finite = true;
  log_rests(s.totals, tile.rows, s.factor);
  for (npy_intp r = 0; r < tile.rows; ++r) {
    s.top[r] = T(s.totals[r].top);
    finite &= std::isfinite(s.totals[r].top);
  }
  if (!finite || (kernels_.strict && x == y)) {
    copy_into(s.x, x, tile);
    x = s.x;
  }
  if (options_.scaled())
    stage(LOG_SOFTMAX_SCALED, tile, {x, s.top, s.factor, scale_, y});
  else
    stage(LOG_SOFTMAX_Y, tile, {x, s.top, s.factor, y});
  for (npy_intp r = 0; r < tile.rows && !finite; ++r) {
    const RowTotal& t = s.totals[r];
    const bool one = t.top == INF && t.rest == 0, defined = t.top == INF && !std::isnan(t.rest);
    if (std::isfinite(t.top)) continue;
    for (npy_intp i = r * tile.n; i < (r + 1) * tile.n; ++i)
      y[i] = one && x[i] == INF       ? T(0)
             : defined && x[i] != INF ? -INF
                                      : std::numeric_limits<T>::quiet_NaN();
  }
}

}  // namespace fastact
