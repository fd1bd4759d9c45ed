// What the softmax family makes of a row's e or x, its largest x, and the sum of its e being known.
#pragma once

#include "logsum.hpp"
#include "narrow.hpp"

namespace fastact {
namespace {

// 1 / (a + b), and what that leaves out.
FASTACT_INLINE void inverse_of_sum(VDouble a, VDouble b, VDouble* inverse, VDouble* low) {
  const VDouble sum = a + b, missing = a > b ? b - (sum - a) : a - (sum - b);
  *inverse = all<VDouble>(1) / sum;
  const VDouble left = exact_mul_add(-*inverse, sum, all<VDouble>(1));
  *low = (left - *inverse * missing) / sum;
}
FASTACT_INLINE void inverse_of_sum(VFloat a, VFloat b, VFloat* inverse, VFloat* low) {
  Wide<VFloat> exact(a);
  const Wide<VFloat> second(b);
  for (int i = 0; i < 2; ++i) exact.part[i] = 1 / (exact.part[i] + second.part[i]);
  *inverse = exact.join();
  const Wide<VFloat> rounded(*inverse);
  for (int i = 0; i < 2; ++i) exact.part[i] -= rounded.part[i];
  *low = exact.join();
}

// Softmax out of e. Of several infinite elements each is as undefined as inf/inf.
template <class V>
struct SoftmaxOf {
  static constexpr bool OF_E = true, OF_ROW = false, PRECISE = false;
  V first, second;  // the factor, and what its rounding left out

  FASTACT_MEMBER SoftmaxOf(V, V rest, V peak) { inverse_of_sum(peak, rest, &first, &second); }

  FASTACT_MEMBER static V at(V e, V factor, V low) { return mul_add(e, factor, e * low); }

  FASTACT_MEMBER static Scalar<V> at_infinity(Scalar<V> e, Scalar<V> top, Scalar<V> rest) {
    if (top < 0 || rest != rest) return __builtin_nanf("");
    return rest == 0 || e == 0 ? e : Scalar<V>(__builtin_nanf(""));
  }
};

// x - (high + low), the logarithm of the row's sum; the difference of two near ones is exact. (-0.0
// where there is no difference.)
template <class V>
FASTACT_INLINE V log_softmax_at(V x, V high, V low) {
  return -((high - x) + low);
}

// log_softmax out of x.
template <class V>
struct LogSoftmaxOf {
  static constexpr bool OF_E = false, OF_ROW = false, PRECISE = true;
  V first, second;  // top + log_sum, and what its rounding left out

  FASTACT_MEMBER LogSoftmaxOf(V top, V rest, V peak) {
    const V log_sum = precise_log_of_rest(top, rest, peak).join();
    first = top + log_sum;
    second = sum_error(top, log_sum, first);
  }

  FASTACT_MEMBER static V at(V x, V high, V low) { return log_softmax_at(x, high, low); }

  FASTACT_MEMBER static Scalar<V> at_infinity(Scalar<V> x, Scalar<V> top, Scalar<V> rest) {
    if (top > 0 && rest == rest && x != top) return -__builtin_inff();
    return top > 0 && rest == 0 ? Scalar<V>(0) : Scalar<V>(__builtin_nanf(""));
  }
};

// logsumexp, one number for a row: top + log(1 + rest/peak); top where that is infinite, NaN where
// rest is.
template <class V>
struct LogSumExpOf {
  static constexpr bool OF_E = false, OF_ROW = true, PRECISE = false;
  V first;

  FASTACT_MEMBER LogSumExpOf(V top, V rest, V peak) {
    Wide<V> sum = log_of_rest(rest, peak);
    const Wide<V> tops(top);
    for (int i = 0; i < Wide<V>::COUNT; ++i) sum.part[i] += tops.part[i];
    const V log = sum.join(), finite = top - top;
    first = rest == rest && finite != finite ? top : log;
  }
};

}  // namespace
}  // namespace fastact
