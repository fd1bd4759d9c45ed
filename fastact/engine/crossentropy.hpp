// Softmax cross-entropy of rows: losses and gradients out of a backend's stages EXP_SUM and SCALE.
//
// A row's target gives every class a share q; the loss is sum(q * (log_sum - x)), taken as
// sum(q) * log(1 + rest/peak) + sum(q * (top - x)): nothing cancels. The gradient is
// sum(q) * softmax - q; where one class has more than half of the softmax, of that class it is
// (sum of the other q) - sum(q) * rest/sum, which keeps its digits.
//
// A band of rows goes through in blocks of ROW_BLOCK elements: first all that is summed, then all
// that is written. The e of a row are made once: they wait where the gradient will stand, or in
// memory of the band's while that stays in L2; only beyond are they made again.
#pragma once

#include "compensated.hpp"
#include "rowjob.hpp"
#include "targets.hpp"

namespace fastact {

// The roles of a RowSpace as they are here. Labels, dy and losses have a value per row.
constexpr RowRole LOGITS = X, LABELS = MASK, LOSS = Y, GRADIENT = DX;

template <class T>
class CrossEntropyJob {
 public:
  CrossEntropyJob(const RowSpace& space, const RowKernels& kernels, const Targets& targets)
      : space_(space), kernels_(kernels), targets_(targets), blocks_(pieces(space.n, ROW_BLOCK)) {}

  // The sum of all losses; NaN and failed() if memory ran out.
  double run(int threads, npy_intp parallel_from) {
    FpGuard guard;
    if (space_.rows * space_.n < parallel_from) threads = 1;
    // Sums are taken over groups of rows that depend on the shape alone.
    group_ = 1;
    while (group_ < 1024 && 2 * group_ * space_.n <= 32768) group_ *= 2;
    const npy_intp groups = pieces(space_.rows, group_);
    sums_ = static_cast<double*>(std::malloc(groups * sizeof(double)));
    if (sums_ == nullptr) {
      failed_ = true;
      return std::numeric_limits<double>::quiet_NaN();
    }
    const bool by_blocks = blocks_ > 1 && space_.rows < 2 * threads;
    in_row_ = by_blocks ? threads : 1;
    const npy_intp least = std::max<npy_intp>(1, MIN_CHUNK / space_.n);
    const npy_intp unit = std::max(group_, neighbours() ? LINE : 1);
    per_chunk_ = by_blocks || threads == 1 ? space_.rows
                                           : std::max(space_.rows / (4 * threads), least);
    per_chunk_ = pieces(per_chunk_, unit) * unit;
    pool().run(pieces(space_.rows, per_chunk_), by_blocks ? 1 : threads,
               [](void* job, long i) { static_cast<CrossEntropyJob*>(job)->chunk(i); }, this);
    CompensatedSum total;
    for (npy_intp g = 0; g < groups; ++g) total.add(sums_[g]);
    std::free(sums_);
    return total.value();
  }

  bool failed() const { return failed_; }

 private:
  static constexpr npy_intp LINE = 64 / sizeof(T), TILE = 8192 / sizeof(T);
  static constexpr npy_intp KEPT_BYTES = 524288;

  static npy_intp pieces(npy_intp whole, npy_intp part) { return (whole + part - 1) / part; }

  bool has(RowRole role) const { return space_.arrays[role].base != nullptr; }

  // Rows next to each other in memory: several of them share each cache line.
  bool neighbours() const {
    return TileAccess<T>::transposed(space_, space_.arrays[LOGITS]) ||
           (has(GRADIENT) && TileAccess<T>::transposed(space_, space_.arrays[GRADIENT]));
  }

  npy_intp rows_of_band() const {
    const npy_intp fit = std::max<npy_intp>(1, TILE / space_.n);
    if (neighbours()) return std::max(fit, LINE);
    return fit;
  }

  // Some rows, and what is known of them.
  struct Band {
    CrossEntropyJob* job;
    npy_intp row, rows;
    T* kept;  // the e of all blocks, or NULL
    RowSum<T>* sums;         // [row][block]
    TargetSum* target_sums;  // [row][block]
    RowTarget* targets;      // [row]
    RowTotal* totals;        // [row]

    RowSum<T>& sum(npy_intp block, npy_intp r) const { return sums[r * job->blocks_ + block]; }
    TargetSum& target_sum(npy_intp block, npy_intp r) const {
      return target_sums[r * job->blocks_ + block];
    }

