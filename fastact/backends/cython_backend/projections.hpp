// Projections of a row onto the simplex, whose results have zeros: sparsemax and 1.5-entmax.
//
// Both are a power of what an element has above a threshold, which is the root of a convex, falling
// function of it: Newton's steps from the left come to it without ever passing it, and for
// sparsemax they are the method of Michelot (1986), doi:10.1007/BF00938486. Only elements that are
// close to the largest one can be above; the threshold's own rounding error is found from the
// support that remains. x is not divided by a temperature: reach, and what the powers add up to,
// are multiplied by it.
#pragma once

#include "wide.hpp"

namespace fastact {
namespace {

// Of elements q above the threshold the sum of value(q) is TARGET; none is farther below the top
// than REACH. Below SAFE a top is not subtracted, above it the differences of candidates are exact.
struct Sparsemax {
  static constexpr double REACH = 1, TARGET = 1, SAFE = 2;
  FASTACT_INLINE VDouble value(VDouble q) { return q; }
  FASTACT_INLINE VDouble value_error(VDouble, VDouble, VDouble error) { return error; }
  FASTACT_INLINE VDouble slope(VDouble q) {
    return q > all<VDouble>(0) ? all<VDouble>(1) : all<VDouble>(0);
  }
  FASTACT_INLINE VDouble corrected(VDouble above, VDouble) { return above; }
};

// (x/2 - tau)**2 = (x - 2 tau)**2 / 4
struct Entmax15 {
  static constexpr double REACH = 2, TARGET = 4, SAFE = 4;
  FASTACT_INLINE VDouble value(VDouble q) { return q * q; }
  FASTACT_INLINE VDouble value_error(VDouble q, VDouble value, VDouble error) {
    return product_error(q, q, value) + 2 * q * error;
  }
  FASTACT_INLINE VDouble slope(VDouble q) { return 2 * q; }
  FASTACT_INLINE VDouble corrected(VDouble above, VDouble error) {
    return mul_add(above, above, 2 * above * error);
  }
};

// P at a temperature, and what the target is off.
template <class P>
struct Tempered {
  double reach, safe, target, target_low, share;

  FASTACT_MEMBER explicit Tempered(double t) : reach(P::REACH * t), safe(P::SAFE * t) {
    const VDouble v = all<VDouble>(t), value = P::value(v);
    target = P::TARGET * value[0];
    target_low = P::TARGET * P::value_error(v, value, all<VDouble>(0))[0];
    share = 1 / target;
  }
};

// Relative to `base`; low is what high is off.
struct Threshold {
  double base, high, low;
};

// Calls step(which sum, x - base) for every element; those past the end are -inf.
template <class T, class Step>
FASTACT_INLINE void each_wide(const T* x, Index n, double base, Step step) {
  typedef typename VectorOf<T>::Type V;
  each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
    const Wide<V> wide(load_up_to<V>(x + i, count, -INFINITE));
    for (int k = 0; k < Wide<V>::COUNT; ++k) step(wide_part<V>(part) + k, wide.part[k] - base);
  });
}

template <class P, class T>
FASTACT_INLINE double newton_step(const Tempered<P>& p, const T* x, Index n, double base,
                                  double threshold) {
  VDouble values[PARTS<VDouble>] = {}, slopes[PARTS<VDouble>] = {};
  each_wide(x, n, base, [&](int k, VDouble d) __attribute__((always_inline)) {
    const VDouble q = max(d - threshold, all<VDouble>(0));
    values[k] += P::value(q);
    slopes[k] += P::slope(q);
  });
  return (fold_sum(values) - p.target) / fold_sum(slopes);
}

// What `high` is off, from the elements above high + low, with hardly a rounding; and their number.
template <class P, class T>
FASTACT_INLINE double exact_step(const Tempered<P>& p, const T* x, Index n, const Threshold& t,
                                 double* count) {
  constexpr int SUMS = 2;  // enough to hide the latency of an addition
  LongSum<VDouble> values[SUMS];
  VDouble slopes[SUMS] = {}, counts[SUMS] = {};
  const VDouble high = all<VDouble>(t.high), zero = all<VDouble>(0);
  each_wide(x, n, t.base, [&](int part, VDouble d) __attribute__((always_inline)) {
    const int k = part % SUMS;
    const VDouble q = d - high, error = difference_error(d, high, q);
    const VDouble height = q + (error - t.low);
    const auto above = height > zero;
    const VDouble value = P::value(q);
    values[k].add(above ? value : zero);
    values[k].low += above ? P::value_error(q, value, error) : zero;
    slopes[k] += above ? P::slope(height) : zero;
    counts[k] += above ? all<VDouble>(1) : zero;
  });
  const LongSum<double> value = fold_long(values);
  double slope = 0;
  *count = 0;
  for (int k = 0; k < SUMS; ++k)
    for (int i = 0; i < Traits<VDouble>::LANES; ++i) {
      slope += slopes[k][i];
      *count += counts[k][i];
    }
  return ((value.high - p.target) + (value.low - p.target_low)) / slope;
}

