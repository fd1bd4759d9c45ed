// Softmax cross-entropy on one tile of rows: first what is summed, then, the totals of the rows
// being known, what is written.
//
// A row's target gives every class a share q; the loss is sum(q * (log_sum - x)), taken as
// sum(q) * log(1 + rest/peak) + sum(q * (top - x)): nothing cancels. The gradient is
// sum(q) * softmax - q; where one class has more than half of the softmax, of that class it is
// (sum of the other q) - sum(q) * rest/sum, which keeps its digits.
#pragma once

#include "band.hpp"

namespace fastact {

template <class T>
class CrossEntropyPasses {
 public:
  CrossEntropyPasses(const RowSpace& space, const RowKernels& kernels, const Targets& targets)
      : space_(space), kernels_(kernels), targets_(targets) {}

  std::atomic<bool> failed{false};  // memory ran out

  bool has(RowRole role) const { return space_.arrays[role].base != nullptr; }

  void first_pass(Band<T>& band, npy_intp block) {
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
    const Labels labels = labels_of(access, s);
    for (npy_intp r = 0; r < tile.rows; ++r) {
      band.sum(block, r) =
          RowSum<T>{s.top[r], s.rest[r], s.peak[r], s.base[r], s.exponent[r], 0, 0};
      if (targets_.dense())
        labels.of_row(r * tile.n, [&](auto* of_row) {
          band.target_sum(block, r) =
              targets_.sums(x + r * tile.n, of_row, tile.begin, tile.n, s.top[r]);
        });
    }
  }

  // The rows' sums, and their losses.
  void totals(Band<T>& band) {
    for (npy_intp r = 0; r < band.rows; ++r) {
      const RowSum<T>* sums = &band.sum(0, r);
      const RowTotal t = band.totals[r] = combine(sums, band.blocks, LOGSUMEXP);
      band.targets[r].begin(t.top);
      for (npy_intp b = 0; b < band.blocks && targets_.dense(); ++b)
        band.targets[r].add(band.target_sum(b, r), sums[b].top, t.top);
    }
    if (!targets_.losses) return;
    double* const logs = band.losses;
    log_rests(kernels_.stages[LOG_REST], band.totals, band.rows, logs);
    for (npy_intp r = 0; r < band.rows; ++r) {
      const RowTarget& target = band.targets[r];
      band.losses[r] = target.ignored ? 0 : target.loss_of(band.totals[r], logs[r]);
    }
  }

  void write_losses(const Band<T>& band) {
    Scratch s;
    if (!scratch(band.tile(0), s)) return;
    for (npy_intp r = 0; r < band.rows; ++r) s.top[r] = T(band.losses[r]);
    TileAccess<T>(space_, band.tile(0)).set_line(space_.arrays[LOSS], s.top);
  }

  // Are rows as short as these computed side by side?
  bool at_once() const {
    return kernels_.stages[CROSS_ENTROPY] != nullptr && space_.n <= SHORT_ROW;
  }

  // Their losses and gradients. How many: up to the first that need more care.
  npy_intp write_at_once(const Band<T>& band);

