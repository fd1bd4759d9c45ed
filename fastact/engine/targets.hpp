// What rows of logits are compared with: one class each, or a share for every class.
#pragma once

#include <numpy/npy_common.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "rowsum.hpp"

namespace fastact {

// Over a block, whose largest logit is `top`.
struct TargetSum {
  double at_top;  // share of the class whose logit is the largest
  double others;  // of all others
  double cross;   // sum of share * (top - x)
};

// share * distance; a share of 0 takes nothing, also of an infinite distance.
inline double part_of(double share, double distance) { return share == 0 ? 0 : share * distance; }

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

// Loops over a row's classes, whose shares are (a * label + u) * weight. Compiled for AVX2, too,
// where they take half the time; the operations, and so the bits, are the same.
namespace target_loops {

struct Shares {
  const double *labels, *weights;  // NULL: 0 and 1
  double a, u;

  __attribute__((always_inline)) double of(npy_intp i) const {
    const double share = labels != nullptr ? a * labels[i] + u : u;
    return weights != nullptr ? share * weights[i] : share;
  }
};

struct Pair {
  double shares, cross;
};

// The shares of all classes but the first largest. Eight lanes, so that a vectorised loop, and rows
// side by side, add in the same order. CAREFUL: a share of 0 takes nothing of an infinite distance.
template <bool CAREFUL, class T>
__attribute__((always_inline)) inline Pair sum(const T* x, npy_intp n, Shares s, double top,
                                               npy_intp first) {
  constexpr int LANES = 8;
  double shares[LANES] = {}, cross[LANES] = {};
  const auto add_cross = [&](npy_intp i, int lane, double share) __attribute__((always_inline)) {
    cross[lane] += CAREFUL ? part_of(share, top - x[i]) : share * (top - x[i]);
  };
  const auto add_blocks = [&](npy_intp begin, npy_intp end) __attribute__((always_inline)) {
    for (npy_intp i = begin; i < end; i += LANES)
      for (int lane = 0; lane < LANES; ++lane) {
        const double share = s.of(i + lane);
        shares[lane] += share;
        add_cross(i + lane, lane, share);
      }
  };
  const auto add_some = [&](npy_intp begin, npy_intp end) __attribute__((always_inline)) {
    for (npy_intp i = begin; i < end; ++i) {
      const double share = s.of(i);
      if (i != first) shares[i - begin] += share;
      add_cross(i, i - begin, share);
    }
  };
  const npy_intp whole = n / LANES * LANES, before = std::min(whole, first / LANES * LANES);
  const npy_intp behind = std::min(whole, before + LANES);
  add_blocks(0, before);
  add_some(before, behind);
  add_blocks(behind, whole);
  add_some(whole, n);
  Pair total{0, 0};
  for (int lane = 0; lane < LANES; ++lane) {
    total.shares += shares[lane];
    total.cross += cross[lane];
  }
  return total;
}

// `out` may be e itself.
template <class T>
__attribute__((always_inline)) inline void slopes(const T* e, npy_intp n, Shares s, double factor,
                                                  double scale, T* out) {
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
  for (npy_intp i = 0; i < n; ++i) out[i] = static_cast<T>(e[i] * factor - scale * s.of(i));
}

// The loop for just the shares there are.
template <class Loop>
__attribute__((always_inline)) inline void each_kind(const Shares& s, Loop loop) {
  if (s.labels == nullptr && s.weights == nullptr)
    loop(Shares{nullptr, nullptr, s.a, s.u});
  else if (s.weights == nullptr)
    loop(Shares{s.labels, nullptr, s.a, s.u});
  else
    loop(s);
}

template <class T>
__attribute__((always_inline)) inline Pair any_sum(const T* x, npy_intp n, const Shares& shares,
                                                   double top, npy_intp first) {
  Pair total;
  each_kind(shares, [&](Shares s) __attribute__((always_inline)) {
    total = sum<false>(x, n, s, top, first);
  });
  return total;
}
template <class T>
__attribute__((always_inline)) inline void any_slopes(const T* e, npy_intp n, const Shares& shares,
                                                      double factor, double scale, T* out) {
  each_kind(shares,
            [=](Shares s) __attribute__((always_inline)) { slopes(e, n, s, factor, scale, out); });
}

#if defined(__x86_64__)
#define FASTACT_AVX2 __attribute__((target("avx2")))
inline bool has_avx2() {
  static const bool avx2 = __builtin_cpu_supports("avx2");
  return avx2;
}
#else
#define FASTACT_AVX2
inline bool has_avx2() { return false; }
#endif

template <class T>
FASTACT_AVX2 Pair sum_avx2(const T* x, npy_intp n, const Shares& shares, double top,
                           npy_intp first) {
  return any_sum(x, n, shares, top, first);
}
template <class T>
FASTACT_AVX2 void slopes_avx2(const T* e, npy_intp n, const Shares& shares, double factor,
                              double scale, T* out) {
  any_slopes(e, n, shares, factor, scale, out);
}

}  // namespace target_loops

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
  template <class T>
  TargetSum sums(const T* x, const double* labels, npy_intp begin, npy_intp count,
                 double top) const {
    const target_loops::Shares shares = shares_of(labels, begin);
    npy_intp first = 0;
    while (first < count - 1 && x[first] != top) ++first;
    target_loops::Pair others = target_loops::has_avx2()
                                    ? target_loops::sum_avx2(x, count, shares, top, first)
                                    : target_loops::any_sum(x, count, shares, top, first);
    if (!std::isfinite(others.cross))
      others = target_loops::sum<true>(x, count, shares, top, first);
    TargetSum total{shares.of(first), others.shares, others.cross};
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
  template <class T>
  void slopes(const T* e, const double* labels, npy_intp begin, npy_intp count, double factor,
              double scale, T* out) const {
    const target_loops::Shares shares = shares_of(labels, begin);
    if (target_loops::has_avx2())
      return target_loops::slopes_avx2(e, count, shares, factor, scale, out);
    target_loops::any_slopes(e, count, shares, factor, scale, out);
  }

 private:
  target_loops::Shares shares_of(const double* labels, npy_intp begin) const {
    return {labels, weights != nullptr ? weights + begin : nullptr, 1 - smoothing, smoothing / n};
  }
};

}  // namespace fastact