template <class P, class T>
static Threshold find_threshold(const Tempered<P>& p, const T* x, Index n, double base,
                                double start) {
  Threshold t{base, start, 0};
  // Each step from afar at least halves the way that is left.
  for (int i = 0; i < 200; ++i) {
    const double step = newton_step(p, x, n, base, t.high), next = t.high + step;
    if (!(next > t.high)) break;
    t.high = next;
    if (step < 0x1p-32 * p.reach) break;
  }
  // The last digits can move an element or two across the threshold.
  double count = -1;
  for (int i = 0; i < 16; ++i) {
    double now;
    const double low = exact_step(p, x, n, t, &now);
    if (now == 0) break;
    const double high = t.high + low;
    t.low = (t.high - high) + low;
    t.high = high;
    if (now == count) break;
    count = now;
  }
  return t;
}

// Elements above the limit, less base, if there is room for them all: their number, or -1.
template <class T>
FASTACT_INLINE Index collect(const T* x, Index n, T lower, double base, double limit, double* out,
                             Index room) {
  typedef typename VectorOf<T>::Type V;
  Index found = 0;
  for (Index i = 0; i < n; i += Traits<V>::LANES) {
    const Index count = n - i < Traits<V>::LANES ? n - i : Traits<V>::LANES;
    const V v = load_up_to<V>(x + i, count, -INFINITE);
    if (!any_above(v, all<V>(lower))) continue;
    if (found > room - Traits<V>::LANES) return -1;
    const Wide<V> wide(v);
    for (int k = 0; k < Wide<V>::COUNT; ++k)
      found += pack_above(out + found, wide.part[k] - base, all<VDouble>(limit));
  }
  return found;
}

// How far an element is above the threshold (0: not at all), and what that has lost.
template <class T>
FASTACT_INLINE VDouble height(VDouble d, const Threshold& t, VDouble* error) {
  const VDouble high = all<VDouble>(t.high), zero = all<VDouble>(0), q = d - high;
  VDouble rest = all<VDouble>(-t.low);
  if (sizeof(T) == 8) rest += difference_error(d, high, q);  // else q has digits to spare
  const VDouble above = q + rest;
  const auto is_above = above > zero;
  *error = is_above ? (q - above) + rest : zero;
  return is_above ? above : zero;
}

// A number of T below base + limit, for all its roundings.
template <class T>
FASTACT_INLINE T safely_below(double base, double limit) {
  const double sum = base + limit;
  return static_cast<T>(sum - (__builtin_fabs(base) + __builtin_fabs(limit) + 1) *
                                  (sizeof(T) == 8 ? 0x1p-48 : 0x1p-20));
}

// The mean of dy over the support, weighted by the heights for 1.5-entmax, times `unit`.
template <class P, class T>
FASTACT_INLINE double mean_slope(const T* x, const T* dy, Index n, T lower, const Threshold& t,
                                 double unit) {
  typedef typename VectorOf<T>::Type V;
  LaneSums<VDouble> dots, weights;
  dots.begin();
  weights.begin();
  each_vector<V>(
      n,
      [&](int part, Index i, Index count) __attribute__((always_inline)) {
        const V v = load_up_to<V>(x + i, count, -INFINITE);
        if (!any_above(v, all<V>(lower))) return;
        const Wide<V> wide(v), slopes(load_up_to<V>(dy + i, count, 0));
        for (int k = 0; k < Wide<V>::COUNT; ++k) {
          VDouble error;
          const VDouble above = height<T>(wide.part[k] - t.base, t, &error),
                        weight = P::slope(above), dot = weight * (slopes.part[k] * unit);
          const int at = wide_part<V>(part) + k;
          weights.part[at] += weight;
          dots.part[at] += above > all<VDouble>(0) ? dot : all<VDouble>(0);
        }
      },
      [&]() __attribute__((always_inline)) { dots.pause(), weights.pause(); });
  return dots.total() / weights.total();
}

