// Loops over a row's classes, whose shares are (a * label + u) * weight. Compiled for AVX2 and
// AVX-512, too; the operations, and so the bits, are the same. (GCC makes no vectors of loops over
// eight sums.)
#pragma once

#include "lanesum.hpp"

namespace fastact {

// share * distance; a share of 0 takes nothing, also of an infinite distance.
inline double part_of(double share, double distance) { return share == 0 ? 0 : share * distance; }

namespace vector_loops {

// LABEL: float or double.
template <class LABEL>
struct Shares {
  const LABEL* labels;    // NULL: 0
  const double* weights;  // NULL: 1
  double a, u;

  FASTACT_INSIDE double of(npy_intp i) const {
    const double share = labels != nullptr ? a * labels[i] + u : u;
    return weights != nullptr ? share * weights[i] : share;
  }
  template <class L>
  FASTACT_INSIDE typename L::V from(npy_intp i) const {
    typedef typename L::V V;
    const V share = labels != nullptr ? a * L::read(labels + i) + u : V{} + u;
    return weights != nullptr ? share * L::read(weights + i) : share;
  }
};

// Sums over a row.
struct Sums {
  double at_top, others, cross;  // as in TargetSum
  double tops;                   // how many elements were taken for the largest
};

// A few elements at the end of a row, in an array of LANES; what lies behind is anything.
template <class S>
struct End {
  S room[2 * LANES] = {};

