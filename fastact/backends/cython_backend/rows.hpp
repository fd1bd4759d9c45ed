// The stages of the softmax family on rows of at most a block; the engine schedules them.
//
// Sums run over SUM_LANES lanes, folded as a fixed tree: the bits of a row's sum depend on the row
// alone. A tail is padded with what adds nothing.
#pragma once

#include "loops.hpp"

namespace fastact {
namespace {

constexpr int SUM_LANES = 32;

template <class V>
constexpr int PARTS = SUM_LANES / Traits<V>::LANES;

// Lane i and lane i + half become one, until one is left.
template <class V, class Join>
FASTACT_INLINE Scalar<V> fold(V (&parts)[PARTS<V>], Join join) {
#pragma GCC unroll 8
  for (int half = PARTS<V> / 2; half > 0; half /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) parts[i] = join(parts[i], parts[i + half]);
  V lanes = parts[0];
#pragma GCC unroll 4
  for (int half = Traits<V>::LANES / 2; half > 0; half /= 2) lanes = join(lanes, shifted(lanes, half));
  return lanes[0];
}

// The same for a sum, in double: the last few additions, of the largest numbers, would round most.
FASTACT_INLINE double fold_lanes(double (&lanes)[SUM_LANES]) {
#pragma GCC unroll 8
  for (int half = SUM_LANES / 2; half > 0; half /= 2)
#pragma GCC unroll 16
    for (int i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  return lanes[0];
}

// The same additions in the same order, on vectors.
FASTACT_INLINE double fold_sum(VDouble (&parts)[PARTS<VDouble>]) {
  return fold(parts, [](auto a, auto b) __attribute__((always_inline)) { return a + b; });
}

FASTACT_INLINE double fold_sum(VFloat (&parts)[PARTS<VFloat>]) {
  typedef double Wide __attribute__((vector_size(2 * FASTACT_VECTOR_BYTES)));
  Wide wide[PARTS<VFloat>];
  for (int part = 0; part < PARTS<VFloat>; ++part)
    wide[part] = __builtin_convertvector(parts[part], Wide);
#pragma GCC unroll 8
  for (int half = PARTS<VFloat> / 2; half > 0; half /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) wide[i] += wide[i + half];
  VDouble halves[2];
  memcpy(halves, wide, sizeof(halves));
  VDouble lanes = halves[0] + halves[1];
#pragma GCC unroll 4
  for (int half = Traits<VDouble>::LANES / 2; half > 0; half /= 2) lanes += shifted(lanes, half);
  return lanes[0];
}

// The sum of a row without one peak. Ties of the peak are whole peaks, so that the sum of all and
// that of the others need not agree to the last bit.
FASTACT_INLINE double without_peak(double all_of_them, double others, double peak) {
  return others + (__builtin_rint((all_of_them - others) / peak) - 1) * peak;
}

template <class V>
FASTACT_INLINE Scalar<V> fold_max(V (&parts)[PARTS<V>]) {
  return fold(parts, [](auto a, auto b) __attribute__((always_inline)) { return a > b ? a : b; });
}

// step(part, offset, count): one vector; count < LANES only for the last. Unrolled, so that the parts
// stay in registers (where there are enough of them).
template <class V, class Step>
FASTACT_INLINE void each_vector(Index n, Step step) {
  constexpr Index LANES = Traits<V>::LANES;
  Index i = 0;
  for (; i + SUM_LANES <= n; i += SUM_LANES)
#pragma GCC unroll 8
    for (int part = 0; part < PARTS<V>; ++part) step(part, i + part * LANES, LANES);
#pragma GCC unroll 8
  for (int part = 0; part < PARTS<V>; ++part) {
    const Index at = i + part * LANES;
    if (at < n) step(part, at, n - at < LANES ? n - at : LANES);
  }
}

constexpr double INFINITE = __builtin_inf();

// A row's e and sums, by `exp(v)`, which gives them in the row's unit.
template <class V, class Exp>
FASTACT_INLINE void sum_row(const Scalar<V>* x, Scalar<V>* e, Index n, Scalar<V> top,
                            Scalar<V> peak, Scalar<V>* rest, Exp exp) {
  constexpr Index LANES = Traits<V>::LANES;
  const V zero = all<V>(0), largest = all<V>(top);
  V sums[PARTS<V>], others[PARTS<V>];
  for (int part = 0; part < PARTS<V>; ++part) sums[part] = others[part] = zero;
  each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
    const V v = count == LANES ? load<V>(x + i) : load_some(x + i, count, all<V>(-INFINITE));
    const V result = exp(v);
    sums[part] += result;
    others[part] += v == largest ? zero : result;
    if (count == LANES) store<V>(e + i, result);
    else store_some(e + i, count, result);
  });
  // The largest element itself is left out: log(1 + rest/peak) keeps its digits.
  *rest = static_cast<Scalar<V>>(without_peak(fold_sum(sums), fold_sum(others), peak));
}

// x -> e, top, rest, peak, base, exponent: e = exp(x - base) / 2**exponent, peak = e at the top.
//
// An ordinary top is not subtracted, which would round: the unit is the power of two next to
// exp(top), and goes into the exponent of e for nothing.
template <class T>
static void exp_sum(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  for (Index row = 0; row < rows; ++row) {
    const T* x = arrays[0] + row * n;
    T* e = arrays[1] + row * n;
    V tops[PARTS<V>];
    for (V& part : tops) part = all<V>(-INFINITE);
    each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
      const V v = count == LANES ? load<V>(x + i) : load_some(x + i, count, all<V>(-INFINITE));
      tops[part] = max(v, tops[part]);
    });
    const T top = fold_max<V>(tops);
    T rest, peak = 1, base = top, exponent = 0;
    if (top >= T(-ExpConstants<V>::ORDINARY) && top <= T(ExpConstants<V>::ORDINARY)) {
      const ExpUnit<V> unit(all<V>(top));
      peak = unit.exp(all<V>(top))[0];
      base = 0;
      exponent = unit.exponent()[0];
      sum_row<V>(x, e, n, top, peak, &rest,
                 [&](V v) __attribute__((always_inline)) { return unit.exp(v); });
    } else {
      // -inf alone: exp(-inf - 0) is the 0 that such a block adds to its row.
      const V high = all<V>(top == T(-INFINITE) ? 0 : top);
      sum_row<V>(x, e, n, top, peak, &rest, [&](V v) __attribute__((always_inline)) {
        // TwoSum: what the subtraction rounded away.
        const V d = v - high, back = d - v, low = (v - (d - back)) - (high + back);
        const V zero = all<V>(0);
        const V result = exp_negative(d, d >= all<V>(-1000) ? low : zero);
        return v == high ? all<V>(1) : result;
      });
      if (top == T(-INFINITE)) rest = rest == rest ? T(-1) : rest;
    }
    arrays[2][row] = top;
    arrays[3][row] = rest;
    arrays[4][row] = peak;
    arrays[5][row] = base;
    arrays[6][row] = exponent;
  }
}

