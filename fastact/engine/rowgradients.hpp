// The gradients of a tile of rows where a backend makes them at one go: of short rows, and
// logsumexp's.
#pragma once

#include "rowpasses.hpp"

namespace fastact {

template <class T>
npy_intp RowPasses<T>::write_gradients(const TileAccess<T>& access, const T* x, const T* dy,
                                       const Scratch& s) const {
  static_assert(LOG_SOFTMAX_GRADIENTS == SOFTMAX_GRADIENTS + LOG_SOFTMAX &&
                    LOGSUMEXP_GRADIENTS == SOFTMAX_GRADIENTS + LOGSUMEXP,
                "as the families stand");
  const Tile& tile = access.tile();
  if (!has(DX) || family_ == HARDMAX || tile.n == 0 || (tile.n > SHORT_ROW && !reduces()) ||
      gaps(tile) || has(WEIGHTS) || has(SIGN) || options_.scaled() || options_.mean ||
      options_.from_output)
    return 0;
  const Loop loop = kernels_.stages[SOFTMAX_GRADIENTS + family_];
  if (loop == nullptr) return 0;
  const RowArray &values = space_.arrays[Y], &slopes = space_.arrays[DX];
  T* y = nullptr;
  if (has(Y) && reduces())
    y = s.top;
  else if (has(Y))
    y = access.direct(values) != nullptr ? access.direct(values) : s.y;
  T* dx = access.direct(slopes) != nullptr ? access.direct(slopes) : s.e;
  if (reduces()) {
    for (npy_intp r = 0; r < tile.rows; ++r) s.dot[r] = access.value(space_.arrays[DY], r);
    dy = s.dot;
  }
  npy_intp done = 0;
  char* args[] = {reinterpret_cast<char*>(const_cast<T*>(x)),
                  reinterpret_cast<char*>(const_cast<T*>(dy)), reinterpret_cast<char*>(y),
                  reinterpret_cast<char*>(dx), reinterpret_cast<char*>(&done)};
  const npy_intp dims[] = {tile.rows, tile.n};
  loop(args, dims, nullptr, nullptr);
  const TileAccess<T> finished(space_, Tile{tile.row, done, 0, tile.n});
  if (done == 0) return 0;
  if (options_.negate)
    for (npy_intp i = 0; i < done * tile.n; ++i) dx[i] = -dx[i];
  finished.write(slopes, dx);
  if (has(Y) && reduces())
    finished.set_line(values, y);
  else if (has(Y))
    finished.write(values, y);
  return done;
}

}  // namespace fastact
