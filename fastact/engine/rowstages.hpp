// The stages of the softmax family, as a backend has them.
#pragma once

#include "stretch.hpp"

namespace fastact {

enum Stage {
  EXP_SUM,
  DOT,
  OTHERS,
  SCALE,
  SOFTMAX_DX,
  LOG_SOFTMAX_Y,
  LOG_SOFTMAX_DX,
  // Optional.
  SOFTMAX_COLUMNS,
  LOG_SOFTMAX_COLUMNS,
  LOGSUMEXP_COLUMNS,
  SOFTMAX_VALUES,
  LOG_SOFTMAX_VALUES,
  LOGSUMEXP_VALUES,
  EXP_SUM_NEAR,
  LOG_REST,
  EXP_SUM_DOT,
  EXP_SUM_OTHERS,
  SOFTMAX_BOTH,
  SOFTMAX_GRADIENTS,
  LOG_SOFTMAX_GRADIENTS,
  LOGSUMEXP_GRADIENTS,
  CROSS_ENTROPY,
  SUM_OF_COLUMNS,
  EXP_SUM_COLUMNS,
  SCALE_COLUMNS,
  SHIFT_COLUMNS,
  // Asked for with the first call that needs them.
  FIRST_TOP,
  EXP_SUM_SCALED,
  LOG_SOFTMAX_SCALED,
  STAGES
};

struct RowKernels {
  Loop stages[STAGES] = {};
  bool strict = false;  // wants disjoint arguments
};

constexpr npy_intp ROW_BLOCK = 4096;
// Elements at most of a row that is computed beside others.
constexpr npy_intp SHORT_ROW = 32;
// Memory of a stage for values: a block of elements, and a few numbers of each of 32 rows.
constexpr npy_intp VALUES_BLOCK = ROW_BLOCK + 128;

}  // namespace fastact
