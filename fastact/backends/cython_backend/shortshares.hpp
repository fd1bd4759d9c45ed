// What the classes of short rows have of a target, and its sums: a lane for a row, in double.
#pragma once

#include "narrow.hpp"

namespace fastact {
namespace {

// What holds for all rows: a class's share is (label_part * its label + spread) * weight.
struct ShareNumbers {
  double label_part, spread;
  double scale;    // of all gradients
  double ignored;  // a label, or NaN
};

// A share of 0 takes nothing, also of an infinite distance.
FASTACT_INLINE VDouble part_of(VDouble share, VDouble distance) {
  const VDouble zero = all<VDouble>(0);
  return share == zero ? zero : share * distance;
}

// Of rows of NARROW elements at most. CLASSES: the shares of the classes that labels name, which
// are the same for all rows, are left out.
template <class V, bool CLASSES>
class ShortShares {
  static constexpr int COUNT = Wide<V>::COUNT, WIDE = Traits<VDouble>::LANES;

 public:
  // Of the first class whose logit is the largest, of all others, and the sum of share * (top - x).
  Wide<V> at_top, others, cross;

  FASTACT_MEMBER VDouble of(Index i, int part) const { return shares_[part][i]; }

  FASTACT_MEMBER void read(const double* labels, Index n) {
    for (int k = 0; k < COUNT; ++k) read_columns<VDouble>(labels + k * WIDE * n, n, labels_[k]);
  }
  FASTACT_MEMBER void read(const float* labels, Index n) {
    V columns[NARROW];
    read_columns(labels, n, columns);
    for (Index i = 0; i < n; ++i) {
      const Wide<V> wide(columns[i]);
      for (int k = 0; k < COUNT; ++k) labels_[k][i] = wide.part[k];
    }
  }

  // False: a sum is not finite.
  FASTACT_MEMBER bool sum(const V* x, Index n, const Wide<V>& top, const ShareNumbers& numbers,
                          const double* weights) {
    return sum_as<false>(x, n, top, numbers, weights) || sum_as<true>(x, n, top, numbers, weights);
  }

 private:
  // In eight lanes, which are added up in order, as the engine does of one row. CAREFUL: part_of.
  template <bool CAREFUL>
  FASTACT_MEMBER bool sum_as(const V* x, Index n, const Wide<V>& top, const ShareNumbers& numbers,
                             const double* weights) {
    constexpr int SUMS = 8;
    const VDouble zero = all<VDouble>(0), spread = all<VDouble>(numbers.spread);
    bool finite = true;
    for (int k = 0; k < COUNT; ++k) {
      VDouble sums[SUMS], crosses[SUMS], share_at_top = zero;
      for (int lane = 0; lane < SUMS; ++lane) sums[lane] = crosses[lane] = zero;
      auto found = zero != zero;
      for (Index i = 0; i < n; ++i) {
        VDouble share = CLASSES ? spread : numbers.label_part * labels_[k][i] + spread;
        if (weights != nullptr) share *= weights[i];
        shares_[k][i] = share;
        const VDouble logit = widened(reinterpret_cast<const Scalar<V>*>(x + i) + k * WIDE);
        const VDouble distance = top.part[k] - logit;
        const auto is_top = logit == top.part[k], first = is_top & ~found;
        found |= is_top;
        share_at_top = from_bits<VDouble>(bits(share_at_top) | (bits(share) & first));
        sums[i % SUMS] += from_bits<VDouble>(bits(share) & ~first);
        crosses[i % SUMS] += CAREFUL ? part_of(share, distance) : share * distance;
      }
      VDouble other = zero, all_cross = zero;
      for (int lane = 0; lane < SUMS; ++lane) {
        other += sums[lane];
        all_cross += crosses[lane];
      }
      finite &= !any_lane(~(abs(all_cross) <= all<VDouble>(__DBL_MAX__)));
      at_top.part[k] = share_at_top;
      others.part[k] = other;
      cross.part[k] = all_cross;
    }
    return finite;
  }

  VDouble labels_[COUNT][NARROW], shares_[COUNT][NARROW];
};

}  // namespace
}  // namespace fastact
