// A row less its mean, over its standard deviation: what layer normalisation does before its
// weights.
//
// One pass sums the deviations from a shift that is close to the mean, and their squares: the
// textbook formula, whose cancellation is then harmless (Chan, Golub, LeVeque (1983),
// doi:10.1080/00031305.1983.10483115). Where the shift was not close there is another pass.
#pragma once

#include "wide.hpp"

namespace fastact {
namespace {

// Calls step(which sum, doubles of x, doubles of dy, 1 where there is an element and else 0).
template <class T, class Step>
FASTACT_INLINE void each_pair(const T* x, const T* dy, Index n, Step step) {
  typedef typename VectorOf<T>::Type V;
  each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
    fetch_for_loads(x + i);
    if (dy != x) fetch_for_loads(dy + i);
    const Wide<V> xs(load_up_to<V>(x + i, count, 0)), dys(load_up_to<V>(dy + i, count, 0));
    const int at = wide_part<V>(part);
    if (count == Traits<V>::LANES) {
      for (int k = 0; k < Wide<V>::COUNT; ++k) step(at + k, xs.part[k], dys.part[k], nullptr);
      return;
    }
    V flags = all<V>(0);
    for (Index lane = 0; lane < count; ++lane) flags[lane] = 1;
    const Wide<V> there(flags);
    for (int k = 0; k < Wide<V>::COUNT; ++k) step(at + k, xs.part[k], dys.part[k], &there.part[k]);
  });
}

FASTACT_INLINE VDouble if_there(VDouble v, const VDouble* there) {
  return there == nullptr ? v : (*there > all<VDouble>(0) ? v : all<VDouble>(0));
}

// Blocks this long are summed plainly, and their sums with care: rounding errors do not pile up.
constexpr Index PLAIN_SUM = 4096;

// Of deviations from a shift: their sum and the sum of their squares.
struct DeviationSums {
  LongSum<double> sum, squares;
};

template <class T>
FASTACT_INLINE DeviationSums deviation_sums(const T* x, Index n, double shift, double unit) {
  DeviationSums total;
  for (Index begin = 0; begin < n; begin += PLAIN_SUM) {
    const Index m = n - begin < PLAIN_SUM ? n - begin : PLAIN_SUM;
    VDouble sums[PARTS<VDouble>] = {}, squares[PARTS<VDouble>] = {};
    LongSum<VDouble> long_sums[2];
    const VDouble center = all<VDouble>(shift);
    each_pair(x + begin, x + begin, m,
              [&](int k, VDouble v, VDouble, const VDouble* there) __attribute__((always_inline)) {
                const VDouble scaled = v * unit, d = if_there(scaled - center, there);
                squares[k] = mul_add(d, d, squares[k]);
                if (sizeof(T) == 8) {
                  long_sums[k % 2].add(d);
                  long_sums[k % 2].low += if_there(difference_error(scaled, center, d), there);
                } else {
                  sums[k] += d;
                }
              });
    total.squares.add(fold_sum(squares));
    if (sizeof(T) == 8) {
      const LongSum<double> block = fold_long(long_sums);
      total.sum.add(block.high);
      total.sum.low += block.low;
    } else {
      total.sum.add(fold_sum(sums));
    }
  }
  return total;
}

// The mean of x * unit is mean + mean_low; `scale` is 1/sqrt(its variance + eps).
struct Moments {
  double mean, mean_low, scale, unit;
  bool finite;
};

// A number close to the mean, of few digits: then deviations from it and sums of them are often
// exact, and an element that is the mean comes out as 0.
template <class T>
FASTACT_INLINE double first_shift(const T* x, Index n, double unit) {
  const Index few = n < 64 ? n : 64;
  const double first = x[0] * unit;
  VDouble sums[PARTS<VDouble>] = {};
  each_pair(x, x, few,
            [&](int k, VDouble v, VDouble, const VDouble* there)
                __attribute__((always_inline)) { sums[k] += if_there(v * unit - first, there); });
  const double shift = first + fold_sum(sums) / static_cast<double>(few);
  return __builtin_fabs(shift) < 1e38 ? static_cast<float>(shift) : shift;
}

template <class T>
FASTACT_INLINE Moments moments_in(const T* x, Index n, double eps, double unit) {
  const double count = static_cast<double>(n);
  double shift = first_shift(x, n, unit), variance = 0, off = 0, rest = 0;
  for (int pass = 0; pass < 3; ++pass) {
    const DeviationSums sums = deviation_sums(x, n, shift, unit);
    off = sums.sum.high / count;
    const VDouble a = all<VDouble>(off), b = all<VDouble>(count), product = a * b;
    rest =
        (((sums.sum.high - product[0]) - product_error(a, b, product)[0]) + sums.sum.low) / count;
    variance = (sums.squares.high + sums.squares.low) / count - off * off;
    if (!(off * off > 0.125 * variance) || pass == 2) break;
    shift += off;
  }
  const double mean = shift + off, error = difference_error(shift, -off, mean);
  const double scaled_eps = eps * unit * unit;
  return {mean, error + rest, 1 / __builtin_sqrt(variance + scaled_eps), unit,
          is_finite(mean) && is_finite(variance)};
}

