// The loops of every formula.
#pragma once

#include "loops.hpp"

namespace fastact {
namespace {

// Loops of small vectors take most room, of which the modules have little: there the derivative has
// none of its own, but is backward's with a dy of 1.
template <class F, int PARAMETERS, class T>
static void derivative_by_backward(char** args, const Index* dims, const Index* steps,
                                   void* past_caches) {
  constexpr int ARGS = PARAMETERS + 3;
  static T one = 1;
  char* pointers[ARGS];
  Index strides[2 * ARGS];
  for (int a = 0; a < ARGS; ++a) {
    const int given = a < 2 ? 0 : a - 1;
    pointers[a] = a == 1 ? reinterpret_cast<char*>(&one) : args[given];
    strides[a] = a == 1 ? 0 : steps[given];
    strides[ARGS + a] = a == 1 ? 0 : steps[ARGS - 1 + given];
  }
  loop<F, PARAMETERS, backward, T>(pointers, dims, strides, past_caches);
}
#if FASTACT_VECTOR_BYTES == 16
#define FASTACT_DERIVATIVE(F, P)                                  \
  {#F, "derivative", 'f', derivative_by_backward<F, P, float>}, { \
    #F, "derivative", 'd', derivative_by_backward<F, P, double>   \
  }
#else
#define FASTACT_DERIVATIVE(F, P) FASTACT_OPERATION(F, P, "derivative", derivative)
#endif

#define FASTACT_ENTRIES(F, P)                                                                 \
  FASTACT_OPERATION(F, P, "forward", forward), FASTACT_OPERATION(F, P, "backward", backward), \
      FASTACT_DERIVATIVE(F, P), FASTACT_OPERATION(F, P, "forward_backward", forward_backward),
#define FASTACT_TRAINABLE_ENTRIES(F) \
  FASTACT_OPERATION(F, 1, "parameter_backward", parameter_backward<F>),

const LoopEntry LOOPS[] = {FASTACT_FORMULAS(FASTACT_ENTRIES)
                               FASTACT_TRAINABLE(FASTACT_TRAINABLE_ENTRIES)};
constexpr int LOOP_COUNT = sizeof(LOOPS) / sizeof(LOOPS[0]);

}  // namespace
}  // namespace fastact
