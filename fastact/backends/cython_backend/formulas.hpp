// The formulas that the loops are made from.
#pragma once

#include "formulas/algebraic.hpp"
#include "formulas/exponentials.hpp"
#include "formulas/gelu_tanh.hpp"
#include "formulas/hyperbolic.hpp"
#include "formulas/logistic.hpp"
#include "formulas/logit.hpp"
#include "formulas/mish.hpp"
#include "formulas/normal.hpp"
#include "formulas/periodic.hpp"
#include "formulas/straight.hpp"

// Name and number of parameters.
#define FASTACT_FORMULAS(FORMULA) \
  FORMULA(identity, 0)            \
  FORMULA(linear, 1)              \
  FORMULA(step, 1)                \
  FORMULA(sigmoid, 0)             \
  FORMULA(log_sigmoid, 0)         \
  FORMULA(hard_sigmoid, 0)        \
  FORMULA(hard_sigmoid_affine, 2) \
  FORMULA(tanh, 0)                \
  FORMULA(hard_tanh, 2)           \
  FORMULA(tanh_shrink, 0)         \
  FORMULA(softsign, 0)            \
  FORMULA(relu, 0)                \
  FORMULA(relu6, 0)               \
  FORMULA(squared_relu, 0)        \
  FORMULA(leaky_relu, 1)          \
  FORMULA(prelu, 1)               \
  FORMULA(thresholded_relu, 1)    \
  FORMULA(threshold, 2)           \
  FORMULA(elu, 1)                 \
  FORMULA(selu, 0)                \
  FORMULA(celu, 1)                \
  FORMULA(gelu, 0)                \
  FORMULA(gelu_tanh, 0)           \
  FORMULA(quick_gelu, 0)          \
  FORMULA(silu, 0)                \
  FORMULA(swish, 1)               \
  FORMULA(hard_swish, 0)          \
  FORMULA(mish, 0)                \
  FORMULA(softplus, 1)            \
  FORMULA(squareplus, 1)          \
  FORMULA(soft_shrink, 1)         \
  FORMULA(shrink, 2)              \
  FORMULA(hard_shrink, 1)         \
  FORMULA(sparse_plus, 0)         \
  FORMULA(sparse_sigmoid, 0)      \
  FORMULA(exponential, 0)         \
  FORMULA(logit, 0)               \
  FORMULA(softcap, 1)             \
  FORMULA(snake, 1)

// Those whose one parameter can be trained: they have a parameter_slope.
#define FASTACT_TRAINABLE(FORMULA) \
  FORMULA(prelu)                   \
  FORMULA(elu)                     \
  FORMULA(celu)                    \
  FORMULA(swish)                   \
  FORMULA(softplus)