template <class P, class T>
FASTACT_INLINE void write_row(const Tempered<P>& p, const T* x, const T* dy, T* y, T* dx, Index n,
                              T lower, const Threshold& t, double mean, double unit) {
  typedef typename VectorOf<T>::Type V;
  for (Index i = 0; i < n; i += Traits<V>::LANES) {
    const Index count = n - i < Traits<V>::LANES ? n - i : Traits<V>::LANES;
    const V v = load_up_to<V>(x + i, count, -INFINITE);
    if (!any_above(v, all<V>(lower))) {
      if (y != nullptr) store_up_to<V>(y + i, count, all<V>(0));
      if (dx != nullptr) store_up_to<V>(dx + i, count, all<V>(0));
      continue;
    }
    Wide<V> wide(v), slopes(dx != nullptr ? load_up_to<V>(dy + i, count, 0) : all<V>(0));
    for (int k = 0; k < Wide<V>::COUNT; ++k) {
      VDouble error;
      const VDouble above = height<T>(wide.part[k] - t.base, t, &error), zero = all<VDouble>(0);
      wide.part[k] = P::corrected(above, error) * p.share;
      const VDouble weight = P::slope(above) * p.share;
      const VDouble slope = weight * (slopes.part[k] * unit - mean);
      slopes.part[k] = above > zero ? slope * (1 / unit) : zero;
    }
    if (y != nullptr) store_up_to<V>(y + i, count, wide.join());
    if (dx != nullptr) store_up_to<V>(dx + i, count, slopes.join());
  }
}

// A row without a finite top: NaN, or as much of a one-hot row as it has +inf.
template <class T>
static void special_row(const T* x, const T* dy, T* y, T* dx, Index n, bool nan) {
  const T infinite = static_cast<T>(INFINITE), undefined = static_cast<T>(__builtin_nan(""));
  Index tops = 0;
  for (Index i = 0; i < n; ++i) tops += x[i] == infinite;
  for (Index i = 0; i < n; ++i) {
    const bool is_top = x[i] == infinite, lost = nan || tops == 0 || (is_top && tops > 1);
    const T slope = dx == nullptr || !is_top ? T(0) : dy[i] - dy[i];
    if (y != nullptr) y[i] = lost ? undefined : T(is_top);
    if (dx != nullptr) dx[i] = lost ? undefined : slope;
  }
}

// x, dy, y, dx, room, temperature; rows, n, room, is y wanted, is dx.
template <class P, class T>
static void projection(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  const Index rows = dims[0], n = dims[1];
  const Tempered<P> p(*reinterpret_cast<const double*>(args[5]));
  for (Index row = 0; row < rows; ++row) {
    const auto of_row = [=](int a, bool wanted) {
      return wanted ? reinterpret_cast<T*>(args[a]) + row * n : nullptr;
    };
    const T *x = of_row(0, true), *dy = of_row(1, dims[4]);
    T *y = of_row(2, dims[3]), *dx = of_row(3, dims[4]);
    double* const candidates = reinterpret_cast<double*>(args[4]);

    V tops[PARTS<V>], nans[PARTS<V>];
    for (int k = 0; k < PARTS<V>; ++k) tops[k] = nans[k] = all<V>(-INFINITE);
    each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
      const V v = load_up_to<V>(x + i, count, -INFINITE);
      tops[part] = max(v, tops[part]);
      nans[part] = v == v ? nans[part] : all<V>(0);
    });
    const double top = fold_max<V>(tops);
    const bool nan = fold_max<V>(nans) == 0;
    if (nan || !is_finite(top)) {
      special_row(x, dy, y, dx, n, nan);
      continue;
    }
    const double base = __builtin_fabs(top) < p.safe ? 0 : top;
    const double limit = (top - base) - p.reach * (1 + 0x1p-40);
    const Index found =
        collect(x, n, safely_below<T>(base, limit), base, limit, candidates, dims[2]);
    const Threshold t = found >= 0 ? find_threshold(p, candidates, found, 0, limit)
                                   : find_threshold(p, x, n, base, limit);
    const Threshold threshold{base, t.high, t.low};
    const T lower = safely_below<T>(base, t.high);
    double mean = 0, unit = 1;
    if (dx != nullptr) {
      mean = mean_slope<P>(x, dy, n, lower, threshold, unit);
      if (!is_finite(mean)) {  // of dy so large that only their sum overflows
        unit = 0x1p-64;
        mean = mean_slope<P>(x, dy, n, lower, threshold, unit);
      }
    }
    write_row(p, x, dy, y, dx, n, lower, threshold, mean, unit);
  }
}

template <class T>
static void sparsemax(char** args, const Index* dims, const Index* steps, void* data) {
  projection<Sparsemax, T>(args, dims, steps, data);
}

template <class T>
static void entmax15(char** args, const Index* dims, const Index* steps, void* data) {
  projection<Entmax15, T>(args, dims, steps, data);
}

}  // namespace
}  // namespace fastact
