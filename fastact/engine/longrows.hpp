// Rows longer than a block: in blocks, whose partial results are combined, one after the other or,
// being neighbours, side by side.
#pragma once

#include <atomic>

#include "rowpasses.hpp"

namespace fastact {

template <class T>
class LongRows {
 public:
  // Neighbours that are worth a cache line, and that a backend goes down together.
  static constexpr npy_intp LINE = 64 / sizeof(T), MOST = 6 * LINE;

  LongRows(const RowSpace& space, const RowPasses<T>& passes, std::atomic<bool>& failed)
      : space_(space), passes_(passes), failed_(failed) {}

  // Of one row, or of at most MOST neighbours, with their blocks shared by the threads.
  void run(const Tile& tile, int threads) {
    if (down_columns(tile, threads)) return;
    for (npy_intp r = 0; r < tile.rows; r += LINE)
      in_blocks(Tile{tile.row + r, std::min(LINE, tile.rows - r), 0, space_.n}, threads);
  }

 private:
  typedef typename RowPasses<T>::Scratch Scratch;

  // Long rows in blocks, and what is known of them after the first pass.
  struct Job {
    Tile tile;
    npy_intp blocks;
    RowSum<T>* sums;  // those of a row's blocks, one row after the other
    RowTotal totals[MOST];

    Job(const Tile& rows, npy_intp reach)
        : tile{rows.row, rows.rows, 0, reach},
          blocks(std::max<npy_intp>(1, (reach + ROW_BLOCK - 1) / ROW_BLOCK)),
          sums(static_cast<RowSum<T>*>(std::malloc(rows.rows * blocks * sizeof(RowSum<T>)))) {}
    Job(const Job&) = delete;
    ~Job() { std::free(sums); }

    Tile block(npy_intp i) const {
      const npy_intp begin = i * ROW_BLOCK;
      return {tile.row, tile.rows, begin, std::min(ROW_BLOCK, tile.n - begin)};
    }
    RowSum<T>& sum(npy_intp r, npy_intp i) const { return sums[r * blocks + i]; }
  };

  // Several blocks at a time: with each a thread begins to read somewhere else.
  template <class Pass>
  void each_block(const Job& job, int threads, Pass pass) {
    share(job.blocks, job.tile.rows * ROW_BLOCK, threads, [&](npy_intp begin, npy_intp end) {
      for (npy_intp i = begin; i < end; ++i) pass(i);
    });
  }

  void keep_sums(const Job& job, npy_intp i, const Scratch& s) const {
    for (npy_intp r = 0; r < job.tile.rows; ++r) job.sum(r, i) = passes_.sums(s, r);
  }

  void recall(const Job& job, npy_intp i, const Scratch& s) const {
    for (npy_intp r = 0; r < job.tile.rows; ++r) passes_.recall(job.sum(r, i), s, r);
  }

  void set_totals(Job& job) const {
    for (npy_intp r = 0; r < job.tile.rows; ++r)
      job.totals[r] = passes_.total_of(job.sums + r * job.blocks, job.blocks);
  }

  void write_reduced(const Job& job) {
    const Tile tile{job.tile.row, job.tile.rows, 0, 1};
    Scratch s;
    if (!scratch(tile, s)) return;
    std::copy_n(job.totals, tile.rows, s.totals);
    passes_.logsumexp(TileAccess<T>(space_, tile), s);
  }

  // All first passes, the rows' totals, all second passes. These make e again if there is no place
  // to keep it: that would take memory that grows with the row.
  void in_blocks(const Tile& rows, int threads) {
    Job job(rows, space_.reach(rows.row));
    if (job.sums == nullptr) {
      failed_ = true;
      return;
    }
    each_block(job, threads, [&](npy_intp i) { first(job, i); });
    set_totals(job);
    if (passes_.has(Y) && passes_.reduces()) write_reduced(job);
    if (passes_.has(DX) || !passes_.reduces())
      each_block(job, threads, [&](npy_intp i) { second(job, i); });
    passes_.fill_behind(job.tile);
  }

  void first(const Job& job, npy_intp i) {
    const Tile tile = job.block(i);
    Scratch s;
    if (!scratch(tile, s)) return;
    const TileAccess<T> access(space_, tile);
    const T* x = passes_.read_x(access, tile, s);
    const T* dy = passes_.needs_dots() ? passes_.read_dy(access, tile, s) : nullptr;
    if (T* kept = passes_.place_to_keep_e(access)) s.e = kept;
    if (passes_.family() == HARDMAX)
      passes_.first_tops(access, tile, x, s);
    else
      passes_.first_pass(tile, x, dy, s);
    keep_sums(job, i, s);
  }

  void second(const Job& job, npy_intp i) {
    const Tile tile = job.block(i);
    Scratch s;
    if (!scratch(tile, s)) return;
    const TileAccess<T> access(space_, tile);
    T* const kept = passes_.place_to_keep_e(access);
    const bool from_kept = kept != nullptr && passes_.family() != LOG_SOFTMAX;
    const T* x = from_kept ? nullptr : passes_.read_x(access, tile, s);
    const T* dy = passes_.needs_dots() ? passes_.read_dy(access, tile, s) : nullptr;
    std::copy_n(job.totals, tile.rows, s.totals);
    if (passes_.family() == HARDMAX) return passes_.hardmax(access, tile, s);
    if (kept != nullptr) {
      s.e = kept;
      recall(job, i, s);
      return passes_.second_pass(access, tile, x, dy, s);
    }
    passes_.place_e(access, x, s);  // not in the first pass: y may be x, which is needed again
    if (passes_.value_given())
      passes_.copy_into(s.e, x, tile);
    else if (passes_.has(DX) || passes_.family() == SOFTMAX)
      passes_.exp_sum(tile, x, s);
    passes_.second_pass(access, tile, x, dy, s);
  }

  // The same as the rows lie, down an array. False: more is asked, or a row is not ordinary.
  bool down_columns(const Tile& rows, int threads) {
    if (!passes_.down_columns(rows)) return false;
    const Tile lines{rows.row, rows.rows, 0, 1};  // in scratch there is a number of each row
    Job job(rows, space_.n);
    std::atomic<bool> ordinary{job.sums != nullptr};
    if (!ordinary) return false;
    each_block(job, threads, [&](npy_intp i) {
      Scratch s;
      if (!ordinary || !scratch(lines, s)) return;
      if (!passes_.sum_columns(job.block(i), s)) ordinary = false;
      keep_sums(job, i, s);
    });
    if (!ordinary) return false;
    set_totals(job);
    if (passes_.reduces()) {
      write_reduced(job);
      return true;
    }
    each_block(job, threads, [&](npy_intp i) {
      Scratch s;
      if (!scratch(lines, s)) return;
      recall(job, i, s);
      std::copy_n(job.totals, rows.rows, s.totals);
      passes_.write_columns(job.block(i), s);
    });
    return true;
  }

  bool scratch(const Tile& tile, Scratch& s) {
    const bool there = passes_.scratch(tile, s);
    if (!there) failed_ = true;
    return there;
  }

  const RowSpace& space_;
  const RowPasses<T>& passes_;
  std::atomic<bool>& failed_;
};

}  // namespace fastact
