// Short rows side by side: a lane for each row, so that what a row costs beside its elements (the
// fold of its sums, the unit of its exponentials) is shared by as many rows as a vector has lanes.
#pragma once

#include "columnsums.hpp"

namespace fastact {
namespace {

constexpr Index NARROW = SUM_LANES;  // elements of a row at most: then each lane of its sum is one

// Lanes of a and b whose number has the bit BIT change places with those of the other that has not.
template <int BIT, class V, int... I>
FASTACT_INLINE void swap_lanes(V& a, V& b, std::integer_sequence<int, I...>) {
  constexpr int LANES = Traits<V>::LANES;
#if defined(__clang__)
  const V low = __builtin_shufflevector(a, b, ((I & BIT) ? LANES + I - BIT : I)...);
  b = __builtin_shufflevector(a, b, ((I & BIT) ? LANES + I : I + BIT)...);
#else
  const Ints<V> low_from = {((I & BIT) ? LANES + I - BIT : I)...};
  const Ints<V> high_from = {((I & BIT) ? LANES + I : I + BIT)...};
  const V low = __builtin_shuffle(a, b, low_from);
  b = __builtin_shuffle(a, b, high_from);
#endif
  a = low;
}

// Lane j of vector i becomes lane i of vector j.
template <int BIT = 1, class V>
FASTACT_INLINE void transpose(V (&v)[Traits<V>::LANES]) {
  constexpr int LANES = Traits<V>::LANES;
  if constexpr (BIT < LANES) {
#pragma GCC unroll 16
    for (int i = 0; i < LANES; ++i)
      if (!(i & BIT)) swap_lanes<BIT>(v[i], v[i | BIT], std::make_integer_sequence<int, LANES>());
    transpose<2 * BIT>(v);
  }
}

// LANES rows of n elements, one behind the other, as n vectors, and back. A row shorter than a
// vector may take some of the next ones along, as long as they are among these: the next ones are
// written later. (A store of some lanes costs twice that of a whole vector.)
template <class V>
FASTACT_INLINE bool whole_vector(Index row, Index n, Index count) {
  constexpr Index LANES = Traits<V>::LANES;
  return count == LANES || (n < LANES && row * n + LANES <= LANES * n);
}

template <class V>
FASTACT_INLINE void read_columns(const Scalar<V>* x, Index n, V* columns) {
  constexpr Index LANES = Traits<V>::LANES;
  for (Index at = 0; at < n; at += LANES) {
    const Index count = n - at < LANES ? n - at : LANES;
    V block[LANES];
#pragma GCC unroll 16
    for (Index r = 0; r < LANES; ++r) {
      const Scalar<V>* p = x + r * n + at;
      block[r] = whole_vector<V>(r, n, count) ? load<V>(p) : load_some(p, count, all<V>(0));
    }
    transpose(block);
    for (Index i = 0; i < LANES; ++i) columns[at + i] = block[i];
  }
}

template <class V>
FASTACT_INLINE void write_columns(const V* columns, Index n, Scalar<V>* y) {
  constexpr Index LANES = Traits<V>::LANES;
  for (Index at = 0; at < n; at += LANES) {
    const Index count = n - at < LANES ? n - at : LANES;
    V block[LANES];
    for (Index i = 0; i < LANES; ++i) block[i] = columns[at + i];
    transpose(block);
#pragma GCC unroll 16
    for (Index r = 0; r < LANES; ++r) {
      Scalar<V>* p = y + r * n + at;
      if (whole_vector<V>(r, n, count))
        store<V>(p, block[r]);
      else
        store_some(p, count, block[r]);
    }
  }
}

// SIDE strips of rows of n elements, NARROW at most, a lane of each vector for a row: their e, and
// what is known of a row. (Two strips at once wait less for what is made of their sums.)
template <class V, int SIDE = 1>
class Columns {
 public:
  V e[SIDE][NARROW], top[SIDE], rest[SIDE], peak[SIDE], exponent[SIDE];

  FASTACT_MEMBER Columns(Index n, bool precisely) : n_(n), precisely_(precisely) {
    for (auto& strip : e)
      for (V& v : strip) v = all<V>(0);
  }

  // Of x(i, strip). False: one of the rows has no ordinary top.
  template <class X>
  FASTACT_MEMBER bool sum(X x) {
    ExpUnit<V> units[SIDE];
    for (int s = 0; s < SIDE; ++s) {
      V most = all<V>(-INFINITE);
      for (Index i = 0; i < n_; ++i) most = max(x(i, s), most);
      if (any_above(abs(most), all<V>(ExpConstants<V>::ORDINARY))) return false;
      units[s] = ExpUnit<V>(most);
      top[s] = most;
      peak[s] = units[s].exp(most);
      exponent[s] = units[s].exponent();
    }
    for (int s = 0; s < SIDE; ++s)
      for (Index i = 0; i < n_; ++i) e[s][i] = units[s].exp(x(i, s));
    find_rests();
    return true;
  }