  void second_pass(Band<T>& band, npy_intp block) {
    Second pass{band, block, band.tile(block), {}, nullptr, nullptr, {}};
    const Tile& tile = pass.tile;
    Scratch& s = pass.s;
    if (!scratch(tile, s)) return;
    const TileAccess<T> access(space_, tile);
    pass.e = place_of_e(band, access, s.e);
    if (pass.e == s.e) exp_sum(tile, access.read(space_.arrays[LOGITS], s.x), s.e, s);
    T* direct = access.direct(space_.arrays[GRADIENT]);
    pass.out = direct == nullptr || kernels_.strict ? s.out : direct;
    pass.labels = labels_of(access, s);
    npy_intp done = 0;
    for (npy_intp r = 0; r < tile.rows; ++r) {
      RowSum<T>& sum = band.sum(block, r);
      bring_down(band.totals[r], pass.e + r * tile.n, tile.n, &sum.peak, sum.base, &sum.exponent);
      undefined_tops(pass.e + r * tile.n, tile.n, sum, band.totals[r]);
      const double factor = s.whole_factor[r] = factor_of(band, block, r);
      s.factor[r] = T(factor);
      s.factor_low[r] = T(factor - s.factor[r]);
      if (!targets_.dense() && is_ordinary(s.factor[r])) continue;
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

 private:
  // Of one tile; all disjoint, since a Numba loop must not see aliases.
  struct Scratch {
    T *x, *e, *out;
    double *labels, *whole_factor;
    T *top, *rest, *peak, *base, *exponent, *factor, *factor_low;
  };

  bool scratch(const Tile& tile, Scratch& s) {
    const npy_intp block = padded(tile.rows * tile.n), line = padded(tile.rows);
    const npy_intp labels = targets_.classes ? 0 : block;
    char* p = static_cast<char*>(
        thread_scratch((3 * block + 7 * line) * sizeof(T) + (labels + line) * sizeof(double)));
    if (p == nullptr) {
      failed = true;
      return false;
    }
    s.labels = reinterpret_cast<double*>(p);
    s.whole_factor = s.labels + labels;
    T* t = reinterpret_cast<T*>(s.whole_factor + line);
    for (T** b : {&s.x, &s.e, &s.out}) *b = t, t += block;
    for (T** l : {&s.top, &s.rest, &s.peak, &s.base, &s.exponent, &s.factor, &s.factor_low})
      *l = t, t += line;
    return true;
  }

  // Where the e of a tile wait for the second pass; `fresh` if they do not.
  T* place_of_e(const Band<T>& band, const TileAccess<T>& access, T* fresh) const {
    if (!has(GRADIENT)) return fresh;
    if (T* direct = access.direct(space_.arrays[GRADIENT])) return direct;
    return band.kept != nullptr ? band.kept + band.rows * access.tile().begin : fresh;
  }

  void exp_sum(const Tile& tile, const T* x, T* e, const Scratch& s) const {
    const T* arguments[] = {x, e, s.top, s.rest, s.peak, s.base, s.exponent};
    stage(kernels_.stages[EXP_SUM_NEAR] != nullptr ? EXP_SUM_NEAR : EXP_SUM, tile, arguments);
  }

  template <int N>
  void stage(Stage which, const Tile& tile, const T* (&arguments)[N]) const {
    char* args[N];
    for (int k = 0; k < N; ++k) args[k] = reinterpret_cast<char*>(const_cast<T*>(arguments[k]));
    const npy_intp dims[2] = {tile.rows, tile.n};
    kernels_.stages[which](args, dims, nullptr, nullptr);
  }

  const double* read_labels(const Tile& tile, const Scratch& s) const {
    if (targets_.classes) return nullptr;
    return TileAccess<double>(space_, tile).read(space_.arrays[LABELS], s.labels);
  }

  // Shares of every class, as they lie or as doubles; neither for numbers of classes.
  struct Labels {
    const T* same = nullptr;
    const double* wide = nullptr;

    template <class Use>
    void of_row(npy_intp at, Use use) const {
      if (same != nullptr)
        use(same + at);
      else
        use(wide != nullptr ? wide + at : nullptr);
    }
  };

  Labels labels_of(const TileAccess<T>& access, const Scratch& s) const {
    Labels labels;
    labels.same = shares_as_they_are(access);
    if (labels.same == nullptr) labels.wide = read_labels(access.tile(), s);
    return labels;
  }

  const T* shares_as_they_are(const TileAccess<T>& access) const {
    RowArray shares = space_.arrays[LABELS];
    shares.native = targets_.shares_as_logits;
    return access.direct(shares);
  }

  // A tile in its second pass.
  struct Second {
    Band<T>& band;
    npy_intp block;
    Tile tile;
    Scratch s;
    T *e, *out;
    Labels labels;
  };

  // What makes a gradient of a block's e.
  double factor_of(const Band<T>& band, npy_intp block, npy_intp r) const {
    const RowSum<T>& sum = band.sum(block, r);
    const RowTotal& t = band.totals[r];
    const RowTarget& target = band.targets[r];
    return weight(sum.base, sum.exponent, t) / t.sum() * (target.scale * target.whole());
  }

  // A factor may be infinite in T, or lack digits, where what it makes of a small or a large e does
  // not.
  static bool is_ordinary(T factor) {
    constexpr T LEAST = sizeof(T) == 4 ? T(0x1p-100) : T(0x1p-960);
    return factor == 0 || std::isnan(factor) || (std::fabs(factor) >= LEAST && !std::isinf(factor));
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
      const double share = pass.s.whole_factor[r] * pass.e[r * n + at];
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
    const double factor = pass.s.whole_factor[r], share = here ? factor * e[at] : 0;
    pass.labels.of_row(r * tile.n, [&](auto* labels) {
      targets_.slopes(e, labels, tile.begin, tile.n, factor, target.scale, out);
    });
    if (here) out[at] = T(share - target.scale * (target.mass + targets_.spread(target.label)));
    if (largest >= 0) out[largest] = T(target.slope_at_top(t));
  }

  static npy_intp padded(npy_intp count) { return (count + 63) / 64 * 64; }

  const RowSpace& space_;
  const RowKernels& kernels_;
  const Targets& targets_;
};

}  // namespace fastact
