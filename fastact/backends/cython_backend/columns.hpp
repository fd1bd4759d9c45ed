// Rows that run down an array, side by side.
#pragma once

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
  typedef WideOf<VFloat>::Type W;
  const W exact = 1 / (__builtin_convertvector(a, W) + __builtin_convertvector(b, W));
  *inverse = __builtin_convertvector(exact, VFloat);
  *low = __builtin_convertvector(exact - __builtin_convertvector(*inverse, W), VFloat);
}

// Softmax of rows that run down an array, `dims[0]` of them side by side, with the bits that the stages
// above give: lane i mod 32 of a row's sum is here a vector, of as many rows as it has lanes.
// x, y, done; steps: from one element of a row to the next. Nothing is written, and *done is 0, unless
// every top is ordinary.
template <class T>
static void softmax_columns(char** args, const Index* dims, const Index* steps, void*) {
  typedef typename VectorOf<T>::Type V;
  typedef ExpConstants<V> C;
  constexpr Index LANES = Traits<V>::LANES, MOST = 16;
  const Index columns = dims[0], n = dims[1], strips = (columns + LANES - 1) / LANES;
  char* const done = args[2];
  *done = 0;
  if (strips > MOST) return;
  const auto count_of = [=](Index strip) __attribute__((always_inline)) {
    const Index left = columns - strip * LANES;
    return left < LANES ? left : LANES;
  };
  const auto read = [=](Index i, Index strip) __attribute__((always_inline)) {
    const T* p = reinterpret_cast<const T*>(args[0] + i * steps[0]) + strip * LANES;
    const Index count = count_of(strip);
    return count == LANES ? load<V>(p) : load_some(p, count, all<V>(0));
  };
  V tops[MOST];
  for (Index strip = 0; strip < strips; ++strip) tops[strip] = all<V>(-INFINITE);
  for (Index i = 0; i < n; ++i)
    for (Index strip = 0; strip < strips; ++strip) tops[strip] = max(read(i, strip), tops[strip]);
  for (Index strip = 0; strip < strips; ++strip)
    for (Index lane = 0; lane < LANES; ++lane)
      if (!(tops[strip][lane] >= T(-C::ORDINARY) && tops[strip][lane] <= T(C::ORDINARY))) return;

  for (Index strip = 0; strip < strips; ++strip) {
    const Index count = count_of(strip);
    const auto y = [=](Index i) __attribute__((always_inline)) {
      return reinterpret_cast<T*>(args[1] + i * steps[1]) + strip * LANES;
    };
    const ExpUnit<V> unit(tops[strip]);
    const V zero = all<V>(0), peak = unit.exp(tops[strip]);
    V sums[SUM_LANES], others[SUM_LANES];
    for (int lane = 0; lane < SUM_LANES; ++lane) sums[lane] = others[lane] = zero;
    for (Index i = 0; i < n; ++i) {
      const V v = read(i, strip), e = unit.exp(v);
      sums[i % SUM_LANES] += e;
      others[i % SUM_LANES] += v == tops[strip] ? zero : e;
      if (count == LANES) store<V>(y(i), e);
      else store_some(y(i), count, e);
    }
    const V rest = rest_of_columns<SUM_LANES>(
        sums, SUM_LANES, n, peak,
        [&](Index i) __attribute__((always_inline)) { return others[i]; });
    V factor, low;
    inverse_of_sum(peak, rest, &factor, &low);
    for (Index i = 0; i < n; ++i) {
      if (count == LANES) {
        const V e = load<V>(y(i));
        store<V>(y(i), mul_add(e, factor, e * low));
      } else {
        const V e = load_some(y(i), count, zero);
        store_some(y(i), count, mul_add(e, factor, e * low));
      }
    }
  }
  *done = 1;
}

}  // namespace
}  // namespace fastact
