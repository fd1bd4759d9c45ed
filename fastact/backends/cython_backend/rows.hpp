// The stages of the softmax family on rows of at most a block; the engine schedules them.
#pragma once

#include "scaled.hpp"
#include "values.hpp"

namespace fastact {
namespace {

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

// x, top, log_sum -> log_softmax_at
template <class T>
static void log_softmax(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 1>(args, 3, dims, [=](Index row) __attribute__((always_inline)) {
    const V top = all<V>(arrays[1][row]), log_sum = all<V>(arrays[2][row]);
    return [=](const V* in) __attribute__((always_inline)) {
      return log_softmax_at(in[0], top, log_sum);
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
    FASTACT_STAGE(log_softmax_columns),  FASTACT_STAGE(logsumexp_columns),
    FASTACT_STAGE(first_top),            FASTACT_STAGE(exp_sum_scaled),
    FASTACT_STAGE(log_softmax_scaled),   FASTACT_STAGE(softmax_values),
    FASTACT_STAGE(log_softmax_values),   FASTACT_STAGE(logsumexp_values),
    FASTACT_STAGE(exp_sum_near),
    {"log_rest", 'f', log_rest},         {"log_rest", 'd', log_rest},
};
constexpr int ROW_LOOP_COUNT = sizeof(ROW_LOOPS) / sizeof(ROW_LOOPS[0]);

}  // namespace
}  // namespace fastact
