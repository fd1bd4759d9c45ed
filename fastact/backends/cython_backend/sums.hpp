// What is made of a row vector by vector: its largest element, its exponentials and their sum. A
// tail is padded with what adds nothing.
#pragma once

#include "lanesums.hpp"

namespace fastact {
namespace {

template <class V>
FASTACT_INLINE Scalar<V> fold_max(V (&parts)[PARTS<V>]) {
  return fold(parts, [](auto a, auto b) __attribute__((always_inline)) { return a > b ? a : b; });
}

template <class V>
FASTACT_INLINE Scalar<V> largest_lane(V v) {
  const auto most = [](V a, V b) __attribute__((always_inline)) { return max(a, b); };
  return fold_vector<Traits<V>::LANES / 2>(v, most)[0];
}

// `count` elements, and `filler` behind them.
template <class V>
FASTACT_INLINE V load_up_to(const Scalar<V>* p, Index count, double filler) {
  return count == Traits<V>::LANES ? load<V>(p) : load_some(p, count, all<V>(filler));
}

template <class V>
FASTACT_INLINE void store_up_to(Scalar<V>* p, Index count, V v) {
  if (count == Traits<V>::LANES) {
    fetch_for_stores(p);
    store<V>(p, v);
  } else {
    store_some(p, count, v);
  }
}

// step(part, offset, count): one vector; count < LANES only for the last. Unrolled, so that the
// parts stay in registers (where there are enough of them). pause() comes after every ROUNDS.
template <class V, class Step, class Pause>
FASTACT_INLINE void each_vector(Index n, Step step, Pause pause) {
  constexpr Index LANES = Traits<V>::LANES;
  Index i = 0;
  for (; i + SUM_LANES <= n;) {
#pragma GCC unroll 8
    for (int part = 0; part < PARTS<V>; ++part) step(part, i + part * LANES, LANES);
    i += SUM_LANES;
    if (i % ELEMENTS_OF_ROUNDS == 0) pause();
  }
#pragma GCC unroll 8
  for (int part = 0; part < PARTS<V>; ++part) {
    const Index at = i + part * LANES;
    if (at < n) step(part, at, n - at < LANES ? n - at : LANES);
  }
}

template <class V, class Step>
FASTACT_INLINE void each_vector(Index n, Step step) {
  each_vector<V>(n, step, []() __attribute__((always_inline)) {});
}

constexpr double INFINITE = __builtin_inf();

// What a row's e sum up to without its one peak.
template <class V>
static double sum_of_others(const Scalar<V>* e, Index n, Scalar<V> peak, bool precisely) {
  constexpr Index LANES = Traits<V>::LANES;
  const V zero = all<V>(0), largest = all<V>(peak);
  LaneSums<V> others;
  others.begin();
  each_vector<V>(
      n,
      [&](int part, Index i, Index count) __attribute__((always_inline)) {
        const V v = count == LANES ? load<V>(e + i) : load_some(e + i, count, zero);
        others.part[part] += v == largest ? zero : v;
      },
      [&]() __attribute__((always_inline)) { others.pause(); });
  return precisely ? others.precise_total() : others.total();
}

// What is left of the sum of a row's e when one peak is taken away is the difference of the two
// where that is so many peaks or more; below it would lose digits that log(1 + rest/peak) keeps. A
// float's few e are summed as doubles, and these have digits to spare. Precisely means: until that
// logarithm is above 1, its last place twice as large, and that the last additions, of the largest
// numbers, do not round.
template <class V>
FASTACT_INLINE double least_rest(Index n, bool precisely) {
  if (sizeof(Scalar<V>) == 4) return n <= SUM_LANES ? 0x1p-20 : 1;
  return precisely ? 1.75 : 1;
}

template <class V>
FASTACT_INLINE Scalar<V> rest_of(double sum, const Scalar<V>* e, Index n, Scalar<V> peak,
                                 bool precisely) {
  const double rest = sum - peak;
  if (rest >= least_rest<V>(n, precisely) * peak) return static_cast<Scalar<V>>(rest);
  // From 1 peak on one of the others may be as large, and is left out with it.
  const double others = sum_of_others<V>(e, n, peak, precisely);
  return static_cast<Scalar<V>>(rest - others > 0.5 * peak ? others + peak : others);
}

// What is done beside making a row's e, whose largest is `peak`: nothing.
struct Alone {
  template <class T>
  FASTACT_MEMBER void begin(T) const {}
  template <class V>
  FASTACT_MEMBER void operator()(int, Index, Index, V) const {}
  FASTACT_MEMBER void pause() const {}
  template <class T>
  FASTACT_MEMBER void end(Index, const T*, Index) const {}
};

// A row's e and their sum, by `exp(v, count)`, which gives them in the row's unit.
// beside(part, offset, count, e) is called for each vector of them.
template <class V, class Exp, class Beside>
FASTACT_INLINE double sum_row(const Scalar<V>* x, Scalar<V>* e, Index n, Exp exp, Beside& beside) {
  constexpr Index LANES = Traits<V>::LANES;
  LaneSums<V> sums;
  sums.begin();
  each_vector<V>(
      n,
      [&](int part, Index i, Index count) __attribute__((always_inline)) {
        const V v = count == LANES ? load<V>(x + i) : load_some(x + i, count, all<V>(-INFINITE));
        __builtin_prefetch(x + n + i);  // of the next row, whose maximum waits for memory alone
        const V result = exp(v, count);
        sums.part[part] += result;
        beside(part, i, count, result);
        if (count == LANES)
          store<V>(e + i, result);
        else
          store_some(e + i, count, result);
      },
      [&]() __attribute__((always_inline)) {
        sums.pause();
        beside.pause();
      });
  return sums.total();
}

// The largest and the smallest of a row's x, as far as they are numbers.
template <class V>
FASTACT_INLINE void reach_of(const Scalar<V>* x, Index n, Scalar<V>* top, Scalar<V>* least) {
  V tops[PARTS<V>], leasts[2] = {all<V>(INFINITE), all<V>(INFINITE)};
  for (V& part : tops) part = all<V>(-INFINITE);
  each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
    tops[part] = max(load_up_to<V>(x + i, count, -INFINITE), tops[part]);
    leasts[part % 2] = min(load_up_to<V>(x + i, count, INFINITE), leasts[part % 2]);
  });
  *top = fold_max<V>(tops);
  *least = -largest_lane(max(-leasts[0], -leasts[1]));
}

