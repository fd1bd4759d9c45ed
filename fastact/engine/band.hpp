// A band of rows in softmax cross-entropy.
#pragma once

#include "rowjob.hpp"
#include "targets.hpp"

namespace fastact {

// The roles of a RowSpace as they are here. Labels, dy and losses have a value per row.
constexpr RowRole LOGITS = X, LABELS = MASK, LOSS = Y, GRADIENT = DX;

// Some rows, and what is known of them.
template <class T>
struct Band {
  npy_intp row, rows;
  npy_intp n, blocks;      // of a row
  T* kept;                 // the e of all blocks, or NULL
  RowSum<T>* sums;         // [row][block]
  TargetSum* target_sums;  // [row][block]
  RowTarget* targets;      // [row]
  RowTotal* totals;        // [row]
  double *labels, *dy;     // [row]
  double* losses;          // [row]

  RowSum<T>& sum(npy_intp block, npy_intp r) const { return sums[r * blocks + block]; }
  TargetSum& target_sum(npy_intp block, npy_intp r) const {
    return target_sums[r * blocks + block];
  }

  Band part(npy_intp first, npy_intp count) const {
    Band some = *this;
    some.row += first;
    some.rows = count;
    some.labels += first;
    some.dy += first;
    some.losses += first;
    return some;
  }

  Tile tile(npy_intp block) const {
    const npy_intp begin = block * ROW_BLOCK;
    return {row, rows, begin, std::min(ROW_BLOCK, n - begin)};
  }
};

}  // namespace fastact