// The largest dy where e is the peak: what the gradient's sums are taken relative to.
template <class V>
FASTACT_INLINE Scalar<V> reference_of(const Scalar<V>* e, const Scalar<V>* dy, Scalar<V> peak,
                                      Index n) {
  constexpr Index LANES = Traits<V>::LANES;
  V most[PARTS<V>];
  for (V& part : most) part = all<V>(-INFINITE);
  each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
    const V ve = count == LANES ? load<V>(e + i) : load_some(e + i, count, all<V>(0));
    const V vd = count == LANES ? load<V>(dy + i) : load_some(dy + i, count, all<V>(0));
    most[part] = ve == all<V>(peak) && vd > most[part] ? vd : most[part];
  });
  const Scalar<V> found = fold_max<V>(most);
  return found == Scalar<V>(-INFINITE) ? Scalar<V>(0) : found;
}

// e, dy, peak -> reference, dot = sum e * (dy - reference)
template <class T>
static void dot(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  for (Index row = 0; row < rows; ++row) {
    const T *e = arrays[0] + row * n, *dy = arrays[1] + row * n;
    const T peak = arrays[2][row], reference = reference_of<V>(e, dy, peak, n);
    V sums[PARTS<V>];
    for (V& part : sums) part = all<V>(0);
    each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
      const V ve = count == LANES ? load<V>(e + i) : load_some(e + i, count, all<V>(0));
      const V vd = count == LANES ? load<V>(dy + i) : load_some(dy + i, count, all<V>(reference));
      sums[part] = mul_add(ve, vd - all<V>(reference), sums[part]);
    });
    arrays[3][row] = reference;
    arrays[4][row] = static_cast<T>(fold_sum(sums));
  }
}

