// Schedules the softmax family: a backend's stages over tiles of rows, or over the blocks of long
// rows, whose partial results are combined here.
//
// The sum of a row is defined once: blocks of ROW_BLOCK elements, each summed in a fixed order by
// the backend, combined in order. So its bits depend neither on layout, axis nor threads.
#pragma once

#include "rowpasses.hpp"

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
    if (space_.n > ROW_BLOCK && space_.rows < 2 * threads) {
      for (npy_intp row = 0; row < space_.rows; ++row) long_row(row, threads);
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
        tile.rows = 1;
        long_row(row, 1);
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
      s.totals[r] = total_of(&sum, 1);
    }
    finish(access, tile, x, dy, s);
  }

  RowTotal total_of(const RowSum<T>* sums, long count) const {
    if (family_ == HARDMAX) return first_of_row(sums, count, ROW_BLOCK);
    return combine(sums, count, passes_.combined_as(), passes_.scale());
  }

  void finish(const TileAccess<T>& access, const Tile& tile, const T* x, const T* dy, Scratch& s) {
    if (family_ == HARDMAX) return passes_.hardmax(access, tile, s);
    if (passes_.has(Y) && passes_.reduces()) passes_.logsumexp(access, s);
    if (passes_.has(DX) || !passes_.reduces()) passes_.second_pass(access, tile, x, dy, s);
  }

  // A row in blocks: all first passes, the row's totals, all second passes. These make e again if
  // there is no place to keep it: that would take memory that grows with the row.
  void long_row(npy_intp row, int threads) {
    const npy_intp reach = space_.reach(row);
    const npy_intp blocks = std::max<npy_intp>(1, (reach + ROW_BLOCK - 1) / ROW_BLOCK);
    RowSum<T>* partial = static_cast<RowSum<T>*>(std::malloc(blocks * sizeof(RowSum<T>)));
    if (partial == nullptr) {
      failed_ = true;
      return;
    }
    LongRow job{row, reach, partial, {}, false};
    each_block(job, blocks, threads, false);
    job.total = total_of(partial, blocks);
    if (passes_.has(Y) && passes_.reduces()) reduced(row, job.total);
    if (passes_.has(DX) || !passes_.reduces()) each_block(job, blocks, threads, true);
    std::free(partial);
    passes_.fill_behind(Tile{row, 1, 0, reach});
  }

  void reduced(npy_intp row, const RowTotal& total) {
    const Tile tile{row, 1, 0, 1};
    Scratch s;
    if (!scratch(tile, s)) return;
    s.totals[0] = total;
    passes_.logsumexp(TileAccess<T>(space_, tile), s);
  }

  struct LongRow {
    npy_intp row, reach;
    RowSum<T>* partial;
    RowTotal total;
    bool second;
  };

  // Several blocks at a time: with each a thread begins to read somewhere else.
  void each_block(LongRow& job, npy_intp blocks, int threads, bool second) {
    job.second = second;
    share(blocks, ROW_BLOCK, threads, [&](npy_intp begin, npy_intp end) {
      for (npy_intp i = begin; i < end; ++i) block(job, i);
    });
  }

  void block(LongRow& job, npy_intp i) {
    const npy_intp begin = i * ROW_BLOCK;
    const Tile tile{job.row, 1, begin, std::min(ROW_BLOCK, job.reach - begin)};
    Scratch s;
    if (!scratch(tile, s)) return;
    const TileAccess<T> access(space_, tile);
    T* const kept = passes_.place_to_keep_e(access);
    const bool from_kept = job.second && kept != nullptr && family_ != LOG_SOFTMAX;
    const T* x = from_kept ? nullptr : passes_.read_x(access, tile, s);
    const T* dy = passes_.needs_dots() ? passes_.read_dy(access, tile, s) : nullptr;
    if (kept != nullptr) s.e = kept;
    if (!job.second) {
      if (family_ == HARDMAX)
        passes_.first_tops(access, tile, x, s);
      else
        passes_.first_pass(tile, x, dy, s);
      job.partial[i] = passes_.sums(s, 0);
      return;
    }
    s.totals[0] = job.total;
    if (family_ == HARDMAX) return passes_.hardmax(access, tile, s);
    if (kept != nullptr) {
      passes_.recall(job.partial[i], s);
      return passes_.second_pass(access, tile, x, dy, s);
    }
    passes_.place_e(access, x, s);  // not in the first pass: y may be x, which is needed again
    if (passes_.value_given())
      passes_.copy_into(s.e, x, tile);
    else if (passes_.has(DX) || family_ == SOFTMAX)
      passes_.exp_sum(tile, x, s);
    passes_.second_pass(access, tile, x, dy, s);
  }

  const RowSpace& space_;
  RowPasses<T> passes_;
  Family family_;
  npy_intp per_chunk_ = 1;
  std::atomic<bool> failed_{false};
};

}  // namespace fastact