    Tile tile(npy_intp block) const {
      const npy_intp begin = block * ROW_BLOCK;
      return {row, rows, begin, std::min(ROW_BLOCK, job->space_.n - begin)};
    }
  };

  // Of one tile; all disjoint, since a Numba loop must not see aliases.
  struct Scratch {
    T *x, *e, *out;
    double* labels;
    T *top, *rest, *peak, *base, *exponent, *factor, *factor_low;
  };

  bool scratch(const Tile& tile, Scratch& s) {
    const npy_intp block = pieces(tile.rows * tile.n, 64) * 64, line = pieces(tile.rows, 64) * 64;
    const npy_intp labels = targets_.classes ? 0 : block;
    char* p = static_cast<char*>(
        thread_scratch((3 * block + 7 * line) * sizeof(T) + labels * sizeof(double)));
    if (p == nullptr) {
      failed_ = true;
      return false;
    }
    s.labels = reinterpret_cast<double*>(p);
    T* t = reinterpret_cast<T*>(p + labels * sizeof(double));
    for (T** b : {&s.x, &s.e, &s.out}) *b = t, t += block;
    for (T** l : {&s.top, &s.rest, &s.peak, &s.base, &s.exponent, &s.factor, &s.factor_low})
      *l = t, t += line;
    return true;
  }

  void chunk(npy_intp i) {
    const npy_intp fit = rows_of_band(), most = fit * blocks_;
    const npy_intp kept =
        has(GRADIENT) && fit * space_.n * npy_intp(sizeof(T)) <= KEPT_BYTES ? fit * space_.n : 0;
    char* memory = static_cast<char*>(
        std::malloc(most * (sizeof(RowSum<T>) + sizeof(TargetSum)) +
                    fit * (sizeof(RowTarget) + sizeof(RowTotal)) + kept * sizeof(T) + 64));
    if (memory == nullptr) {
      failed_ = true;
      return;
    }
    Band band;
    band.job = this;
    band.targets = reinterpret_cast<RowTarget*>(memory);
    band.totals = reinterpret_cast<RowTotal*>(band.targets + fit);
    band.target_sums = reinterpret_cast<TargetSum*>(band.totals + fit);
    band.sums = reinterpret_cast<RowSum<T>*>(band.target_sums + most);
    // Whole cache lines, for the stages' stores.
    const uintptr_t behind = reinterpret_cast<uintptr_t>(band.sums + most);
    band.kept = kept != 0 ? reinterpret_cast<T*>((behind + 63) / 64 * 64) : nullptr;
    const npy_intp end = std::min(space_.rows, (i + 1) * per_chunk_);
    CompensatedSum sum;
    for (npy_intp row = i * per_chunk_; row < end && !failed_; row += band.rows) {
      band.row = row;
      band.rows = std::min({fit, end - row, space_.run_of_rows(row)});
      work(band);
      for (npy_intp r = 0; r < band.rows; ++r) {
        sum.add(band.targets[r].loss);
        if ((row + r + 1) % group_ != 0 && row + r + 1 != end) continue;
        sums_[(row + r) / group_] = sum.value();
        sum = CompensatedSum();
      }
    }
    std::free(memory);
  }

  void work(Band& band) {
    const TileAccess<double> labels(space_, band.tile(0));
    for (npy_intp r = 0; r < band.rows; ++r) {
      const double dy = has(DY) ? labels.value(space_.arrays[DY], r) : 1;
      const double label = targets_.classes ? labels.value(space_.arrays[LABELS], r) : 0;
      band.targets[r] = targets_.of_row(label, dy);
    }
    each_block(band, &CrossEntropyJob::first_pass);
    if (failed_) return;
    for (npy_intp r = 0; r < band.rows; ++r) total(band, r);
    if (has(GRADIENT)) each_block(band, &CrossEntropyJob::second_pass);
  }

  void each_block(Band& band, void (CrossEntropyJob::*pass)(Band&, npy_intp)) {
    struct Call {
      Band& band;
      void (CrossEntropyJob::*pass)(Band&, npy_intp);
    } call{band, pass};
    pool().run(blocks_, in_row_,
               [](void* context, long i) {
                 Call& c = *static_cast<Call*>(context);
                 (c.band.job->*c.pass)(c.band, i);
               },
               &call);
  }