  FASTACT_INSIDE const S* of(const S* row, npy_intp n, npy_intp count) {
    if (row == nullptr) return row;
    if (n < LANES) {
      for (npy_intp i = 0; i < count; ++i) room[i] = row[n - count + i];
      return room;
    }
    std::memcpy(room, row + n - LANES, LANES * sizeof(S));
    return room + LANES - count;
  }
};

// What equals `top` is taken for the largest, up to element `last`. Eight lanes, so that rows side
// by side add in the same order. CAREFUL: a share of 0 takes nothing of an infinite distance.
template <bool CAREFUL, class L, class T, class LABEL>
FASTACT_INSIDE Sums sum(const T* x, npy_intp n, Shares<LABEL> all, double top, npy_intp last) {
  typedef typename L::V V;
  LaneSum<L> at_top, others, cross, tops;
  const auto add = [&](const T* x, const Shares<LABEL>& s, npy_intp i, npy_intp at,
                       npy_intp count) FASTACT_ALSO_INSIDE {
#pragma GCC unroll 2
    for (int p = 0; p < LANES / L::WIDTH; ++p) {
      const int offset = p * L::WIDTH;
      const V value = L::read(x + i + offset), share = s.template from<L>(i + offset);
      const V distance = top - value;
      const auto there = L::first_lanes(count - offset);
      const auto largest = there & L::are_zero(distance) & L::first_lanes(last + 1 - at - offset);
      const V part = CAREFUL ? L::where(there & ~L::are_zero(share), share * distance)
                             : L::where(there, share * distance);
      at_top.part[p] += L::where(largest, share);
      others.part[p] += L::where(there & ~largest, share);
      cross.part[p] += part;
      tops.part[p] += L::where(largest, V{} + 1);
    }
  };
  const npy_intp whole = n / LANES * LANES, left = n - whole;
  for (npy_intp i = 0; i < whole;) {
    add(x, all, i, i, LANES);
    i += LANES;
    if (i % (ROUNDS * LANES) != 0) continue;
    others.pause();
    cross.pause();
  }
  if (left > 0) {
    End<T> rest;
    End<LABEL> labels;
    End<double> weights;
    const Shares<LABEL> some{labels.of(all.labels, n, left), weights.of(all.weights, n, left),
                             all.a, all.u};
    add(rest.of(x, n, left), some, 0, whole, left);
  }
  return {at_top.total(), others.total(), cross.total(), tops.total()};
}

// `out` may be e itself.
template <class L, class T, class LABEL>
FASTACT_INSIDE void slopes(const T* e, npy_intp n, Shares<LABEL> s, double factor, double scale,
                           T* out) {
  const auto made = [&](npy_intp i) FASTACT_ALSO_INSIDE {
    return L::read(e + i) * factor - scale * s.template from<L>(i);
  };
  if (n < L::WIDTH) {
    for (npy_intp i = 0; i < n; ++i) out[i] = static_cast<T>(e[i] * factor - scale * s.of(i));
    return;
  }
  const auto last = made(n - L::WIDTH);  // before any of it is written
  for (npy_intp i = 0; i + L::WIDTH <= n; i += L::WIDTH) L::write(out + i, made(i));
  L::write(out + n - L::WIDTH, last);
}

// The loop for just the shares there are.
template <class LABEL, class Loop>
FASTACT_INSIDE auto each_kind(const Shares<LABEL>& s, Loop loop) {
  if (s.labels == nullptr && s.weights == nullptr)
    return loop(Shares<LABEL>{nullptr, nullptr, s.a, s.u});
  if (s.weights == nullptr) return loop(Shares<LABEL>{s.labels, nullptr, s.a, s.u});
  return loop(s);
}
template <class L, class T, class LABEL>
FASTACT_INSIDE Sums any_sum(const T* x, npy_intp n, const Shares<LABEL>& shares, double top,
                            npy_intp last) {
  return each_kind(shares, [&](Shares<LABEL> s)
                               FASTACT_ALSO_INSIDE { return sum<false, L>(x, n, s, top, last); });
}
template <class L, class T, class LABEL>
FASTACT_INSIDE void any_slopes(const T* e, npy_intp n, const Shares<LABEL>& shares, double factor,
                               double scale, T* out) {
  each_kind(shares,
            [&](Shares<LABEL> s) FASTACT_ALSO_INSIDE { slopes<L>(e, n, s, factor, scale, out); });
}

#if defined(__x86_64__)
template <class T, class LABEL>
FASTACT_AVX2 Sums sum_avx2(const T* x, npy_intp n, const Shares<LABEL>& shares, double top,
                           npy_intp last) {
  return any_sum<Avx2>(x, n, shares, top, last);
}
template <class T, class LABEL>
FASTACT_AVX512 Sums sum_avx512(const T* x, npy_intp n, const Shares<LABEL>& shares, double top,
                               npy_intp last) {
  return any_sum<Avx512>(x, n, shares, top, last);
}
template <class T, class LABEL>
FASTACT_AVX2 void slopes_avx2(const T* e, npy_intp n, const Shares<LABEL>& shares, double factor,
                              double scale, T* out) {
  any_slopes<Avx2>(e, n, shares, factor, scale, out);
}
template <class T, class LABEL>
FASTACT_AVX512 void slopes_avx512(const T* e, npy_intp n, const Shares<LABEL>& shares,
                                  double factor, double scale, T* out) {
  any_slopes<Avx512>(e, n, shares, factor, scale, out);
}
#endif

template <class T, class LABEL>
Sums best_sum(const T* x, npy_intp n, const Shares<LABEL>& shares, double top, npy_intp last) {
#if defined(__x86_64__)
  if (best_level() == Level::AVX512) return sum_avx512(x, n, shares, top, last);
  if (best_level() == Level::AVX2) return sum_avx2(x, n, shares, top, last);
#endif
  return any_sum<Plain>(x, n, shares, top, last);
}
template <class T, class LABEL>
void best_slopes(const T* e, npy_intp n, const Shares<LABEL>& shares, double factor, double scale,
                 T* out) {
#if defined(__x86_64__)
  if (best_level() == Level::AVX512) return slopes_avx512(e, n, shares, factor, scale, out);
  if (best_level() == Level::AVX2) return slopes_avx2(e, n, shares, factor, scale, out);
#endif
  any_slopes<Plain>(e, n, shares, factor, scale, out);
}

}  // namespace vector_loops

}  // namespace fastact
