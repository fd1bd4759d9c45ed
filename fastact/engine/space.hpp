// The iteration space of an elementwise call.
#pragma once

#include "stretch.hpp"

namespace fastact {

// The iteration space after NumPy has sorted and coalesced the axes; axis ndim-1 is the inner one.
struct Space {
  int ndim = 0;
  npy_intp shape[NPY_MAXDIMS];
  npy_intp strides[NPY_MAXDIMS][MAX_ARGS];
  char* base[MAX_ARGS];

  npy_intp size() const {
    npy_intp n = 1;
    for (int d = 0; d < ndim; ++d) n *= shape[d];
    return n;
  }
};

}  // namespace fastact