  // Where the e of a tile wait for the second pass; `fresh` if they do not.
  T* place_of_e(const Band& band, const TileAccess<T>& access, T* fresh) const {
    if (!has(GRADIENT)) return fresh;
    if (T* direct = access.direct(space_.arrays[GRADIENT])) return direct;
    return band.kept != nullptr ? band.kept + band.rows * access.tile().begin : fresh;
  }

  void exp_sum(const Tile& tile, const T* x, T* e, const Scratch& s) const {
    const T* arguments[] = {x, e, s.top, s.rest, s.peak, s.base, s.exponent};
    stage(EXP_SUM, tile, arguments);
  }

  template <int N>
  void stage(Stage which, const Tile& tile, const T* (&arguments)[N]) const {
    char* args[N];
    for (int k = 0; k < N; ++k) args[k] = reinterpret_cast<char*>(const_cast<T*>(arguments[k]));
    const npy_intp dims[2] = {tile.rows, tile.n};
    kernels_.stages[which](args, dims, nullptr, nullptr);
  }

  void first_pass(Band& band, npy_intp block) {
    const Tile tile = band.tile(block);
    Scratch s;
    if (!scratch(tile, s)) return;
    const TileAccess<T> access(space_, tile);
    const T* x = access.read(space_.arrays[LOGITS], s.x);
    T* e = place_of_e(band, access, s.e);
    const npy_intp size = tile.rows * tile.n;
    // The gradient may lie over the logits; those are needed once more for a target's sums.
    if (x == e && (kernels_.strict || targets_.dense())) {
      std::memcpy(s.x, x, size * sizeof(T));
      x = s.x;
    }
    for (npy_intp r = 0; r < tile.rows; ++r) {
      RowTarget& target = band.targets[r];
      const npy_intp at = target.label - tile.begin;
      if (at >= 0 && at < tile.n) target.logit = x[r * tile.n + at];
    }
    exp_sum(tile, x, e, s);
    const double* labels = read_labels(tile, s);
    for (npy_intp r = 0; r < tile.rows; ++r) {
      band.sum(block, r) =
          RowSum<T>{s.top[r], s.rest[r], s.peak[r], s.base[r], s.exponent[r], 0, 0};
      if (targets_.dense())
        band.target_sum(block, r) =
            targets_.sums(x + r * tile.n, labels ? labels + r * tile.n : nullptr, tile.begin,
                          tile.n, s.top[r]);
    }
  }

  const double* read_labels(const Tile& tile, const Scratch& s) const {
    if (targets_.classes) return nullptr;
    return TileAccess<double>(space_, tile).read(space_.arrays[LABELS], s.labels);
  }

  // The row's sums, and its loss.
  void total(Band& band, npy_intp r) {
    RowTarget& target = band.targets[r];
    const RowSum<T>* sums = &band.sum(0, r);
    const RowTotal t = band.totals[r] = combine(sums, blocks_, LOGSUMEXP);
    target.begin(t.top);
    for (npy_intp b = 0; b < blocks_ && targets_.dense(); ++b)
      target.add(band.target_sum(b, r), sums[b].top, t.top);
    target.loss = target.ignored ? 0 : target.loss_of(t);
    if (has(LOSS))
      TileAccess<T>(space_, band.tile(0)).set_value(space_.arrays[LOSS], r, T(target.loss));
  }

  // A tile in its second pass.
  struct Second {
    Band& band;
    npy_intp block;
    Tile tile;
    Scratch s;
    T *e, *out;
    const double* labels;
  };

  void second_pass(Band& band, npy_intp block) {
    Second pass{band, block, band.tile(block), {}, nullptr, nullptr, nullptr};
    const Tile& tile = pass.tile;
    Scratch& s = pass.s;
    if (!scratch(tile, s)) return;
    const TileAccess<T> access(space_, tile);
    pass.e = place_of_e(band, access, s.e);
    if (pass.e == s.e) exp_sum(tile, access.read(space_.arrays[LOGITS], s.x), s.e, s);
    T* direct = access.direct(space_.arrays[GRADIENT]);
    pass.out = direct == nullptr || kernels_.strict ? s.out : direct;
    pass.labels = read_labels(tile, s);
    npy_intp done = 0;
    for (npy_intp r = 0; r < tile.rows; ++r) {
      undefined_tops(pass.e + r * tile.n, tile.n, band.sum(block, r), band.totals[r]);
      const double factor = factor_of(band, block, r);
      s.factor[r] = T(factor);
      s.factor_low[r] = T(factor - s.factor[r]);
      // A factor may be infinite in T where what it makes of a small e is not.
      if (!targets_.dense() && !std::isinf(s.factor[r])) continue;
      scaled_rows(pass, done, r);
      row_in_double(pass, r);
      done = r + 1;
    }
    scaled_rows(pass, done, tile.rows);
    if (direct != nullptr && pass.out != direct)
      std::memcpy(direct, pass.out, tile.rows * tile.n * sizeof(T));
    else
      access.write(space_.arrays[GRADIENT], pass.out);
  }

