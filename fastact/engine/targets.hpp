// What rows of logits are compared with: one class each, or a share for every class.
#pragma once

#include <numpy/npy_common.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "rowsum.hpp"
#include "targetloops.hpp"

namespace fastact {

// Over a block, whose largest logit is `top`.
struct TargetSum {
  double at_top;  // share of the class whose logit is the largest
  double others;  // of all others
  double cross;   // sum of share * (top - x)
};

struct RowTarget {
  npy_intp label = -1;  // -1: none
  double mass = 0;      // the label's own share
  double scale = 0;     // of the gradient
  bool ignored = false;
  double logit = 0;                          // of the label
  double at_top = 0, others = 0, cross = 0;  // as TargetSum has them, of the row
  double slope = 0;                          // of the label

  double whole() const { return at_top + others; }

  void begin(double top) {
    at_top = others = cross = 0;
    if (label < 0) return;
    (logit == top ? at_top : others) = mass;
    cross = logit == top ? 0 : part_of(mass, top - logit);
  }

  void add(const TargetSum& block, double block_top, double top) {
    if (block_top == top)
      at_top += block.at_top;
    else
      others += block.at_top;
    others += block.others;
    cross += block.cross;
    if (block_top != top) cross += part_of(block.at_top + block.others, top - block_top);
  }

  // `log_rest`: t's.
  double loss_of(const RowTotal& t, double log_rest) const {
    constexpr double INF = std::numeric_limits<double>::infinity();
    // Of several infinite logits each has an undefined share of the sum, of none but -inf all have.
    if (t.top == -INF || (t.top == INF && t.rest != 0 && at_top != 0) || std::isnan(t.rest))
      return std::numeric_limits<double>::quiet_NaN();
    return cross + (t.top == INF ? 0 : whole() * log_rest);
  }

  // The gradient where the logit is the largest, and no other class has a share in at_top.
  double slope_at_top(const RowTotal& t) const {
    constexpr double INF = std::numeric_limits<double>::infinity();
    if (t.top == -INF || (t.top == INF && t.rest != 0))
      return std::numeric_limits<double>::quiet_NaN();
    return scale * (others - whole() * (t.rest / t.sum()));
  }
};

// What holds for all rows.
struct Targets {
  bool classes = true;            // labels are numbers of classes; else shares for every class
  bool shares_as_logits = false;  // these are floats, and so are the logits
  npy_intp n = 0;
  double smoothing = 0;
  bool ignores = false;
  double ignored = 0;               // the label that is ignored
  const double* weights = nullptr;  // one per class
  double scale = 1;                 // of all gradients
  bool losses = true;               // are asked for, or their sum

  // Every class has a share.
  bool dense() const { return !classes || smoothing != 0; }

  // What smoothing alone gives a class.
  double spread(npy_intp label) const {
    return smoothing / n * (weights != nullptr ? weights[label] : 1);
  }

  RowTarget of_row(double label, double dy) const {
    RowTarget row;
    row.scale = dy * scale;
    if (!classes) return row;
    row.ignored = ignores && label == ignored;
    if (row.ignored) return row;
    row.label = static_cast<npy_intp>(label);
    row.mass = (1 - smoothing) * (weights != nullptr ? weights[row.label] : 1);
    return row;
  }

  // Of elements [begin, begin + count) of a row; the labels' own shares are left out. Where several
  // finite logits are the largest, at_top is the share of the first.
  template <class T, class LABEL>
  TargetSum sums(const T* x, const LABEL* labels, npy_intp begin, npy_intp count,
                 double top) const {
    const vector_loops::Shares<LABEL> shares = shares_of(labels, begin);
    npy_intp last = count;
    vector_loops::Sums sums = vector_loops::best_sum(x, count, shares, top, last);
    if (sums.tops > 1) {
      last = std::find(x, x + count, T(top)) - x;
      sums = vector_loops::best_sum(x, count, shares, top, last);
    }
    if (!std::isfinite(sums.cross))
      sums = vector_loops::sum<true, vector_loops::Plain>(x, count, shares, top, last);
    TargetSum total{sums.at_top, sums.others, sums.cross};
    if (std::isfinite(total.cross)) return total;
    // An infinite share, or the difference of infinities.
    total = TargetSum{0, 0, 0};
    for (npy_intp i = 0; i < count; ++i) {
      (x[i] == top ? total.at_top : total.others) += shares.of(i);
      if (x[i] != top) total.cross += part_of(shares.of(i), top - x[i]);
    }
    return total;
  }

  // e * factor - scale * share, likewise.
  template <class T, class LABEL>
  void slopes(const T* e, const LABEL* labels, npy_intp begin, npy_intp count, double factor,
              double scale, T* out) const {
    const vector_loops::Shares<LABEL> shares = shares_of(labels, begin);
    vector_loops::best_slopes(e, count, shares, factor, scale, out);
  }

 private:
  template <class LABEL>
  vector_loops::Shares<LABEL> shares_of(const LABEL* labels, npy_intp begin) const {
    return {labels, weights != nullptr ? weights + begin : nullptr, 1 - smoothing, smoothing / n};
  }
};

}  // namespace fastact
