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

// Rows that run down an array, `dims[0]` of them side by side in strips as wide as a vector.
template <class T>
class ColumnStrips {
  typedef typename VectorOf<T>::Type V;
  static constexpr Index LANES = Traits<V>::LANES, AHEAD = 16;

 public:
  static constexpr Index MOST = 16;
  const Index n, strips;

  // args: x, y; steps: from one element of a row to the next.
  ColumnStrips(char* const* args, const Index* dims, const Index* steps)
      : n(dims[1]),
        strips((dims[0] + LANES - 1) / LANES),
        x_(args[0]),
        y_(args[1]),
        x_step_(steps[0]),
        y_step_(steps[1]),
        last_(dims[0] - (strips - 1) * LANES) {}

  FASTACT_MEMBER V x(Index i, Index strip) const {
    // The processor does not see far steps coming.
    __builtin_prefetch(x_ + (i + AHEAD) * x_step_ + strip * LANES * sizeof(T));
    return read(x_ + i * x_step_, strip);
  }
  FASTACT_MEMBER V y(Index i, Index strip) const { return read(y_ + i * y_step_, strip); }
  FASTACT_MEMBER void write(Index i, Index strip, V v) const {
    T* p = reinterpret_cast<T*>(y_ + i * y_step_) + strip * LANES;
    if (is_whole(strip))
      store<V>(p, v);
    else
      store_some(p, last_, v);
  }
  bool in_place() const { return x_ == y_; }

  // y: e -> softmax, where e adds up to peak + rest in each lane.
  void divide(const V* peaks, const V* rests) const {
    V factors[MOST], lows[MOST];
    for (Index strip = 0; strip < strips; ++strip)
      inverse_of_sum(peaks[strip], rests[strip], factors + strip, lows + strip);
    for (Index i = 0; i < n; ++i)
      for (Index strip = 0; strip < strips; ++strip) {
        const V e = y(i, strip);
        write(i, strip, mul_add(e, factors[strip], e * lows[strip]));
      }
  }

  // What the elements of a strip's y come to without those that are `peak`.
  FASTACT_MEMBER V others(Index strip, Index lane, V peak) const {
    V sum = all<V>(0);
    for (Index i = lane; i < n; i += SUM_LANES) {
      const V e = y(i, strip);
      sum += e == peak ? all<V>(0) : e;
    }
    return sum;
  }

 private:
  char *x_, *y_;
  Index x_step_, y_step_, last_;

  FASTACT_MEMBER bool is_whole(Index strip) const { return strip < strips - 1 || last_ == LANES; }
  FASTACT_MEMBER V read(const char* row, Index strip) const {
    const T* p = reinterpret_cast<const T*>(row) + strip * LANES;
    return is_whole(strip) ? load<V>(p) : load_some(p, last_, all<V>(0));
  }
};

// Softmax of rows that run down an array, with the bits that the stages above give: lane i mod 32
// of a row's sum is here a vector, of as many rows as it has lanes. e = exp_of(x, strip), and its
// sums; then `peak_of(strip)`, the largest e.
template <class T, class Exp, class Peak>
FASTACT_INLINE void softmax_of_strips(const ColumnStrips<T>& s, Exp exp_of, Peak peak_of) {
  typedef typename VectorOf<T>::Type V;
  typedef ColumnStrips<T> Strips;
  V sums[SUM_LANES * Strips::MOST], lanes[SUM_LANES], peaks[Strips::MOST], rests[Strips::MOST];
  for (Index k = 0; k < SUM_LANES * s.strips; ++k) sums[k] = all<V>(0);
  for (Index i = 0; i < s.n; ++i) {
    V* const sum = sums + i % SUM_LANES * s.strips;
    for (Index strip = 0; strip < s.strips; ++strip) {
      const V e = exp_of(s.x(i, strip), strip);
      sum[strip] += e;
      s.write(i, strip, e);
    }
  }
  if (!peak_of(peaks)) return;
  for (Index strip = 0; strip < s.strips; ++strip) {
    for (Index k = 0; k < SUM_LANES; ++k) lanes[k] = sums[k * s.strips + strip];
    const V peak = peaks[strip];
    rests[strip] = rest_of_columns<SUM_LANES>(
        lanes, SUM_LANES, s.n, peak,
        [&](Index lane) __attribute__((always_inline)) { return s.others(strip, lane, peak); });
  }
  s.divide(peaks, rests);
}

// args: x, y, done; steps: from one element of a row to the next. *done is 0, and y of no use,
// unless every top is ordinary.
template <class T>
static void softmax_columns(char** args, const Index* dims, const Index* steps, void*) {
  typedef typename VectorOf<T>::Type V;
  typedef ColumnStrips<T> Strips;
  typedef ExpConstants<V> C;
  const Strips s(args, dims, steps);
  char* const done = args[2];
  *done = 0;
  if (s.strips > Strips::MOST) return;
  V tops[Strips::MOST];
  for (Index strip = 0; strip < s.strips; ++strip) tops[strip] = all<V>(-INFINITE);

  if (!s.in_place()) {  // x is read once, unless it reaches too far
    V least = all<V>(0);
    softmax_of_strips(
        s,
        [&](V x, Index strip) __attribute__((always_inline)) {
          tops[strip] = max(x, tops[strip]);
          least = min(x, least);
          return twice_exp(x);
        },
        [&](V* peaks) __attribute__((always_inline)) {
          V furthest = -least;
          for (Index strip = 0; strip < s.strips; ++strip) furthest = max(tops[strip], furthest);
          *done = !any_above(furthest, all<V>(NEAR<V>));
          for (Index strip = 0; strip < s.strips; ++strip) peaks[strip] = twice_exp(tops[strip]);
          return *done != 0;
        });
    if (*done) return;
  }

  for (Index i = 0; i < s.n; ++i)
    for (Index strip = 0; strip < s.strips; ++strip) tops[strip] = max(s.x(i, strip), tops[strip]);
  ExpUnit<V> units[Strips::MOST] = {};
  for (Index strip = 0; strip < s.strips; ++strip) {
    for (Index lane = 0; lane < Traits<V>::LANES; ++lane)
      if (!(__builtin_fabs(tops[strip][lane]) <= C::ORDINARY)) return;
    units[strip] = ExpUnit<V>(tops[strip]);
  }
  softmax_of_strips(
      s, [&](V x, Index strip) __attribute__((always_inline)) { return units[strip].exp(x); },
      [&](V* peaks) __attribute__((always_inline)) {
        for (Index strip = 0; strip < s.strips; ++strip)
          peaks[strip] = units[strip].exp(tops[strip]);
        return true;
      });
  *done = 1;
}

}  // namespace
}  // namespace fastact
