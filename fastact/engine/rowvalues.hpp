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

template <class T>
Loop RowPasses<T>::columns_of(const Tile& tile) const {
  // Part of a strip takes as long as a whole one: a few long rows are better turned.
  const bool few = tile.rows < npy_intp(64 / sizeof(T)) && tile.n > 32;
  const RowArray& x = space_.arrays[X];
  if (few || has(MASK) || has(LENGTHS) || !TileAccess<T>::side_by_side(space_, x)) return nullptr;
  return values(SOFTMAX_COLUMNS);
}

template <class T>
npy_intp RowPasses<T>::fill_columns(Loop columns, const Tile& tile, const char* x, npy_intp x_step,
                                    char* y, npy_intp y_step) {
  npy_intp done = 0;
  char* args[] = {const_cast<char*>(x), y, reinterpret_cast<char*>(&done)};
  const npy_intp dims[] = {tile.rows, tile.n}, steps[] = {x_step, y_step};
  columns(args, dims, steps, nullptr);
  return done;
}

template <class T>
npy_intp RowPasses<T>::straight_columns(const Tile& tile) const {
  const RowArray &x = space_.arrays[X], &y = space_.arrays[Y];
  const Loop loop = columns_of(tile);
  const TileAccess<T> access(space_, tile);
  if (loop == nullptr || options_.negate || !access.transposed(x) ||
      !(reduces() ? access.direct_line(y) != nullptr : access.transposed(y)))
    return 0;
  return fill_columns(loop, tile, access.start(x), x.inner[0], access.start(y), y.inner[0]);
}

template <class T>
bool RowPasses<T>::copied_columns(const TileAccess<T>& access, const Scratch& s) const {
  const RowArray &x = space_.arrays[X], &y = space_.arrays[Y];
  const Tile& tile = access.tile();
  const Loop loop = columns_of(tile);
  if (loop == nullptr || (access.transposed(x) && !options_.negate) ||
      !(reduces() || access.side_by_side(y)))
    return false;
  access.gather_columns(x, s.x);
  if (options_.negate)
    for (npy_intp i = 0; i < tile.rows * tile.n; ++i) s.x[i] = -s.x[i];
  const npy_intp step = tile.rows * sizeof(T);
  T* const to = reduces() ? s.top : s.y;
  if (fill_columns(loop, tile, reinterpret_cast<char*>(s.x), step, reinterpret_cast<char*>(to),
                   reduces() ? 0 : step) < tile.rows)
    return false;
  if (reduces())
    access.set_line(y, s.top);
  else
    access.scatter_columns(y, s.y);
  return true;
}

}  // namespace fastact
