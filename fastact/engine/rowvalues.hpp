// The values of a tile where a backend makes them at one go.
#pragma once

#include "rowpasses.hpp"

namespace fastact {

template <class T>
Loop RowPasses<T>::values() const {
  if (has(DX) || has(WEIGHTS) || options_.scaled() || options_.mean) return nullptr;
  const Stage stage = family_ == SOFTMAX       ? SOFTMAX_VALUES
                      : family_ == LOG_SOFTMAX ? LOG_SOFTMAX_VALUES
                                               : LOGSUMEXP_VALUES;
  return family_ == HARDMAX ? nullptr : kernels_.stages[stage];
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
  const Loop loop = values();
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
  const Tile& tile = access.tile();
  if (reduces()) {
    fill_values(values, tile, x, s.top, s.rows);
    for (npy_intp r = 0; r < tile.rows; ++r) access.set_value(space_.arrays[Y], r, s.top[r]);
    return;
  }
  output(access, Y, family_ == LOG_SOFTMAX ? -std::numeric_limits<T>::infinity() : 0, s,
         [&](T* y) {
           const bool in_place = kernels_.strict && x == y;
           if (in_place) copy_into(s.x, x, tile);
           fill_values(values, tile, in_place ? s.x : x, y, s.rows);
         });
}

template <class T>
bool RowPasses<T>::columns(const TileAccess<T>& access, const Tile& tile) const {
  const RowArray &x = space_.arrays[X], &y = space_.arrays[Y];
  if (kernels_.stages[SOFTMAX_COLUMNS] == nullptr || family_ != SOFTMAX || has(DX) || has(MASK) ||
      has(LENGTHS) || options_.negate || options_.scaled() || !access.transposed(x) ||
      !access.transposed(y))
    return false;
  char done = 0;
  char* args[] = {access.start(x), access.start(y), &done};
  const npy_intp dims[] = {tile.rows, tile.n}, steps[] = {x.inner[0], y.inner[0]};
  kernels_.stages[SOFTMAX_COLUMNS](args, dims, steps, nullptr);
  return done;
}

}  // namespace fastact