  // What makes a gradient of a block's e.
  double factor_of(const Band& band, npy_intp block, npy_intp r) const {
    const RowSum<T>& sum = band.sum(block, r);
    const RowTotal& t = band.totals[r];
    const RowTarget& target = band.targets[r];
    return weight(sum.base, sum.exponent, t) / t.sum() * (target.scale * target.whole());
  }

  // Several infinite logits: of each the softmax is as undefined as inf/inf.
  static void undefined_tops(T* e, npy_intp n, const RowSum<T>& sum, const RowTotal& t) {
    if (sum.top != std::numeric_limits<T>::infinity() || t.rest == 0) return;
    for (npy_intp i = 0; i < n; ++i)
      if (e[i] == 1) e[i] = std::numeric_limits<T>::quiet_NaN();
  }

  // Rows [first, last) whose label alone has a share.
  void scaled_rows(Second& pass, npy_intp first, npy_intp last) {
    const npy_intp n = pass.tile.n;
    const Tile tile{pass.tile.row + first, last - first, pass.tile.begin, n};
    if (tile.rows == 0) return;
    const auto position = [&](npy_intp r) { return pass.band.targets[r].label - tile.begin; };
    for (npy_intp r = first; r < last; ++r) {
      RowTarget& target = pass.band.targets[r];
      const npy_intp at = position(r);
      if (at < 0 || at >= n) continue;
      const double share = factor_of(pass.band, pass.block, r) * pass.e[r * n + at];
      target.slope = target.at_top == 0 ? share - target.scale * target.mass
                                        : target.slope_at_top(pass.band.totals[r]);
    }
    const T* arguments[] = {pass.e + first * n, pass.s.factor + first, pass.s.factor_low + first,
                            pass.out + first * n};
    stage(SCALE, tile, arguments);
    for (npy_intp r = first; r < last; ++r) {
      const npy_intp at = position(r);
      if (at >= 0 && at < n) pass.out[r * n + at] = T(pass.band.targets[r].slope);
      if (pass.band.targets[r].ignored) std::memset(pass.out + r * n, 0, n * sizeof(T));
    }
  }

  void row_in_double(const Second& pass, npy_intp r) const {
    const Tile& tile = pass.tile;
    const RowTarget& target = pass.band.targets[r];
    const RowTotal& t = pass.band.totals[r];
    const RowSum<T>& sum = pass.band.sum(pass.block, r);
    const T* e = pass.e + r * tile.n;
    T* out = pass.out + r * tile.n;
    if (target.ignored) {
      std::memset(out, 0, tile.n * sizeof(T));
      return;
    }
    npy_intp largest = -1;  // the class that has more than half of the softmax
    if (sum.top == t.top && t.peak > t.rest)
      for (npy_intp i = 0; i < tile.n && largest < 0; ++i)
        if (e[i] == sum.peak) largest = i;
    const npy_intp at = target.label - tile.begin;
    const bool here = at >= 0 && at < tile.n;
    const double factor = factor_of(pass.band, pass.block, r), share = here ? factor * e[at] : 0;
    targets_.slopes(e, pass.labels ? pass.labels + r * tile.n : nullptr, tile.begin, tile.n,
                    factor, target.scale, out);
    if (here) out[at] = T(share - target.scale * (target.mass + targets_.spread(target.label)));
    if (largest >= 0) out[largest] = T(target.slope_at_top(t));
  }

  const RowSpace& space_;
  const RowKernels& kernels_;
  const Targets& targets_;
  npy_intp blocks_, group_ = 1, per_chunk_ = 1;
  int in_row_ = 1;
  double* sums_ = nullptr;
  std::atomic<bool> failed_{false};
};

}  // namespace fastact