// x -> e, top, rest, peak, base, exponent of a row: e = exp((x - base) * scale) / 2**exponent, peak
// = e at the top.
//
// An ordinary top is not subtracted, which would round: the unit, unit_of(top), is the power of two
// next to exp(top * scale), and goes into the exponent of e for nothing. Else e is exp_below(x,
// top).
template <class T, class UnitOf, class ExpBelow, class Beside>
FASTACT_INLINE void exp_sum_of_row(T** arrays, Index row, Index n, T scale, UnitOf unit_of,
                                   ExpBelow exp_below, Beside beside, bool precisely) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  const T* x = arrays[0] + row * n;
  T* e = arrays[1] + row * n;
  T top, least;
  reach_of<V>(x, n, &top, &least);
  const T scaled_top = top * scale;
  T peak = 1, base = top, exponent = 0;
  double sum;
  if (scaled_top >= T(-ExpConstants<V>::ORDINARY) && scaled_top <= T(ExpConstants<V>::ORDINARY)) {
    const auto unit = unit_of(all<V>(top));
    peak = unit.exp(all<V>(top))[0];
    base = 0;
    exponent = unit.exponent()[0];
    beside.begin(peak);
    const auto any_exp = [&](V v, Index) __attribute__((always_inline)) { return unit.exp(v); };
    const auto normal_exp = [&](V v, Index count) __attribute__((always_inline)) {
      return count == LANES ? unit.normal_exp(v) : unit.exp(v);
    };
    sum = unit.normal_from(least, top) ? sum_row<V>(x, e, n, normal_exp, beside)
                                       : sum_row<V>(x, e, n, any_exp, beside);
  } else {
    // -inf alone: exp(-inf - 0) is the 0 that such a block adds to its row.
    const V high = all<V>(top == T(-INFINITE) ? 0 : top);
    beside.begin(peak);
    const auto exp = [&](V v, Index) __attribute__((always_inline)) {
      const V result = exp_below(v, high);
      return v == high ? all<V>(1) : result;
    };
    sum = sum_row<V>(x, e, n, exp, beside);
  }
  T rest = rest_of<V>(sum, e, n, peak, precisely);
  if (top == T(-INFINITE)) rest = rest == rest ? T(-1) : rest;
  arrays[2][row] = top;
  arrays[3][row] = rest;
  arrays[4][row] = peak;
  arrays[5][row] = base;
  arrays[6][row] = exponent;
  beside.end(row, e, n);
}

// Runs step(row, vectors of the arrays that have a value per element) -> vector of the output, the
// last of `args`; the first ELEMENTS of args have a value per element.
template <class T, int ELEMENTS, class Step>
FASTACT_INLINE void map_rows(char** args, int output, const Index* dims, Step step) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  for (Index row = 0; row < rows; ++row) {
    const auto of_row = step(row);
    T* out = arrays[output] + row * n;
    each_vector<V>(n, [&](int, Index i, Index count) __attribute__((always_inline)) {
      V in[ELEMENTS];
      for (int a = 0; a < ELEMENTS; ++a) {
        const T* p = arrays[a] + row * n + i;
        in[a] = count == LANES ? load<V>(p) : load_some(p, count, all<V>(0));
      }
      const V result = of_row(in);
      store_up_to(out + i, count, result);
    });
  }
}

}  // namespace
}  // namespace fastact