// e, dy, peak -> reference, others = the sum of all dy but the reference, one of the peaks'
template <class T>
static void others(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  for (Index row = 0; row < rows; ++row) {
    const T *e = arrays[0] + row * n, *dy = arrays[1] + row * n;
    const T peak = arrays[2][row], reference = reference_of<V>(e, dy, peak, n);
    V sums[PARTS<V>], ties[PARTS<V>];
    for (int part = 0; part < PARTS<V>; ++part) sums[part] = ties[part] = all<V>(0);
    each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
      const V zero = all<V>(0);
      const V ve = count == LANES ? load<V>(e + i) : load_some(e + i, count, all<V>(0));
      const V vd = count == LANES ? load<V>(dy + i) : load_some(dy + i, count, all<V>(0));
      const auto largest = ve == all<V>(peak);
      sums[part] += largest ? zero : vd;
      ties[part] += largest ? vd : zero;
    });
    arrays[3][row] = reference;
    arrays[4][row] = static_cast<T>(fold_sum(sums) + (fold_sum(ties) - reference));
  }
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
    for (Index i = 0; i < n; i += LANES) {
      const Index count = n - i < LANES ? n - i : LANES;
      V in[ELEMENTS];
      for (int a = 0; a < ELEMENTS; ++a) {
        const T* p = arrays[a] + row * n + i;
        in[a] = count == LANES ? load<V>(p) : load_some(p, count, all<V>(0));
      }
      const V result = of_row(in);
      if (count == LANES) store<V>(out + i, result);
      else store_some(out + i, count, result);
    }
  }
}

// e, factor, what its rounding left out -> e * factor
template <class T>
static void scale(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 1>(args, 3, dims, [=](Index row) __attribute__((always_inline)) {
    const V factor = all<V>(arrays[1][row]), low = all<V>(arrays[2][row]);
    return [=](const V* in) __attribute__((always_inline)) {
      return mul_add(in[0], factor, in[0] * low);
    };
  });
}

// e, dy, factor, reference, dot -> e * factor * ((dy - reference) - dot)
template <class T>
static void softmax_backward(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 2>(args, 5, dims, [=](Index row) __attribute__((always_inline)) {
    const V factor = all<V>(arrays[2][row]), reference = all<V>(arrays[3][row]);
    const V dot = all<V>(arrays[4][row]);
    return [=](const V* in) __attribute__((always_inline)) {
      return in[0] * factor * ((in[1] - reference) - dot);
    };
  });
}

// x, top, log_sum -> ((x - top) - log_sum) + what x - top rounded away
template <class T>
static void log_softmax(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 1>(args, 3, dims, [=](Index row) __attribute__((always_inline)) {
    const V top = all<V>(arrays[1][row]), log_sum = all<V>(arrays[2][row]);
    return [=](const V* in) __attribute__((always_inline)) {
      const V x = in[0], d = x - top, back = d - x;
      const V low = (x - (d - back)) - (top + back);
      const V y = (d - log_sum) + (d >= all<V>(-__FLT_MAX__) ? low : all<V>(0));
      return x == top ? -log_sum : y;  // -0.0 where log_sum is lost
    };
  });
}

// e, dy, peak, factor, remainder, reference, others -> dy - softmax * sum(dy); at the peak in a form
// that does not cancel: dy * (1 - softmax) - softmax * (the sum of the other dy)
template <class T>
static void log_softmax_backward(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 2>(args, 7, dims, [=](Index row) __attribute__((always_inline)) {
    const V peak = all<V>(arrays[2][row]), factor = all<V>(arrays[3][row]);
    const V remainder = all<V>(arrays[4][row]);
    const V reference = all<V>(arrays[5][row]), others = all<V>(arrays[6][row]);
    const V sum = others + reference, p = peak * factor;
    return [=](const V* in) __attribute__((always_inline)) {
      const V e = in[0], dy = in[1];
      const V ordinary = dy - e * factor * sum;
      const V largest = dy * remainder - p * (others + (reference - dy));
      return e == peak ? largest : ordinary;
    };
  });
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
    V factor = zero, low = zero;
    for (Index lane = 0; lane < count; ++lane) {
      double all_of_them[SUM_LANES], of_others[SUM_LANES];
      for (int k = 0; k < SUM_LANES; ++k) {
        all_of_them[k] = sums[k][lane];
        of_others[k] = others[k][lane];
      }
      const T rest = static_cast<T>(
          without_peak(fold_lanes(all_of_them), fold_lanes(of_others), peak[lane]));
      const double exact = 1 / (double(peak[lane]) + double(rest));
      factor[lane] = T(exact);
      low[lane] = T(exact - factor[lane]);
    }
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

struct StageEntry {
  const char* stage;
  char dtype;
  Loop loop;
};

#define FASTACT_STAGE(S) {#S, 'f', S<float>}, {#S, 'd', S<double>}

const StageEntry ROW_LOOPS[] = {
    FASTACT_STAGE(exp_sum),     FASTACT_STAGE(dot),
    FASTACT_STAGE(others),      FASTACT_STAGE(scale),
    FASTACT_STAGE(log_softmax), FASTACT_STAGE(softmax_backward),
    FASTACT_STAGE(log_softmax_backward), FASTACT_STAGE(softmax_columns),
};
constexpr int ROW_LOOP_COUNT = sizeof(ROW_LOOPS) / sizeof(ROW_LOOPS[0]);

}  // namespace
}  // namespace fastact
