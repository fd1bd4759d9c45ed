// The stages of the softmax family on rows of at most a block; the engine schedules them.
#pragma once

#include "gradientsums.hpp"
#include "scaled.hpp"
#include "shortgradients.hpp"
#include "shortlosses.hpp"
#include "values.hpp"

namespace fastact {
namespace {

// e, factor, what its rounding left out -> e * factor
template <class T>
static void scale(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 1>(args, 3, dims, [=](Index row) __attribute__((always_inline)) {
    const V factor = all<V>(arrays[1][row]), low = all<V>(arrays[2][row]);
    return [=](const V* in)
               __attribute__((always_inline)) { return mul_add(in[0], factor, in[0] * low); };
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

// e, dy, factor, reference, dot, what factor's rounding left out -> dx as softmax_backward's, y as
// scale's
template <class T>
static void softmax_both(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  const Index n = dims[1];
  for (Index row = 0; row < dims[0]; ++row) {
    const T *e = arrays[0] + row * n, *dy = arrays[1] + row * n;
    T *dx = arrays[6] + row * n, *y = arrays[7] + row * n;
    const V factor = all<V>(arrays[2][row]), low = all<V>(arrays[5][row]);
    const V reference = all<V>(arrays[3][row]), dot = all<V>(arrays[4][row]);
    each_vector<V>(n, [&](int, Index i, Index count) __attribute__((always_inline)) {
      const V ve = load_up_to<V>(e + i, count, 0), vd = load_up_to<V>(dy + i, count, 0);
      store_up_to(dx + i, count, ve * factor * ((vd - reference) - dot));
      store_up_to(y + i, count, mul_add(ve, factor, ve * low));
    });
  }
}

// x, top, log_sum -> x - (top + log_sum)
template <class T>
static void log_softmax(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 1>(args, 3, dims, [=](Index row) __attribute__((always_inline)) {
    const V top = all<V>(arrays[1][row]), log_sum = all<V>(arrays[2][row]);
    const V high = top + log_sum, low = sum_error(top, log_sum, high);
    return [=](const V* in)
               __attribute__((always_inline)) { return log_softmax_at(in[0], high, low); };
  });
}

// e, dy, peak, factor, remainder, reference, others -> log_softmax_slope
template <class T>
static void log_softmax_backward(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  map_rows<T, 2>(args, 7, dims, [=](Index row) __attribute__((always_inline)) {
    const V peak = all<V>(arrays[2][row]), factor = all<V>(arrays[3][row]);
    const V remainder = all<V>(arrays[4][row]);
    const V reference = all<V>(arrays[5][row]), others = all<V>(arrays[6][row]);
    const V sum = others + reference;
    return [=](const V* in) __attribute__((always_inline)) {
      return log_softmax_slope(in[0], in[1], peak, factor, remainder, reference, others, sum);
    };
  });
}

struct StageEntry {
  const char* stage;
  char dtype;
  Loop loop;
};

#define FASTACT_STAGE(S) \
  {#S, 'f', S<float>}, { #S, 'd', S<double> }

const StageEntry ROW_LOOPS[] = {
    FASTACT_STAGE(exp_sum),
    FASTACT_STAGE(dot),
    FASTACT_STAGE(others),
    FASTACT_STAGE(scale),
    FASTACT_STAGE(log_softmax),
    FASTACT_STAGE(softmax_backward),
    FASTACT_STAGE(log_softmax_backward),
    FASTACT_STAGE(softmax_columns),
    FASTACT_STAGE(log_softmax_columns),
    FASTACT_STAGE(logsumexp_columns),
    FASTACT_STAGE(first_top),
    FASTACT_STAGE(exp_sum_scaled),
    FASTACT_STAGE(log_softmax_scaled),
    FASTACT_STAGE(softmax_values),
    FASTACT_STAGE(log_softmax_values),
    FASTACT_STAGE(logsumexp_values),
    FASTACT_STAGE(exp_sum_near),
    FASTACT_STAGE(exp_sum_dot),
    FASTACT_STAGE(exp_sum_others),
    FASTACT_STAGE(softmax_both),
    FASTACT_STAGE(softmax_gradients),
    FASTACT_STAGE(log_softmax_gradients),
    FASTACT_STAGE(logsumexp_gradients),
    FASTACT_STAGE(log_rest),
    FASTACT_STAGE(cross_entropy),
    FASTACT_STAGE(sum_columns),
    FASTACT_STAGE(exp_sum_columns),
    FASTACT_STAGE(scale_columns),
    FASTACT_STAGE(shift_columns),
};
constexpr int ROW_LOOP_COUNT = sizeof(ROW_LOOPS) / sizeof(ROW_LOOPS[0]);

}  // namespace
}  // namespace fastact