  // The same, but e may be far from 1.
  template <class X>
  FASTACT_MEMBER bool sum_near(X x) {
    V most[SIDE], least = all<V>(0), furthest = all<V>(0);
    for (V& v : most) v = all<V>(-INFINITE);
    for (Index i = 0; i < n_; ++i)
#pragma GCC unroll 2
      for (int s = 0; s < SIDE; ++s) {
        const V v = x(i, s);
        most[s] = max(v, most[s]);
        least = min(v, least);
        e[s][i] = twice_exp(v);
      }
    for (const V& v : most) furthest = max(v, furthest);
    if (any_above(max(furthest, -least), all<V>(NEAR<V>))) return sum(x);
    for (int s = 0; s < SIDE; ++s) {
      top[s] = most[s];
      peak[s] = twice_exp(most[s]);
    }
    find_rests();
    return true;
  }

 private:
  const Index n_;
  const bool precisely_;

  FASTACT_MEMBER void find_rests() {
    if (n_ <= NARROW / 8)
      find_rests_of<NARROW / 8>();
    else if (n_ <= NARROW / 2)
      find_rests_of<NARROW / 2>();
    else
      find_rests_of<NARROW>();
  }

  // Of rows of at most COUNT elements: the lanes behind are 0.
  template <int COUNT>
  FASTACT_MEMBER void find_rests_of() {
    for (int s = 0; s < SIDE; ++s) {
      const auto others = [&](Index i) __attribute__((always_inline)) {
        return OthersOfLane<V>(e[s][i] == peak[s] ? all<V>(0) : e[s][i]);
      };
      const Scalar<V>* lanes = reinterpret_cast<const Scalar<V>*>(e[s]);
      rest[s] =
          rest_of_columns<COUNT>(lanes, nullptr, Traits<V>::LANES, n_, peak[s], others, precisely_);
    }
  }
};

// exp_sum of LANES rows from `row` on, to the same bits; e also as columns. False: one of them has
// no ordinary top.
template <class V>
FASTACT_INLINE bool exp_sum_of_columns(Scalar<V>** arrays, Index row, Index n, V* e,
                                       bool precisely) {
  V x[NARROW];
  read_columns(arrays[0] + row * n, n, x);
  Columns<V> columns(n, precisely);
  if (!columns.sum([&](Index i, int) __attribute__((always_inline)) { return x[i]; })) return false;
  write_columns(columns.e[0], n, arrays[1] + row * n);
  store<V>(arrays[2] + row, columns.top[0]);
  store<V>(arrays[3] + row, columns.rest[0]);
  store<V>(arrays[4] + row, columns.peak[0]);
  store<V>(arrays[5] + row, all<V>(0));
  store<V>(arrays[6] + row, columns.exponent[0]);
  for (Index i = 0; i < n; ++i) e[i] = columns.e[0][i];
  return true;
}
template <class V>
static bool exp_sum_of_columns(Scalar<V>** arrays, Index row, Index n, bool precisely) {
  V e[NARROW];
  return exp_sum_of_columns<V>(arrays, row, n, e, precisely);
}

// exp_sum of one row, and what is done beside it.
template <class T, class Beside>
FASTACT_INLINE void exp_sum_beside(T** arrays, Index row, Index n, Beside beside, bool precisely) {
  typedef typename VectorOf<T>::Type V;
  const auto unit_of = [](V top) __attribute__((always_inline)) { return ExpUnit<V>(top); };
  const auto exp_below = [](V v, V top) __attribute__((always_inline)) {
    // TwoSum: what the subtraction rounded away.
    const V d = v - top, back = d - v, low = (v - (d - back)) - (top + back);
    return exp_negative(d, d >= all<V>(-1000) ? low : all<V>(0));
  };
  exp_sum_of_row<T>(arrays, row, n, 1, unit_of, exp_below, beside, precisely);
}

// x -> e, top, rest, peak, base, exponent; with any data precisely.
template <class T>
static void exp_sum(char** args, const Index* dims, const Index*, void* data) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  const bool precisely = data != nullptr;
  for (Index row = 0; row < rows;) {
    if (n <= NARROW && row + LANES <= rows && exp_sum_of_columns<V>(arrays, row, n, precisely)) {
      row += LANES;
      continue;
    }
    const Index end = n <= NARROW && row + LANES < rows ? row + LANES : rows;
    for (; row < end; ++row) exp_sum_beside<T>(arrays, row, n, Alone(), precisely);
  }
}

}  // namespace
}  // namespace fastact
