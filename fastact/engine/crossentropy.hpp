// Softmax cross-entropy of rows: losses and gradients out of a backend's stages EXP_SUM and SCALE.
//
// A band of rows goes through in blocks of ROW_BLOCK elements: first all that is summed, then all
// that is written. The e of a row are made once: they wait where the gradient will stand, or in
// memory of the band's while that stays in L2; only beyond are they made again.
#pragma once

#include "compensated.hpp"
#include "shortcrossentropy.hpp"

namespace fastact {

template <class T>
class CrossEntropyJob {
 public:
  CrossEntropyJob(const RowSpace& space, const RowKernels& kernels, const Targets& targets)
      : space_(space),
        targets_(targets),
        passes_(space, kernels, targets),
        blocks_(pieces(space.n, ROW_BLOCK)) {}

  // The sum of all losses; NaN and failed() if memory ran out.
  double run(int threads, npy_intp parallel_from) {
    FpGuard guard;
    if (space_.rows * space_.n * npy_intp(sizeof(T)) < parallel_from) threads = 1;
    // Sums are taken over groups of rows that depend on the shape alone.
    group_ = 1;  // a power of 2
    while (group_ < 1024 && 2 * group_ * space_.n <= 32768) group_ *= 2;
    const npy_intp groups = pieces(space_.rows, group_);
    sums_ = static_cast<double*>(std::malloc(groups * sizeof(double)));
    if (sums_ == nullptr) {
      passes_.failed = true;
      return std::numeric_limits<double>::quiet_NaN();
    }
    const bool by_blocks = blocks_ > 1 && space_.rows < 2 * threads;
    in_row_ = by_blocks ? threads : 1;
    const npy_intp unit = std::max(group_, neighbours() ? LINE : 1);
    per_chunk_ =
        by_blocks || threads == 1 ? space_.rows : chunk_size(space_.rows, space_.n, threads);
    per_chunk_ = pieces(per_chunk_, unit) * unit;
    pool().run(
        pieces(space_.rows, per_chunk_), by_blocks ? 1 : threads,
        [](void* job, long i) { static_cast<CrossEntropyJob*>(job)->chunk(i); }, this);
    CompensatedSum total;
    for (npy_intp g = 0; g < groups; ++g) total.add(sums_[g]);
    std::free(sums_);
    return total.value();
  }

  bool failed() const { return passes_.failed; }

 private:
  static constexpr npy_intp LINE = 64 / sizeof(T), TILE = 8192 / sizeof(T);
  static constexpr npy_intp KEPT_BYTES = 524288;

  static npy_intp pieces(npy_intp whole, npy_intp part) { return (whole + part - 1) / part; }

  // Rows next to each other in memory: several of them share each cache line.
  bool neighbours() const {
    return TileAccess<T>::side_by_side(space_, space_.arrays[LOGITS]) ||
           (passes_.has(GRADIENT) && TileAccess<T>::side_by_side(space_, space_.arrays[GRADIENT]));
  }

  npy_intp rows_of_band() const {
    const npy_intp fit = std::max<npy_intp>(1, TILE / space_.n);
    if (neighbours()) return std::max(fit, LINE);
    return fit;
  }

  void chunk(npy_intp i) {
    const npy_intp fit = rows_of_band(), most = fit * blocks_;
    const npy_intp size = fit * space_.n;
    const bool keeps = passes_.has(GRADIENT) && size * npy_intp(sizeof(T)) <= KEPT_BYTES;
    const npy_intp kept = keeps ? size : 0;
    char* memory = static_cast<char*>(std::malloc(
        most * (sizeof(RowSum<T>) + sizeof(TargetSum)) +
        fit * (sizeof(RowTarget) + sizeof(RowTotal) + 3 * sizeof(double)) + kept * sizeof(T) + 64));
    if (memory == nullptr) {
      passes_.failed = true;
      return;
    }
    Band<T> band;
    band.n = space_.n;
    band.blocks = blocks_;
    band.targets = reinterpret_cast<RowTarget*>(memory);
    band.totals = reinterpret_cast<RowTotal*>(band.targets + fit);
    band.labels = reinterpret_cast<double*>(band.totals + fit);
    band.dy = band.labels + fit;
    band.losses = band.dy + fit;
    band.target_sums = reinterpret_cast<TargetSum*>(band.losses + fit);
    band.sums = reinterpret_cast<RowSum<T>*>(band.target_sums + most);
    // Whole cache lines, for the stages' stores.
    const uintptr_t behind = reinterpret_cast<uintptr_t>(band.sums + most);
    band.kept = kept != 0 ? reinterpret_cast<T*>((behind + 63) / 64 * 64) : nullptr;
    const npy_intp end = std::min(space_.rows, (i + 1) * per_chunk_);
    CompensatedSum sum;
    for (npy_intp row = i * per_chunk_; row < end && !passes_.failed; row += band.rows) {
      band.row = row;
      band.rows = std::min({fit, end - row, space_.run_of_rows(row)});
      work(band);
      for (npy_intp r = 0; r < band.rows; ++r) {
        sum.add(band.losses[r]);
        if (((row + r + 1) & (group_ - 1)) != 0 && row + r + 1 != end) continue;
        sums_[(row + r) / group_] = sum.value();
        sum = CompensatedSum();
      }
    }
    std::free(memory);
  }

  void work(Band<T>& band) {
    const TileAccess<double> values(space_, band.tile(0));
    if (passes_.has(DY)) values.line(space_.arrays[DY], band.dy);
    if (targets_.classes) values.line(space_.arrays[LABELS], band.labels);
    if (!targets_.losses) std::fill_n(band.losses, band.rows, 0.0);
    // Rows that need more care come in company: ever more of them at a time.
    npy_intp some = passes_.at_once() ? 16 : band.rows;
    for (npy_intp row = 0; row < band.rows && !passes_.failed; some *= 2) {
      row += passes_.at_once() ? passes_.write_at_once(band.part(row, band.rows - row)) : 0;
      Band<T> part = band.part(row, std::min(some, band.rows - row));
      if (part.rows > 0) one_after_another(part);
      row += part.rows;
    }
    if (passes_.has(LOSS) && !passes_.failed) passes_.write_losses(band);
  }

  void one_after_another(Band<T>& band) {
    for (npy_intp r = 0; r < band.rows; ++r)
      band.targets[r] =
          targets_.of_row(targets_.classes ? band.labels[r] : 0, passes_.has(DY) ? band.dy[r] : 1);
    each_block(band, &CrossEntropyPasses<T>::first_pass);
    if (passes_.failed) return;
    passes_.totals(band);
    if (passes_.has(GRADIENT)) each_block(band, &CrossEntropyPasses<T>::second_pass);
  }

  void each_block(Band<T>& band, void (CrossEntropyPasses<T>::*pass)(Band<T>&, npy_intp)) {
    share(blocks_, band.rows * ROW_BLOCK, in_row_, [&](npy_intp begin, npy_intp end) {
      for (npy_intp i = begin; i < end; ++i) (passes_.*pass)(band, i);
    });
  }

  const RowSpace& space_;
  const Targets& targets_;
  CrossEntropyPasses<T> passes_;
  npy_intp blocks_, group_ = 1, per_chunk_ = 1;
  int in_row_ = 1;
  double* sums_ = nullptr;
};

}  // namespace fastact
