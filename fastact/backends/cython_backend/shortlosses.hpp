// Softmax cross-entropy of short rows, side by side: losses and gradients in one go, to the bits
// that the engine gives one row after another. What is made of a row's sums is made in double.
#pragma once

#include "logsum.hpp"
#include "shortshares.hpp"

namespace fastact {
namespace {

// dy, losses and dx may be NULL; weights, one of a class, too.
template <class T, class Label>
struct LossRows {
  const T* x;
  const Label* labels;
  const double *dy, *weights;
  double* losses;
  T* dx;
};

// Rows of NARROW elements at most, as many as there are lanes. CLASSES: a label is the number of a
// class, whose share it is; else the shares of all. DENSE: all have one.
template <class T, class Label, bool CLASSES, bool DENSE>
class LossStrip {
  typedef typename VectorOf<T>::Type V;
  typedef LossRows<T, Label> Given;
  typedef Wide<V> Doubles;
  static constexpr int COUNT = Doubles::COUNT, WIDE = Traits<VDouble>::LANES;

 public:
  static constexpr Index LANES = Traits<V>::LANES;

  FASTACT_MEMBER LossStrip(Index n, const ShareNumbers& numbers)
      : n_(n), numbers_(numbers), columns_(n, false) {}

  // Everything is read before anything is written: dx may be x. False: one of the rows has no
  // ordinary top, or needs more care.
  FASTACT_MEMBER bool run(const Given& rows) {
    read_columns(rows.x, n_, x_);
    ask_for_next(rows);
    if (!columns_.sum([&](Index i, int) __attribute__((always_inline)) { return x_[i]; }))
      return false;
    if (CLASSES) read_labels(rows);
    const Doubles top(columns_.top[0]), peak(columns_.peak[0]), rest(columns_.rest[0]);
    if (DENSE) {
      if (!CLASSES) shares_.read(rows.labels, n_);
      if (!shares_.sum(x_, n_, top, numbers_, rows.weights)) return false;
    }
    const VDouble zero = all<VDouble>(0);
    VDouble scale[COUNT], factor[COUNT], slope_at_top[COUNT], slope[COUNT], loss[COUNT];
    for (int k = 0; k < COUNT; ++k) {
      VDouble at_top = zero, others = zero, cross = zero;
      const VDouble mass = CLASSES ? load<VDouble>(mass_ + k * WIDE) : zero;
      if (CLASSES) {
        const VDouble logit = load<VDouble>(logit_ + k * WIDE);
        const auto is_top = logit == top.part[k];
        at_top = is_top ? mass : zero;
        others = is_top ? zero : mass;
        cross = is_top ? zero : part_of(mass, top.part[k] - logit);
      }
      if (DENSE) {
        at_top += shares_.at_top.part[k];
        others += shares_.others.part[k];
        cross += shares_.cross.part[k];
      }
      const VDouble whole = at_top + others, sum = peak.part[k] + rest.part[k];
      if (rows.losses != nullptr)
        loss[k] = cross + whole * log_1_plus(rest.part[k] / peak.part[k], zero);
      if (rows.dx == nullptr) continue;
      scale[k] = all<VDouble>(numbers_.scale);
      if (rows.dy != nullptr) scale[k] *= load<VDouble>(rows.dy + k * WIDE);
      factor[k] = all<VDouble>(1) / sum * (scale[k] * whole);
      slope_at_top[k] = scale[k] * (others - whole * (rest.part[k] / sum));
      if (CLASSES && !DENSE) {
        const VDouble share = factor[k] * load<VDouble>(e_ + k * WIDE);
        slope[k] = at_top == zero ? share - scale[k] * mass : slope_at_top[k];
      }
    }
    if (rows.dx != nullptr && !(DENSE ? write_dense(rows, scale, factor, slope_at_top)
                                      : write_labels(rows, factor, slope)))
      return false;
    if (rows.losses != nullptr)
      for (int k = 0; k < COUNT; ++k) store<VDouble>(rows.losses + k * WIDE, loss[k]);
    for (Index r = 0; r < LANES && ignores_; ++r)
      if (at_[r] < 0) ignore(rows, r);
    return true;
  }

