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
  for (int half = PARTS<V> / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) parts[i] = join(parts[i], parts[i + half]);
  Scalar<V> lanes[Traits<V>::LANES];
  store<V>(lanes, parts[0]);
#pragma GCC unroll 8
  for (int half = Traits<V>::LANES / 2; half > 0; half /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) lanes[i] = join(lanes[i], lanes[i + half]);
  return lanes[0];
}

template <class V>
FASTACT_INLINE Scalar<V> fold_sum(V (&parts)[PARTS<V>]) {
  return fold(parts, [](auto a, auto b) __attribute__((always_inline)) { return a + b; });
}

template <class V>
FASTACT_INLINE Scalar<V> fold_max(V (&parts)[PARTS<V>]) {
  return fold(parts, [](auto a, auto b) __attribute__((always_inline)) { return a > b ? a : b; });
}

// step(part, offset, count): one vector; count < LANES only for the last. Four (eight) lanes of
// sums in turn also hide the latency of an addition.
template <class V, class Step>
FASTACT_INLINE void each_vector(Index n, Step step) {
  constexpr Index LANES = Traits<V>::LANES;
  Index i = 0;
  for (; i + SUM_LANES <= n; i += SUM_LANES)
    for (int part = 0; part < PARTS<V>; ++part) step(part, i + part * LANES, LANES);
  for (int part = 0; i < n; ++part, i += LANES) step(part, i, n - i < LANES ? n - i : LANES);
}

constexpr double INFINITE = __builtin_inf();

// x -> e, top, rest
template <class T>
static void exp_sum(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  const Index rows = dims[0], n = dims[1];
  for (Index row = 0; row < rows; ++row) {
    const T* x = reinterpret_cast<T**>(args)[0] + row * n;
    T* e = reinterpret_cast<T**>(args)[1] + row * n;
    V tops[PARTS<V>];
    for (V& part : tops) part = all<V>(-INFINITE);
    each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
      const V v = count == LANES ? load<V>(x + i) : load_some(x + i, count, all<V>(-INFINITE));
      tops[part] = v > tops[part] ? v : tops[part];
    });
    const T top = fold_max<V>(tops);
    const V high = all<V>(top);
    // Of a block of -inf alone: exp(-inf - 0) is the 0 that it adds to its row.
    const V base = top == T(-INFINITE) ? all<V>(0) : high;
    V sums[PARTS<V>], ties[PARTS<V>];
    for (int part = 0; part < PARTS<V>; ++part) sums[part] = ties[part] = all<V>(0);
    each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
      const V one = all<V>(1), zero = all<V>(0);
      const V v = count == LANES ? load<V>(x + i) : load_some(x + i, count, all<V>(-INFINITE));
      const V d = v - base;
      // TwoSum: what the subtraction rounded away. Without it float32 is 31 ULP off at +-50.
      const V back = d - v;
      const V low = (v - (d - back)) - (base + back);
      const V exp = exp_negative(d, d >= all<V>(-1000) ? low : zero);
      const auto largest = v == base;
      sums[part] += largest ? zero : exp;
      ties[part] += largest ? one : zero;
      const V result = largest ? one : exp;
      if (count == LANES) store<V>(e + i, result);
      else store_some(e + i, count, result);
    });
    // The largest element itself is left out of the sum: log(1 + rest) keeps its digits.
    reinterpret_cast<T**>(args)[2][row] = top;
    reinterpret_cast<T**>(args)[3][row] = fold_sum<V>(sums) + (fold_sum<V>(ties) - 1);
  }
}

// The largest dy where e == 1: what the gradient's sums are taken relative to.
template <class V>
FASTACT_INLINE Scalar<V> reference_of(const Scalar<V>* e, const Scalar<V>* dy, Index n) {
  constexpr Index LANES = Traits<V>::LANES;
  V most[PARTS<V>];
  for (V& part : most) part = all<V>(-INFINITE);
  each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
    const V ve = count == LANES ? load<V>(e + i) : load_some(e + i, count, all<V>(0));
    const V vd = count == LANES ? load<V>(dy + i) : load_some(dy + i, count, all<V>(0));
    most[part] = ve == all<V>(1) && vd > most[part] ? vd : most[part];
  });
  const Scalar<V> found = fold_max<V>(most);
  return found == Scalar<V>(-INFINITE) ? Scalar<V>(0) : found;
}

// e, dy -> reference, dot = sum e * (dy - reference)
template <class T>
static void dot(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  for (Index row = 0; row < rows; ++row) {
    const T *e = arrays[0] + row * n, *dy = arrays[1] + row * n;
    const T reference = reference_of<V>(e, dy, n);
    V sums[PARTS<V>];
    for (V& part : sums) part = all<V>(0);
    each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
      const V ve = count == LANES ? load<V>(e + i) : load_some(e + i, count, all<V>(0));
      const V vd = count == LANES ? load<V>(dy + i) : load_some(dy + i, count, all<V>(reference));
      sums[part] = mul_add(ve, vd - all<V>(reference), sums[part]);
    });
    arrays[2][row] = reference;
    arrays[3][row] = fold_sum<V>(sums);
  }
}

// e, dy -> reference, others = sum of all dy but one where e == 1 (the reference)
template <class T>
static void others(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  for (Index row = 0; row < rows; ++row) {
    const T *e = arrays[0] + row * n, *dy = arrays[1] + row * n;
    const T reference = reference_of<V>(e, dy, n);
    V sums[PARTS<V>], ties[PARTS<V>];
    for (int part = 0; part < PARTS<V>; ++part) sums[part] = ties[part] = all<V>(0);
    each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
      const V zero = all<V>(0);
      const V ve = count == LANES ? load<V>(e + i) : load_some(e + i, count, all<V>(0));
      const V vd = count == LANES ? load<V>(dy + i) : load_some(dy + i, count, all<V>(0));
      const auto largest = ve == all<V>(1);
      sums[part] += largest ? zero : vd;
      ties[part] += largest ? vd : zero;
    });
    arrays[2][row] = reference;
    arrays[3][row] = fold_sum<V>(sums) + (fold_sum<V>(ties) - reference);
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

// e, factor -> e * factor
template <class T>
static void scale(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 1>(args, 2, dims, [=](Index row) __attribute__((always_inline)) {
    const V factor = all<V>(arrays[1][row]);
    return [=](const V* in) __attribute__((always_inline)) { return in[0] * factor; };
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
      return (d - log_sum) + (d >= all<V>(-__FLT_MAX__) ? low : all<V>(0));
    };
  });
}

// e, dy, factor, remainder, reference, others -> dy - softmax * sum(dy); where e == 1 in a form
// that does not cancel: dy * (1 - softmax) - softmax * (the sum of the other dy)
template <class T>
static void log_softmax_backward(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 2>(args, 6, dims, [=](Index row) __attribute__((always_inline)) {
    const V factor = all<V>(arrays[2][row]), remainder = all<V>(arrays[3][row]);
    const V reference = all<V>(arrays[4][row]), others = all<V>(arrays[5][row]);
    const V sum = others + reference;
    return [=](const V* in) __attribute__((always_inline)) {
      const V e = in[0], dy = in[1];
      const V ordinary = dy - e * factor * sum;
      const V largest = dy * remainder - factor * (others + (reference - dy));
      return e == all<V>(1) ? largest : ordinary;
    };
  });
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
    FASTACT_STAGE(log_softmax_backward),
};
constexpr int ROW_LOOP_COUNT = sizeof(ROW_LOOPS) / sizeof(ROW_LOOPS[0]);

}  // namespace
}  // namespace fastact
