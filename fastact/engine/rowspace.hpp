// Row-wise calls see every array as rows x elements: outer axes choose the row, inner axes (those
// reduced over) run along it.
#pragma once

#include "ndloop.hpp"

namespace fastact {

// An array as the user has it, or one value per row (`inner` strides unused).
struct RowArray {
  char* base = nullptr;  // NULL: not part of this call
  bool native = false;
  npy_intp size = 0;  // bytes of an element
  Gather gather = nullptr;
  Scatter scatter = nullptr;
  npy_intp outer[NPY_MAXDIMS];
  npy_intp inner[NPY_MAXDIMS];
};

// LENGTHS: how many elements of a row are there, an npy_intp per row. WEIGHTS: what multiplies
// exp(x) in a sum, SIGN: the sign of that sum.
enum RowRole { X, DY, MASK, Y, DX, LENGTHS, WEIGHTS, SIGN, ROLES };

struct RowSpace {
  int outer_ndim, inner_ndim;
  npy_intp outer_shape[NPY_MAXDIMS], inner_shape[NPY_MAXDIMS];
  RowArray arrays[ROLES];
  npy_intp rows, n;

  // Merges neighbouring axes that every array walks as one.
  void coalesce() {
    outer_ndim = merge(outer_ndim, outer_shape, &RowArray::outer);
    inner_ndim = merge(inner_ndim, inner_shape, &RowArray::inner);
    rows = n = 1;
    for (int d = 0; d < outer_ndim; ++d) rows *= outer_shape[d];
    for (int d = 0; d < inner_ndim; ++d) n *= inner_shape[d];
  }

  char* row_pointer(const RowArray& array, npy_intp row) const {
    char* p = array.base;
    for (int d = outer_ndim - 1; d >= 0; --d) {
      p += row % outer_shape[d] * array.outer[d];
      row /= outer_shape[d];
    }
    return p;
  }

  // How many of its elements a row has; the rest is absent.
  npy_intp reach(npy_intp row) const {
    const RowArray& lengths = arrays[LENGTHS];
    if (lengths.base == nullptr) return n;
    return *reinterpret_cast<const npy_intp*>(row_pointer(lengths, row));
  }

  // Rows from `row` on that one stride reaches.
  npy_intp run_of_rows(npy_intp row) const {
    const npy_intp last = outer_ndim ? outer_shape[outer_ndim - 1] : 1;
    return last - row % last;
  }

 private:
  int merge(int ndim, npy_intp* shape, npy_intp (RowArray::*strides)[NPY_MAXDIMS]) {
    int kept = 0;
    for (int d = 0; d < ndim; ++d) {
      if (shape[d] == 1) continue;
      bool joins = kept > 0;
      for (const RowArray& a : arrays)
        joins &=
            kept > 0 && (a.base == nullptr || (a.*strides)[kept - 1] == shape[d] * (a.*strides)[d]);
      const int to = joins ? kept - 1 : kept++;
      shape[to] = joins ? shape[to] * shape[d] : shape[d];
      for (RowArray& a : arrays)
        if (a.base != nullptr) (a.*strides)[to] = (a.*strides)[d];
    }
    return kept;
  }
};

}  // namespace fastact