  // The same of fewer rows, by way of a strip in which zeros follow them.
  FASTACT_MEMBER bool run_some(Index count, const Given& rows) {
    T x[LANES * NARROW], dx[LANES * NARROW];
    Label labels[LANES * NARROW];
    double dy[LANES], losses[LANES];
    const Index size = count * n_, of_row = CLASSES ? 1 : n_;
    for (Index i = 0; i < LANES * n_; ++i) x[i] = i < size ? rows.x[i] : 0;
    for (Index i = 0; i < LANES * of_row; ++i) labels[i] = i < count * of_row ? rows.labels[i] : 0;
    for (Index r = 0; r < LANES; ++r) dy[r] = rows.dy != nullptr && r < count ? rows.dy[r] : 0;
    const Given whole{x,
                      labels,
                      rows.dy == nullptr ? nullptr : dy,
                      rows.weights,
                      rows.losses == nullptr ? nullptr : losses,
                      rows.dx == nullptr ? nullptr : dx};
    if (!run(whole)) return false;
    if (rows.losses != nullptr) memcpy(rows.losses, losses, count * sizeof(double));
    if (rows.dx != nullptr) memcpy(rows.dx, dx, size * sizeof(T));
    return true;
  }

 private:
  // The next strip's memory, while this one is computed.
  FASTACT_MEMBER void ask_for_next(const Given& rows) const {
    const Index size = LANES * n_;
    for (Index i = size; i < 2 * size; i += 64 / sizeof(T)) {
      __builtin_prefetch(rows.x + i);
      if (rows.dx != nullptr) __builtin_prefetch(rows.dx + i, 1);
    }
    for (Index i = size; i < 2 * size && !CLASSES; i += 64 / sizeof(Label))
      __builtin_prefetch(rows.labels + i);
  }

  // The classes, and what their own shares are.
  FASTACT_MEMBER void read_labels(const Given& rows) {
    const T *x = reinterpret_cast<const T*>(x_), *e = reinterpret_cast<const T*>(columns_.e[0]);
    ignores_ = false;
    for (Index r = 0; r < LANES; ++r) {
      const bool ignored = rows.labels[r] == numbers_.ignored;
      const Index label = ignored ? 0 : Index(rows.labels[r]);
      const double weight = rows.weights != nullptr ? rows.weights[label] : 1;
      ignores_ |= ignored;
      at_[r] = ignored ? -1 : label;
      mass_[r] = ignored ? 0 : numbers_.label_part * weight;
      logit_[r] = x[label * LANES + r];
      e_[r] = e[label * LANES + r];
    }
  }

  // Gradients of rows whose label alone has a share. False: a factor is infinite in T where what it
  // makes of a small e is not.
  FASTACT_MEMBER bool write_labels(const Given& rows, const VDouble (&factor)[COUNT],
                                   const VDouble (&slope)[COUNT]) {
    Doubles factors, lows;
    for (int k = 0; k < COUNT; ++k) factors.part[k] = factor[k];
    const V near = factors.join();
    if (any_lane(abs(near) == all<V>(INFINITE))) return false;
    const Doubles rounded(near);
    for (int k = 0; k < COUNT; ++k) lows.part[k] = factor[k] - rounded.part[k];
    const V low = lows.join();
    const V* const e = columns_.e[0];
    for (Index i = 0; i < n_; ++i) x_[i] = mul_add(e[i], near, e[i] * low);
    write_columns(x_, n_, rows.dx);
    for (int k = 0; k < COUNT; ++k) factors.part[k] = slope[k];
    T slopes[LANES];
    store<V>(slopes, factors.join());
    for (Index r = 0; r < LANES; ++r)
      if (at_[r] >= 0) rows.dx[r * n_ + at_[r]] = slopes[r];
    return true;
  }

