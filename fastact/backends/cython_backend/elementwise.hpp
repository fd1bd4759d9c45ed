// The loops of every formula.
#pragma once

#include "loops.hpp"

namespace fastact {
namespace {

#define FASTACT_ENTRIES(F, P)                                                                 \
  FASTACT_OPERATION(F, P, "forward", forward), FASTACT_OPERATION(F, P, "backward", backward), \
      FASTACT_OPERATION(F, P, "derivative", derivative),                                      \
      FASTACT_OPERATION(F, P, "forward_backward", forward_backward),
#define FASTACT_TRAINABLE_ENTRIES(F) \
  FASTACT_OPERATION(F, 1, "parameter_backward", parameter_backward<F>),

const LoopEntry LOOPS[] = {FASTACT_FORMULAS(FASTACT_ENTRIES)
                               FASTACT_TRAINABLE(FASTACT_TRAINABLE_ENTRIES)};
constexpr int LOOP_COUNT = sizeof(LOOPS) / sizeof(LOOPS[0]);

}  // namespace
}  // namespace fastact
