// The values of a tile where a backend makes them at one go.
#pragma once

#include "rowpasses.hpp"

namespace fastact {

template <class T>
Loop RowPasses<T>::values(Stage of_softmax) const {
  static_assert(LOG_SOFTMAX == SOFTMAX + 1 && LOGSUMEXP == SOFTMAX + 2, "as the stages stand");
  if (has(DX) || has(WEIGHTS) || has(SIGN) || options_.scaled() || options_.mean ||
      family_ == HARDMAX)
    return nullptr;
  return kernels_.stages[of_softmax + (family_ - SOFTMAX)];
}

template <class T>
void RowPasses<T>::fill_values(Loop values, const Tile& tile, const T* x, T* y, T* memory) {
  char* args[] = {reinterpret_cast<char*>(const_cast<T*>(x)), reinterpret_cast<char*>(y),
                  reinterpret_cast<char*>(memory)};
  const npy_intp dims[] = {tile.rows, tile.n};
  values(args, dims, nullptr, nullptr);
}

template <class T>
bool RowPasses<T>::straight_values(const Tile& tile) const {
  const Loop loop = values(SOFTMAX_VALUES);
  if (loop == nullptr || has(MASK) || has(LENGTHS) || options_.negate) return false;
  const TileAccess<T> access(space_, tile);
  const T* x = access.direct(space_.arrays[X]);
  T* y = reduces() ? access.direct_line(space_.arrays[Y]) : access.direct(space_.arrays[Y]);
  if (x == nullptr || y == nullptr || (kernels_.strict && x == y)) return false;
  T* memory = static_cast<T*>(thread_scratch(VALUES_BLOCK * sizeof(T)));
  if (memory == nullptr) return false;
  fill_values(loop, tile, x, y, memory);
  return true;
}

template <class T>
void RowPasses<T>::write_values(Loop values, const TileAccess<T>& access, const T* x,
                                const Scratch& s) const {
  if (reduces()) {
    fill_values(values, access.tile(), x, s.top, s.rows);
    access.set_line(space_.arrays[Y], s.top);
    return;
  }
  output(access, Y, family_ == LOG_SOFTMAX ? -std::numeric_limits<T>::infinity() : 0, s, [&](T* y) {
    const bool in_place = kernels_.strict && x == y;
    if (in_place) copy_into(s.x, x, access.tile());
    fill_values(values, access.tile(), in_place ? s.x : x, y, s.rows);
  });
}

}  // namespace fastact
