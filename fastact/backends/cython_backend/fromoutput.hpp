// Gradients from the value instead of x: formulas whose point is y, and whose slope is that at x.
#pragma once

#include "loops.hpp"

namespace fastact {
namespace {

struct sigmoid_of_output : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V y) {
    return {y, y * (all<V>(1) - y)};
  }
};

struct tanh_of_output : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V y) {
    // 1 - y is exact near 1; the square of y would be rounded.
    return {y, (all<V>(1) - y) * (all<V>(1) + y)};
  }
};

struct relu_of_output : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V y) {
    return {y, one_above(y, all<V>(0))};
  }
};

#define FASTACT_OF_OUTPUT(F)                                                    \
  {#F, "backward_from_output", 'f', loop<F##_of_output, 0, backward, float>}, { \
    #F, "backward_from_output", 'd', loop<F##_of_output, 0, backward, double>   \
  }

const LoopEntry OUTPUT_LOOPS[] = {FASTACT_OF_OUTPUT(sigmoid), FASTACT_OF_OUTPUT(tanh),
                                  FASTACT_OF_OUTPUT(relu)};
constexpr int OUTPUT_LOOP_COUNT = sizeof(OUTPUT_LOOPS) / sizeof(OUTPUT_LOOPS[0]);

}  // namespace
}  // namespace fastact
