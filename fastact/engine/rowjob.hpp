// Schedules the softmax family: a backend's stages over tiles of rows, or over the blocks of long
// rows (longrows.hpp).
//
// The sum of a row is defined once: blocks of ROW_BLOCK elements, each summed in a fixed order by
// the backend, combined in order. So its bits depend neither on layout, axis nor threads.
#pragma once

#include "longrows.hpp"

namespace fastact {

template <class T>
class RowJob {
 public:
  RowJob(const RowSpace& space, const RowKernels& kernels, Family family, const RowOptions& options)
      : space_(space), passes_(space, kernels, family, options), family_(family) {}

  // False if memory ran out.
  bool run(int threads, npy_intp parallel_from) {
    if (space_.rows == 0) return true;
    FpGuard guard;
    if (space_.rows * space_.n * npy_intp(sizeof(T)) < parallel_from) threads = 1;
    if (space_.n > ROW_BLOCK && shares_blocks(threads)) {
      some_long_rows(0, space_.rows, threads);
    } else {
      per_chunk_ = threads == 1 ? space_.rows : chunk_size(space_.rows, space_.n, threads);
      if (neighbours()) per_chunk_ = (per_chunk_ + LINE - 1) / LINE * LINE;
      each(&RowJob::some_rows, (space_.rows + per_chunk_ - 1) / per_chunk_, threads);
    }
    return !failed_;
  }

 private:
  typedef typename RowPasses<T>::Scratch Scratch;

  // A tile and its scratch stay in L1; of rows that are neighbours in memory (axis 0, say) a tile
  // takes whole cache lines, several side by side, and stays in L2.
  static constexpr npy_intp LINE = 64 / sizeof(T), TILE = 8192 / sizeof(T), WIDE_TILE = 65536;
  // Rows of unlike lengths in a tile are computed up to the longest: a few short ones at most.
  static constexpr npy_intp RAGGED_TILE = 256;

  bool neighbours() const {
    for (RowRole role : {X, DY, Y, DX})
      if (passes_.has(role) && !(passes_.reduces() && (role == DY || role == Y)) &&
          TileAccess<T>::side_by_side(space_, space_.arrays[role]))
        return true;
    return false;
  }

  npy_intp rows_of_tile() const {
    const npy_intp fit = std::max<npy_intp>(1, TILE / space_.n);
    if (!neighbours()) return fit;
    return std::max(fit / LINE * LINE,
                    std::min(4 * LINE, std::max(LINE, WIDE_TILE / space_.n / LINE * LINE)));
  }

  // Long rows that are neighbours share cache lines, too.
  npy_intp rows_of_long_tile() const {
    return neighbours() && !passes_.has(LENGTHS) ? LongRows<T>::MOST : 1;
  }

  // Long rows: is it their blocks that the threads share, or the rows?
  bool shares_blocks(int threads) const {
    const npy_intp together = rows_of_long_tile();
    if (space_.rows >= 2 * threads * together) return false;
    return together == 1 || space_.rows <= LINE || space_.n >= 3 * threads * ROW_BLOCK;
  }

  void each(void (RowJob::*chunk)(long), long count, int threads) {
    struct Call {
      RowJob* job;
      void (RowJob::*chunk)(long);
    } call{this, chunk};
    pool().run(
        count, threads,
        [](void* context, long i) {
          Call& c = *static_cast<Call*>(context);
          (c.job->*c.chunk)(i);
        },
        &call);
  }

  void some_rows(long i) {
    const npy_intp end = std::min(space_.rows, (i + 1) * per_chunk_);
    const npy_intp fit = rows_of_tile();
    for (npy_intp row = i * per_chunk_; row < end;) {
      const Tile run{row, std::min(end - row, space_.run_of_rows(row)), 0, space_.n};
      if (space_.n <= ROW_BLOCK) {
        const npy_intp done =
            passes_.straight_values(run) ? run.rows : passes_.straight_columns(run);
        row += done;
        if (done > 0) continue;
      }
      Tile tile{row, std::min(fit, run.rows), 0, space_.n};
      if (passes_.has(LENGTHS)) to_the_longest(tile);
      if (tile.n > ROW_BLOCK) {
        tile.rows = std::min(run.rows, rows_of_long_tile());
        LongRows<T>(space_, passes_, failed_).run(tile, 1);
      } else {
        short_rows(tile);
        passes_.fill_behind(tile);
      }
      row += tile.rows;
    }
  }

  // Of at most so many rows, those that are computed together, and how far.
  void to_the_longest(Tile& tile) const {
    const npy_intp most = tile.rows, elements = neighbours() ? TILE : RAGGED_TILE;
    tile.n = space_.reach(tile.row);
    for (tile.rows = 1; tile.rows < most; ++tile.rows) {
      const npy_intp n = std::max(tile.n, space_.reach(tile.row + tile.rows));
      if (n * (tile.rows + 1) > elements && !(neighbours() && tile.rows < LINE)) break;
      tile.n = n;
    }
  }

  bool scratch(const Tile& tile, Scratch& s) {
    const bool there = passes_.scratch(tile, s);
    if (!there) failed_ = true;
    return there;
  }

  void short_rows(const Tile& tile) {
    const TileAccess<T> access(space_, tile);
    Scratch s;
    if (!scratch(tile, s) || passes_.copied_columns(access, s)) return;
    const T* x = passes_.read_x(access, tile, s);
    const Loop values = tile.n > 0 ? passes_.values(SOFTMAX_VALUES) : nullptr;
    if (values != nullptr) return passes_.write_values(values, access, x, s);
    if (family_ == HARDMAX) passes_.first_tops(access, tile, x, s);
    const T* dy = passes_.needs_dots() ? passes_.read_dy(access, tile, s) : nullptr;
    const npy_intp done = passes_.write_gradients(access, x, dy, s);
    if (done > 0) {
      if (done < tile.rows) short_rows(Tile{tile.row + done, tile.rows - done, 0, tile.n});
      return;
    }
    passes_.place_e(access, x, s);
    passes_.results_soon(access, s);
    if (family_ != HARDMAX) passes_.first_pass(tile, x, dy, s);
    for (npy_intp r = 0; r < tile.rows; ++r) {
      const RowSum<T> sum = passes_.sums(s, r);
      s.totals[r] = passes_.total_of(&sum, 1);
    }
    finish(access, tile, x, dy, s);
  }

  void finish(const TileAccess<T>& access, const Tile& tile, const T* x, const T* dy, Scratch& s) {
    if (family_ == HARDMAX) return passes_.hardmax(access, tile, s);
    if (passes_.has(Y) && passes_.reduces()) passes_.logsumexp(access, s);
    if (passes_.has(DX) || !passes_.reduces()) passes_.second_pass(access, tile, x, dy, s);
  }

  void some_long_rows(npy_intp row, npy_intp end, int threads) {
    while (row < end) {
      const npy_intp rows = std::min({end - row, space_.run_of_rows(row), rows_of_long_tile()});
      LongRows<T>(space_, passes_, failed_).run(Tile{row, rows, 0, space_.n}, threads);
      row += rows;
    }
  }

  const RowSpace& space_;
  RowPasses<T> passes_;
  Family family_;
  npy_intp per_chunk_ = 1;
  std::atomic<bool> failed_{false};
};

}  // namespace fastact