  // The same where every class has a share. One that has more than half of the softmax keeps the
  // digits of slope_at_top.
  FASTACT_MEMBER bool write_dense(const Given& rows, const VDouble (&scale)[COUNT],
                                  const VDouble (&factor)[COUNT],
                                  const VDouble (&slope_at_top)[COUNT]) {
    const Doubles peak(columns_.peak[0]), rest(columns_.rest[0]);
    VDouble label[COUNT];
    for (int k = 0; k < COUNT && CLASSES; ++k)
      for (Index lane = 0; lane < WIDE; ++lane) label[k][lane] = double(at_[k * WIDE + lane]);
    for (Index i = 0; i < n_; ++i) {
      Doubles out;
      for (int k = 0; k < COUNT; ++k) {
        const VDouble e = widened(reinterpret_cast<const T*>(columns_.e[0] + i) + k * WIDE);
        VDouble share = shares_.of(i, k);
        if (CLASSES)
          share = label[k] == all<VDouble>(i) ? load<VDouble>(mass_ + k * WIDE) + share : share;
        const VDouble slope = e * factor[k] - scale[k] * share;
        const auto largest = (e == peak.part[k]) & (peak.part[k] > rest.part[k]);
        out.part[k] = largest ? slope_at_top[k] : slope;
      }
      x_[i] = out.join();
    }
    write_columns(x_, n_, rows.dx);
    return true;
  }

  FASTACT_MEMBER void ignore(const Given& rows, Index r) const {
    if (rows.losses != nullptr) rows.losses[r] = 0;
    for (Index i = 0; i < n_ && rows.dx != nullptr; ++i) rows.dx[r * n_ + i] = 0;
  }

  const Index n_;
  const ShareNumbers& numbers_;
  Columns<V> columns_;
  ShortShares<V, CLASSES> shares_;
  V x_[NARROW];
  double mass_[LANES], logit_[LANES], e_[LANES];
  Index at_[LANES];
  bool ignores_ = false;
};

template <class T, bool CLASSES, bool DENSE, class Label>
FASTACT_INLINE Index losses_of(const LossRows<T, Label>& rows, const ShareNumbers& numbers,
                               Index count, Index n) {
  typedef LossStrip<T, Label, CLASSES, DENSE> Strip;
  const auto behind = [](auto* p, Index step) __attribute__((always_inline)) {
    return p == nullptr ? nullptr : p + step;
  };
  Strip strip(n, numbers);
  for (Index row = 0; row < count;) {
    const Index left = count - row;
    const LossRows<T, Label> some{rows.x + row * n,         rows.labels + row * (CLASSES ? 1 : n),
                                  behind(rows.dy, row),     rows.weights,
                                  behind(rows.losses, row), behind(rows.dx, row * n)};
    const bool whole = left >= Strip::LANES;
    if (!(whole ? strip.run(some) : strip.run_some(left, some))) return row;
    row += whole ? Strip::LANES : left;
  }
  return count;
}

// args: x; labels, dy or NULL, weights or NULL, ShareNumbers, losses or NULL, all of them doubles;
// dx or NULL; how many of the rows are done: up to the first strip in which one needs more care.
// dims: rows, n; are labels numbers of classes, has every class a share, are labels not doubles but
// of x's type?
template <class T>
static void cross_entropy(char** args, const Index* dims, const Index*, void*) {
  const auto doubles = [=](int i) { return reinterpret_cast<double*>(args[i]); };
  const LossRows<T, double> rows{
      reinterpret_cast<const T*>(args[0]), doubles(1), doubles(2), doubles(3), doubles(5),
      reinterpret_cast<T*>(args[6])};
  const ShareNumbers numbers{doubles(4)[0], doubles(4)[1], doubles(4)[2], doubles(4)[3]};
  Index* const done = reinterpret_cast<Index*>(args[7]);
  if constexpr (sizeof(T) == 4)
    if (dims[4]) {
      const LossRows<T, T> narrow{
          rows.x, reinterpret_cast<const T*>(args[1]), rows.dy, rows.weights, rows.losses, rows.dx};
      *done = losses_of<T, false, true>(narrow, numbers, dims[0], dims[1]);
      return;
    }
  *done = !dims[2]  ? losses_of<T, false, true>(rows, numbers, dims[0], dims[1])
          : dims[3] ? losses_of<T, true, true>(rows, numbers, dims[0], dims[1])
                    : losses_of<T, true, false>(rows, numbers, dims[0], dims[1]);
}

}  // namespace
}  // namespace fastact