template <class T>
FASTACT_INLINE Moments moments_of(const T* x, Index n, double eps) {
  Moments m = moments_in(x, n, eps, 1);
  if (sizeof(T) == 4) return m;
  // Squares that overflow; or underflow, and eps does not stand above them.
  if (!m.finite) return moments_in(x, n, eps, 0x1p-600);
  if (m.scale > 0x1p450 && __builtin_fabs(m.mean) < 0x1p-300) return moments_in(x, n, eps, 0x1p600);
  return m;
}

// (x - mean) * scale
template <class T>
FASTACT_INLINE VDouble standardized(VDouble x, const Moments& m) {
  const VDouble mean = all<VDouble>(m.mean), scaled = x * m.unit, d = scaled - mean;
  VDouble rest = all<VDouble>(-m.mean_low);
  if (sizeof(T) == 8) rest += difference_error(scaled, mean, d);
  return (d + rest) * m.scale;
}

// The means of dy and of dy * y, times `unit`.
struct SlopeMeans {
  double dy, dot, unit;
};

template <class T>
FASTACT_INLINE SlopeMeans slope_means(const T* x, const T* dy, Index n, const Moments& m,
                                      double unit) {
  LongSum<double> sum, dot;
  for (Index begin = 0; begin < n; begin += PLAIN_SUM) {
    const Index count = n - begin < PLAIN_SUM ? n - begin : PLAIN_SUM;
    VDouble sums[PARTS<VDouble>] = {}, dots[PARTS<VDouble>] = {};
    each_pair(x + begin, dy + begin, count,
              [&](int k, VDouble v, VDouble slope, const VDouble* there)
                  __attribute__((always_inline)) {
                    const VDouble scaled = slope * unit;  // 0 past the end
                    sums[k] += scaled;
                    dots[k] = mul_add(scaled, if_there(standardized<T>(v, m), there), dots[k]);
                  });
    sum.add(fold_sum(sums));
    dot.add(fold_sum(dots));
  }
  const double count = static_cast<double>(n);
  return {(sum.high + sum.low) / count, (dot.high + dot.low) / count, unit};
}

template <class T>
FASTACT_INLINE void write_standardized(const T* x, const T* dy, T* y, T* dx, Index n,
                                       const Moments& m, const SlopeMeans& means) {
  typedef typename VectorOf<T>::Type V;
  for (Index i = 0; i < n; i += Traits<V>::LANES) {
    const Index count = n - i < Traits<V>::LANES ? n - i : Traits<V>::LANES;
    Wide<V> values(load_up_to<V>(x + i, count, 0));
    Wide<V> slopes(dx != nullptr ? load_up_to<V>(dy + i, count, 0) : all<V>(0));
    for (int k = 0; k < Wide<V>::COUNT; ++k) {
      values.part[k] = standardized<T>(values.part[k], m);
      const VDouble centred = slopes.part[k] * means.unit - means.dy;
      const VDouble slope = mul_add(-values.part[k], all<VDouble>(means.dot), centred);
      slopes.part[k] = slope * m.scale * m.unit * (1 / means.unit);
    }
    if (y != nullptr) store_up_to<V>(y + i, count, values.join());
    if (dx != nullptr) store_up_to<V>(dx + i, count, slopes.join());
  }
}

// x, dy, y, dx, (no room), eps; rows, n, (room), is y wanted, is dx.
template <class T>
static void standardize(char** args, const Index* dims, const Index*, void*) {
  const Index rows = dims[0], n = dims[1];
  const double eps = *reinterpret_cast<const double*>(args[5]);
  for (Index row = 0; row < rows; ++row) {
    const auto of_row = [=](int a, bool wanted) {
      return wanted ? reinterpret_cast<T*>(args[a]) + row * n : nullptr;
    };
    const T *x = of_row(0, true), *dy = of_row(1, dims[4]);
    T *y = of_row(2, dims[3]), *dx = of_row(3, dims[4]);
    const Moments m = moments_of(x, n, eps);
    if (!m.finite) {
      for (Index i = 0; i < n && y != nullptr; ++i) y[i] = static_cast<T>(__builtin_nan(""));
      for (Index i = 0; i < n && dx != nullptr; ++i) dx[i] = static_cast<T>(__builtin_nan(""));
      continue;
    }
    SlopeMeans means{0, 0, 1};
    if (dx != nullptr) {
      means = slope_means(x, dy, n, m, 1);
      if (!is_finite(means.dy) || !is_finite(means.dot))  // of dy so large that their sums overflow
        means = slope_means(x, dy, n, m, 0x1p-128);
    }
    write_standardized(x, dy, y, dx, n, m, means);
  }
}

}  // namespace
}  // namespace fastact
