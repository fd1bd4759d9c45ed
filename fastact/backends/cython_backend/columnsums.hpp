// What rows sum up to of which each vector holds an element, a lane for a row: to the bits of rows
// that lie along an array.
#pragma once

#include "sums.hpp"
#include "wide.hpp"

namespace fastact {
namespace {

// The total of LaneSums, of each lane's COUNT summands: vectors that stand `step` elements apart.
// Those that a row has not are 0.
template <int COUNT, int APART = 1, class T>
FASTACT_INLINE VDouble fold_lanes(const T* lanes, Index step) {
  if constexpr (APART == COUNT)
    return widened(lanes);
  else
    return fold_lanes<COUNT, 2 * APART>(lanes, step) +
           fold_lanes<COUNT, 2 * APART>(lanes + APART * step, step);
}
template <int COUNT, class V, class T>
FASTACT_INLINE Wide<V> sum_of_lanes(const T* lanes, Index step) {
  Wide<V> sum;
  for (int i = 0; i < Wide<V>::COUNT; ++i)
    sum.part[i] = fold_lanes<COUNT>(lanes + i * Traits<VDouble>::LANES, step);
  return sum;
}

// fold_precisely, likewise; `lost` may be NULL.
struct PreciseSum {
  VDouble sum, lost;
};
template <int COUNT, int APART = 1>
FASTACT_INLINE PreciseSum fold_lanes_precisely(const double* lanes, const double* lost,
                                               Index step) {
  if constexpr (APART == COUNT) {
    return {widened(lanes), lost != nullptr ? widened(lost) : all<VDouble>(0)};
  } else {
    const PreciseSum a = fold_lanes_precisely<COUNT, 2 * APART>(lanes, lost, step);
    const PreciseSum b = fold_lanes_precisely<COUNT, 2 * APART>(
        lanes + APART * step, lost != nullptr ? lost + APART * step : nullptr, step);
    const VDouble both = a.sum + b.sum;
    return {both, (a.lost + b.lost) + sum_error(a.sum, b.sum, both)};
  }
}

// The total of lanes of which something is lost, if that is not NULL.
template <int COUNT, class V, class T>
FASTACT_INLINE Wide<V> sum_of_lanes(const T* lanes, const double* lost, Index step,
                                    bool precisely) {
  if constexpr (sizeof(Scalar<V>) == 8) {
    if (precisely) {
      const PreciseSum total = fold_lanes_precisely<COUNT>(lanes, lost, step);
      return Wide<V>(total.sum + total.lost);
    }
    if (lost != nullptr) {
      const V sum = fold_lanes<COUNT>(lanes, step), rest = fold_lanes<COUNT>(lost, step);
      return Wide<V>(rest - rest == all<V>(0) ? sum + rest : sum);  // as with_lost
    }
  }
  return sum_of_lanes<COUNT, V>(lanes, step);
}

// What the elements of a lane come to without those that are the peak; of doubles with what is
// lost.
template <class V>
struct OthersOfLane {
  Wide<V> whole, lost;
  FASTACT_MEMBER explicit OthersOfLane(V all_of_them) : whole(all_of_them), lost(all<V>(0)) {}
};

// rest_of, of each lane's row of n elements: at `lanes` are those of its sum, as doubles or as they
// are, at `lost`, if that is not NULL, what these have lost; others(i) gives lane i without the
// peak.
template <int COUNT, class V, class T, class Others>
FASTACT_INLINE V rest_of_columns(const T* lanes, const double* lost, Index step, Index n, V peak,
                                 Others others_of, bool precisely) {
  const Wide<V> peaks(peak);
  const double least = least_rest<V>(n, precisely);
  Wide<V> rest = sum_of_lanes<COUNT, V>(lanes, lost, step, false);
  if (take_peaks<V>(rest, peaks, least)) return rest.join();
  Wide<V> without[COUNT], without_lost[COUNT];
  for (Index i = 0; i < COUNT; ++i) {
    const OthersOfLane<V> lane = others_of(i);
    without[i] = lane.whole;
    without_lost[i] = lane.lost;
  }
  const double* behind = lost == nullptr ? nullptr : reinterpret_cast<const double*>(without_lost);
  const Wide<V> others = sum_of_lanes<COUNT, V>(reinterpret_cast<const double*>(without), behind,
                                                Traits<V>::LANES, precisely);
  for (int i = 0; i < Wide<V>::COUNT; ++i) {
    const VDouble whole = rest.part[i], other = others.part[i], peak_of = peaks.part[i];
    const VDouble more = whole - other > 0.5 * peak_of ? other + peak_of : other;
    rest.part[i] = whole >= least * peak_of ? whole : more;
  }
  return rest.join();
}

}  // namespace
}  // namespace fastact
