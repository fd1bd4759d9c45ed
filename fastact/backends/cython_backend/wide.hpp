// Rows seen as doubles, whatever their type, and sums that keep what their additions round away.
#pragma once

#include "sums.hpp"

namespace fastact {
namespace {

// A vector as vectors of doubles.
template <class V>
struct Wide;
template <>
struct Wide<VFloat> {
  static constexpr int COUNT = 2;
  VDouble part[2];
  FASTACT_MEMBER Wide() {}
  explicit FASTACT_MEMBER Wide(VFloat v) : part{widen_low(v), widen_high(v)} {}
  FASTACT_MEMBER VFloat join() const { return narrow(part[0], part[1]); }
};
template <>
struct Wide<VDouble> {
  static constexpr int COUNT = 1;
  VDouble part[1];
  FASTACT_MEMBER Wide() {}
  explicit FASTACT_MEMBER Wide(VDouble v) : part{v} {}
  FASTACT_MEMBER VDouble join() const { return part[0]; }
};

// As many elements as a vector of doubles has lanes. (Of a vector in memory no half is moved
// about.)
FASTACT_INLINE VDouble widened(const double* p) { return load<VDouble>(p); }
FASTACT_INLINE VDouble widened(const float* p) {
#if defined(__AVX512F__)
  return (VDouble)_mm512_cvtps_pd(_mm256_loadu_ps(p));
#elif defined(__AVX2__)
  return (VDouble)_mm256_cvtps_pd(_mm_loadu_ps(p));
#else
  return VDouble{p[0], p[1]};
#endif
}

// sum - peak, of each lane's row. False: in one of them that is less than `least` peaks.
template <class V>
FASTACT_INLINE bool take_peaks(Wide<V>& sum, const Wide<V>& peaks, double least) {
  bool digits = true;
  for (int i = 0; i < Wide<V>::COUNT; ++i) {
    sum.part[i] -= peaks.part[i];
    digits &= !any_lane(~(sum.part[i] >= least * peaks.part[i]));
  }
  return digits;
}

// Where doubles start that belong to vector `part` of each_vector: there are PARTS<VDouble> in all.
template <class V>
constexpr int wide_part(int part) {
  return part * Wide<V>::COUNT;
}

// The lanes above the limit, moved to `out` without gaps (which has room for a vector): their
// number.
#if defined(__AVX512F__)
FASTACT_INLINE Index pack_above(double* out, VDouble v, VDouble limit) {
  const __mmask8 mask = _mm512_cmp_pd_mask((__m512d)v, (__m512d)limit, _CMP_GT_OQ);
  _mm512_storeu_pd(out, _mm512_maskz_compress_pd(mask, (__m512d)v));
  return __builtin_popcount(mask);
}
#else
FASTACT_INLINE Index pack_above(double* out, VDouble v, VDouble limit) {
  Index count = 0;
  for (int i = 0; i < Traits<VDouble>::LANES; ++i) {
    out[count] = v[i];
    count += v[i] > limit[i];
  }
  return count;
}
#endif

// What a - b, whose rounded value is `difference`, has lost (Knuth's TwoSum).
template <class D>
FASTACT_INLINE D difference_error(D a, D b, D difference) {
  const D back = difference - a;
  return (a - (difference - back)) - (b + back);
}

// A sum and what its additions have lost.
template <class D>
struct LongSum {
  D high = D{}, low = D{};
  FASTACT_MEMBER void add(D v) {
    const D sum = high + v, back = sum - high;
    low += (high - (sum - back)) + (v - back);
    high = sum;
  }
};

template <int N>
FASTACT_INLINE LongSum<double> fold_long(const LongSum<VDouble> (&parts)[N]) {
  LongSum<double> total;
  for (const LongSum<VDouble>& part : parts)
    for (int i = 0; i < Traits<VDouble>::LANES; ++i) {
      total.add(part.high[i]);
      total.low += part.low[i];
    }
  return total;
}

FASTACT_INLINE bool is_finite(double v) { return __builtin_fabs(v) <= __DBL_MAX__; }

}  // namespace
}  // namespace fastact
