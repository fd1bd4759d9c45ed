// Between an argument of a tile, rows x n elements in any layout and dtype, and the kernel's dtype
// in scratch, where its rows lie `next` elements apart.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "stretch.hpp"
#include "transpose.hpp"

namespace fastact {

// No tile has more rows.
constexpr npy_intp MAX_ROWS = BLOCK;

// So few columns go one by one: a conversion is called for many elements at once.
constexpr npy_intp FEW_COLUMNS = 8;

// An argument of a tile; strides are in bytes.
struct TileArgument {
  char* first;
  npy_intp row_stride, stride;  // from row to row, from element to element
  npy_intp rows, n;
  bool turned;  // of the kernel's dtype, its columns contiguous

  // The next row begins where this one would go on.
  bool dense() const { return row_stride == n * stride || rows == 1; }
  bool by_columns() const {
    return n < rows && (n < FEW_COLUMNS || std::abs(row_stride) < std::abs(stride));
  }
};

template <class T>
inline void tile_to_scratch(Gather gather, const TileArgument& from, T* scratch, npy_intp next) {
  if (from.turned)
    return transpose(reinterpret_cast<const T*>(from.first), from.stride / npy_intp(sizeof(T)),
                     from.n, from.rows, scratch, next);
  const npy_intp rows = from.rows, n = from.n;
  if (from.dense() && next == n) return gather(from.first, from.stride, scratch, rows * n);
  if (from.row_stride == 0) {  // the same for all rows
    gather(from.first, from.stride, scratch, n);
    for (npy_intp done = 1; done < rows; done *= 2)
      std::memcpy(scratch + done * next, scratch, std::min(done, rows - done) * next * sizeof(T));
    return;
  }
  alignas(64) T column[MAX_ROWS];
  if (from.stride == 0) {  // the same for all elements of a row
    gather(from.first, from.row_stride, column, rows);
    for (npy_intp r = 0; r < rows; ++r) std::fill_n(scratch + r * next, n, column[r]);
  } else if (from.by_columns()) {
    for (npy_intp c = 0; c < n; ++c) {
      gather(from.first + c * from.stride, from.row_stride, column, rows);
      for (npy_intp r = 0; r < rows; ++r) scratch[r * next + c] = column[r];
    }
  } else {
    for (npy_intp r = 0; r < rows; ++r)
      gather(from.first + r * from.row_stride, from.stride, scratch + r * next, n);
  }
}

template <class T>
inline void tile_from_scratch(Scatter scatter, const T* scratch, npy_intp next,
                              const TileArgument& to) {
  if (to.turned)
    return transpose(scratch, next, to.rows, to.n, reinterpret_cast<T*>(to.first),
                     to.stride / npy_intp(sizeof(T)));
  const npy_intp rows = to.rows, n = to.n;
  if (to.dense() && next == n) return scatter(scratch, to.first, to.stride, rows * n);
  if (!to.by_columns()) {
    for (npy_intp r = 0; r < rows; ++r)
      scatter(scratch + r * next, to.first + r * to.row_stride, to.stride, n);
    return;
  }
  alignas(64) T column[MAX_ROWS];
  for (npy_intp c = 0; c < n; ++c) {
    for (npy_intp r = 0; r < rows; ++r) column[r] = scratch[r * next + c];
    scatter(column, to.first + c * to.stride, to.row_stride, rows);
  }
}

}  // namespace fastact
