// Sums along a row: over SUM_LANES lanes, folded as a fixed tree, so that the bits depend on the
// row alone.
#pragma once

#include "loops.hpp"

namespace fastact {
namespace {

constexpr int SUM_LANES = 32;

template <class V>
constexpr int PARTS = SUM_LANES / Traits<V>::LANES;

// Lane i and lane i + HALF of a vector become one, until one is left.
template <int HALF, class V, class Join>
FASTACT_INLINE V fold_vector(V lanes, Join join) {
  if constexpr (HALF == 0)
    return lanes;
  else
    return fold_vector<HALF / 2>(join(lanes, shifted<HALF>(lanes)), join);
}

// The same of vectors that make up a longer one.
template <class V, class Join>
FASTACT_INLINE Scalar<V> fold(V (&parts)[PARTS<V>], Join join) {
#pragma GCC unroll 8
  for (int half = PARTS<V> / 2; half > 0; half /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) parts[i] = join(parts[i], parts[i + half]);
  return fold_vector<Traits<V>::LANES / 2>(parts[0], join)[0];
}

// The same for a sum.
FASTACT_INLINE double fold_sum(VDouble (&parts)[PARTS<VDouble>]) {
  return fold(parts, [](auto a, auto b) __attribute__((always_inline)) { return a + b; });
}

// What the additions lose is added at the end; nothing is lost of infinity.
FASTACT_INLINE double with_lost(double sum, double lost) {
  return lost - lost == 0 ? sum + lost : sum;
}

// The same with what is lost, by these additions too.
template <int HALF>
FASTACT_INLINE double fold_precisely(VDouble sum, VDouble lost) {
  if constexpr (HALF == 0) {
    return (sum + lost)[0];
  } else {
    const VDouble other = shifted<HALF>(sum), both = sum + other;
    return fold_precisely<HALF / 2>(both,
                                    (lost + shifted<HALF>(lost)) + sum_error(sum, other, both));
  }
}
FASTACT_INLINE double fold_precisely(VDouble (&parts)[PARTS<VDouble>],
                                     VDouble (&lost)[PARTS<VDouble>]) {
#pragma GCC unroll 8
  for (int half = PARTS<VDouble> / 2; half > 0; half /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) {
      const VDouble both = parts[i] + parts[i + half];
      lost[i] = (lost[i] + lost[i + half]) + sum_error(parts[i], parts[i + half], both);
      parts[i] = both;
    }
  return fold_precisely<Traits<VDouble>::LANES / 2>(parts[0], lost[0]);
}

// Equal summands would be rounded the same way again and again: every ROUNDS of them a lane is
// added to one that is wider. Of floats that is a double; of doubles what is lost is kept.
constexpr Index ROUNDS = 4, ELEMENTS_OF_ROUNDS = ROUNDS * SUM_LANES;

// The lanes of a sum while it grows.
template <class V>
struct LaneSums;
template <>
struct LaneSums<VDouble> {
  static constexpr int COUNT = PARTS<VDouble>;
  VDouble part[COUNT], whole[COUNT], lost[COUNT];

  FASTACT_MEMBER void begin() {
    for (VDouble& sum : part) sum = all<VDouble>(0);
    for (VDouble& sum : whole) sum = all<VDouble>(0);
    for (VDouble& sum : lost) sum = all<VDouble>(0);
  }
  FASTACT_MEMBER void pause() {
#pragma GCC unroll 8
    for (int i = 0; i < COUNT; ++i) {
      const VDouble both = whole[i] + part[i];
      lost[i] += sum_error(whole[i], part[i], both);
      whole[i] = both;
      part[i] = all<VDouble>(0);
    }
  }
  FASTACT_MEMBER double total() {
    pause();
    return with_lost(fold_sum(whole), fold_sum(lost));
  }
  FASTACT_MEMBER double precise_total() {
    pause();
    return fold_precisely(whole, lost);
  }
};
template <>
struct LaneSums<VFloat> {
  VFloat part[PARTS<VFloat>];
  VDouble wide[PARTS<VDouble>];

  FASTACT_MEMBER void begin() {
    for (VFloat& sum : part) sum = all<VFloat>(0);
    for (VDouble& sum : wide) sum = all<VDouble>(0);
  }
  FASTACT_MEMBER void pause() {
#pragma GCC unroll 8
    for (int i = 0; i < PARTS<VFloat>; ++i) {
      wide[2 * i] += widen_low(part[i]);
      wide[2 * i + 1] += widen_high(part[i]);
      part[i] = all<VFloat>(0);
    }
  }
  FASTACT_MEMBER double total() {
    pause();
    return fold_sum(wide);
  }
  FASTACT_MEMBER double precise_total() { return total(); }
};

}  // namespace
}  // namespace fastact
