// Softmax cross-entropy of a band of short rows where a backend makes it at one go.
#pragma once

#include "crossentropypasses.hpp"

namespace fastact {

template <class T>
npy_intp CrossEntropyPasses<T>::write_at_once(const Band<T>& band) {
  const Tile tile = band.tile(0);
  Scratch s;
  if (tile.rows == 0 || !scratch(tile, s)) return 0;
  const TileAccess<T> access(space_, tile);
  const RowArray& gradient = space_.arrays[GRADIENT];
  const T* x = access.read(space_.arrays[LOGITS], s.x);
  const T* as_they_are = shares_as_they_are(access);
  const double* labels = targets_.classes         ? band.labels
                         : as_they_are == nullptr ? read_labels(tile, s)
                                                  : nullptr;
  T* dx = nullptr;
  if (has(GRADIENT)) dx = access.direct(gradient) != nullptr ? access.direct(gradient) : s.out;
  const double numbers[] = {
      1 - targets_.smoothing, targets_.smoothing / targets_.n, targets_.scale,
      targets_.ignores ? targets_.ignored : std::numeric_limits<double>::quiet_NaN()};
  npy_intp done = 0;
  const void* args[] = {x,
                        as_they_are != nullptr ? static_cast<const void*>(as_they_are) : labels,
                        has(DY) ? band.dy : nullptr,
                        targets_.weights,
                        numbers,
                        targets_.losses ? band.losses : nullptr,
                        dx,
                        &done};
  const npy_intp dims[] = {tile.rows, tile.n, targets_.classes, targets_.dense(),
                           as_they_are != nullptr};
  kernels_.stages[CROSS_ENTROPY](reinterpret_cast<char**>(const_cast<void**>(args)), dims, nullptr,
                                 nullptr);
  if (dx != nullptr && done > 0)
    TileAccess<T>(space_, Tile{tile.row, done, 0, tile.n}).write(gradient, dx);
  return done;
}

}  // namespace fastact
