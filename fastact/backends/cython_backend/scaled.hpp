// Rows of x * scale, scale being 1 / temperature in two parts, and where a row's largest element
// is.
#pragma once

#include "sums.hpp"

namespace fastact {
namespace {

// exp(x * scale) / 2**N for x up to `top`, as ExpUnit is for a scale of 1. The product is not
// rounded: what n ln(2) leaves of it is taken in one step.
template <class V>
class ScaledUnit {
  typedef ExpConstants<V> C;
  typedef Traits<V> T;

 public:
  FASTACT_MEMBER ScaledUnit(V top, V scale, V low) : top_(top), scale_(scale), low_(low) {
    const V rounded = round_exponent(top * scale);
    exponent_ = rounded - all<V>(C::ROUND);
    shift_ = (all_ints<V>(T::BIAS + T::SCALE) << T::MANTISSA) - (bits(rounded) << T::MANTISSA);
    lowest_ = mul_add(exponent_, all<V>(0.6931471805599453), all<V>(-C::LIMIT));
  }

  FASTACT_MEMBER V exponent() const { return exponent_; }

  FASTACT_MEMBER V exp(V x) const {
    const auto lost = x * scale_ < lowest_;
    const V bounded = lost ? top_ : x, rounded = round_exponent(bounded * scale_);
    const V n = rounded - all<V>(C::ROUND);
    V r = exact_mul_add(bounded, scale_, n * all<V>(-C::LN2_HIGH));
    r = mul_add(n, all<V>(-C::LN2_LOW), mul_add(bounded, low_, r));
    const V r2 = r * r, f = mul_add(r2, polynomial<V>(r, r2, C::EXP_TAIL), r);
    const V power = from_bits<V>((bits(rounded) << T::MANTISSA) + shift_);
    const V result = mul_add(f, power, power) * all<V>(T::UNSCALE);
    return lost ? all<V>(0) : result;
  }

  FASTACT_MEMBER static constexpr bool normal_from(Scalar<V>, Scalar<V>) { return false; }
  FASTACT_MEMBER V normal_exp(V x) const { return exp(x); }

 private:
  V exponent_, top_, scale_, low_, lowest_;
  Ints<V> shift_;
};

// (x - top) * scale rounded, and what is missing.
template <class V>
FASTACT_INLINE V scaled_difference(V x, V top, V scale, V scale_low, V* low) {
  const V d = x - top, back = d - x, error = (x - (d - back)) - (top + back);
  const V product = d * scale;
  const V missing = product_error(d, scale, product) + mul_add(d, scale_low, error * scale);
  *low = product >= all<V>(-1000) ? missing : all<V>(0);
  return product;
}

// x, scale -> e, top, rest, peak, base, exponent
template <class T>
static void exp_sum_scaled(char** args, const Index* dims, const Index*, void* precisely) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  const V scale = all<V>(arrays[7][0]), low = all<V>(arrays[7][1]);
  const auto unit_of = [=](V top) __attribute__((always_inline)) {
    return ScaledUnit<V>(top, scale, low);
  };
  const auto exp_below = [=](V v, V top) __attribute__((always_inline)) {
    V missing;
    const V product = scaled_difference(v, top, scale, low, &missing);
    return exp_negative(product, missing);
  };
  for (Index row = 0; row < dims[0]; ++row)
    exp_sum_of_row<T>(arrays, row, dims[1], arrays[7][0], unit_of, exp_below, Alone(),
                      precisely != nullptr);
}

// x, top, log_sum, scale -> (x - top) * scale - log_sum
template <class T>
static void log_softmax_scaled(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  const V scale = all<V>(arrays[3][0]), scale_low = all<V>(arrays[3][1]);
  map_rows<T, 1>(args, 4, dims, [=](Index row) __attribute__((always_inline)) {
    const V top = all<V>(arrays[1][row]), log_sum = all<V>(arrays[2][row]);
    return [=](const V* in) __attribute__((always_inline)) {
      V low;
      const V product = scaled_difference(in[0], top, scale, scale_low, &low);
      return in[0] == top ? -log_sum : (product - log_sum) + low;  // -0.0 where log_sum is lost
    };
  });
}

// x -> top, the index of the first element that is the largest, -1 in a row of nothing; NaN is the
// top of a row with a NaN.
template <class T>
static void first_top(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES,
                  ROUND = 4 * LANES;  // so many do not wait for each other
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  const V least = all<V>(-INFINITE);
  for (Index row = 0; row < rows; ++row) {
    const T* x = arrays[0] + row * n;
    V tops[4] = {least, least, least, least};
    Mask<V> nans{};
    Index i = 0;
    for (; i + ROUND <= n; i += ROUND) {
      V v[4];
      for (int k = 0; k < 4; ++k) {
        v[k] = load<V>(x + i + k * LANES);
        tops[k] = max(v[k], tops[k]);
      }
      nans = nans | any_nan(v[0], v[1]) | any_nan(v[2], v[3]);
    }
    for (; i < n; i += LANES) {
      const V v = load_up_to<V>(x + i, n - i < LANES ? n - i : LANES, -INFINITE);
      tops[0] = max(v, tops[0]);
      nans = nans | any_nan(v, v);
    }
    const T top = largest_lane(max(max(tops[0], tops[1]), max(tops[2], tops[3])));
    const V largest = all<V>(top);
    uint64_t found = 0;  // a bit for each lane
    for (i = 0; i + ROUND <= n; i += ROUND) {
      for (int k = 0; k < 4; ++k)
        found |= uint64_t(lane_bits(same(load<V>(x + i + k * LANES), largest))) << (k * LANES);
      if (found != 0) break;
    }
    while (found == 0 && i < n) {
      const Index count = n - i < LANES ? n - i : LANES;
      found = lane_bits(same(load_up_to<V>(x + i, count, __builtin_nan("")), largest));
      if (found == 0) i += LANES;
    }
    arrays[1][row] = any(nans) ? T(__builtin_nan("")) : top;
    arrays[2][row] = found != 0 ? T(i + __builtin_ctzll(found)) : T(-1);
  }
}

}  // namespace
}  // namespace fastact
