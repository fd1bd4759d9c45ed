// Rows that run down an array, side by side: the values of the softmax family from x to y in one
// go, to the bits of rows that lie along an array.
#pragma once

#include "valueof.hpp"

namespace fastact {
namespace {

// Rows in strips as wide as a vector; the last one may be narrower.
template <class T>
struct Strips {
  typedef typename VectorOf<T>::Type V;
  static constexpr Index LANES = Traits<V>::LANES;

  char *x, *y;
  Index x_step, y_step, rows, n;  // steps: from one element of a row to the next

  FASTACT_MEMBER Index count() const { return (rows + LANES - 1) / LANES; }

  // `most` strips at most, from `first` on.
  FASTACT_MEMBER Strips part(Index first, Index most) const {
    Strips some = *this;
    some.x += first * sizeof(V);
    some.y += first * sizeof(V);
    some.rows = rows - first * LANES < most * LANES ? rows - first * LANES : most * LANES;
    return some;
  }

  // use(v, strip) for each strip of element i of the rows.
  template <class Use>
  FASTACT_MEMBER void each_x(Index i, Use use) const {
    map<false>(x + i * x_step, y, use);
  }
  // y = made(x, strip)
  template <class Made>
  FASTACT_MEMBER void make_y(Index i, Made made) const {
    map<true>(x + i * x_step, y + i * y_step, made);
  }
  // y = made(y, strip)
  template <class Made>
  FASTACT_MEMBER void remake_y(Index i, Made made) const {
    map<true>(y + i * y_step, y + i * y_step, made);
  }

  // Element i of the rows of one strip.
  FASTACT_MEMBER V x_at(Index i, Index strip) const { return read(x + i * x_step, strip); }
  FASTACT_MEMBER V y_at(Index i, Index strip) const { return read(y + i * y_step, strip); }
  FASTACT_MEMBER void set_y(Index i, Index strip, V v) const {
    store_up_to(reinterpret_cast<T*>(y + i * y_step) + strip * LANES, width(strip), v);
  }

 private:
  FASTACT_MEMBER Index width(Index strip) const {
    return rows - strip * LANES < LANES ? rows - strip * LANES : LANES;
  }
  FASTACT_MEMBER V read(const char* from, Index strip) const {
    return load_up_to<V>(reinterpret_cast<const T*>(from) + strip * LANES, width(strip), 0);
  }
  template <bool WRITE, class Use>
  FASTACT_MEMBER void map(const char* from, char* to, Use use) const {
    const T* in = reinterpret_cast<const T*>(from);
    T* out = reinterpret_cast<T*>(to);
    const Index whole = rows / LANES, left = rows - whole * LANES;
    for (Index k = 0; k < whole; ++k) {
      const V v = use(load<V>(in + k * LANES), k);
      if constexpr (WRITE) store<V>(out + k * LANES, v);
    }
    if (left > 0) {
      const V v = use(load_some(in + whole * LANES, left, all<V>(0)), whole);
      if constexpr (WRITE) store_some(out + whole * LANES, left, v);
    }
  }
};

// SIDE whole strips of short rows. False: one of the rows has no ordinary top.
template <int SIDE, class T, template <class> class ValueOf>
FASTACT_INLINE bool short_strips(const Strips<T>& s,
                                 Columns<typename Strips<T>::V, SIDE>& columns) {
  typedef typename Strips<T>::V V;
  typedef ValueOf<V> Value;
  constexpr Index AHEAD = 8 * sizeof(V);
  const auto x_at = [=](Index i, int k) __attribute__((always_inline)) {
    return load<V>(reinterpret_cast<const T*>(s.x + i * s.x_step) + k * Strips<T>::LANES);
  };
  const auto sum = columns.sum_near([=](Index i, int k) __attribute__((always_inline)) {
    // So many streams, read and written, are more than the processor foresees.
    __builtin_prefetch(s.x + i * s.x_step + k * sizeof(V) + AHEAD);
    if (!Value::OF_ROW) __builtin_prefetch(s.y + i * s.y_step + k * sizeof(V) + AHEAD, 1);
    return x_at(i, k);
  });
  if (!sum) return false;
  V firsts[SIDE], seconds[SIDE];
  for (int k = 0; k < SIDE; ++k) {
    const Value value(columns.top[k], columns.rest[k], columns.peak[k]);
    firsts[k] = value.first;
    if constexpr (Value::OF_ROW)
      s.set_y(0, k, value.first);
    else
      seconds[k] = value.second;
  }
  if constexpr (!Value::OF_ROW)
    for (Index i = 0; i < s.n; ++i)
#pragma GCC unroll 2
      for (int k = 0; k < SIDE; ++k) {
        const V v = Value::OF_E ? columns.e[k][i] : x_at(i, k);
        store<V>(reinterpret_cast<T*>(s.y + i * s.y_step) + k * Strips<T>::LANES,
                 Value::at(v, firsts[k], seconds[k]));
      }
  return true;
}

// How many strips of short rows: up to the first in which one has no ordinary top.
template <class T, template <class> class ValueOf>
FASTACT_INLINE Index all_short_strips(const Strips<T>& s) {
  typedef typename Strips<T>::V V;
  const Index whole = s.rows / Strips<T>::LANES;
  Index strip = 0;
  if constexpr (FASTACT_VECTOR_BYTES == 64) {  // where there are registers enough
    Columns<V, 2> two(s.n, ValueOf<V>::PRECISE);
    while (strip + 2 <= whole && short_strips<2, T, ValueOf>(s.part(strip, 2), two)) strip += 2;
  }
  Columns<V> one(s.n, ValueOf<V>::PRECISE);
  for (; strip < s.count(); ++strip) {
    Strips<T> last = s.part(strip, 1);
    V narrow[NARROW];  // stands in for a strip that is narrower than a vector
    if (strip == whole) {
      for (Index i = 0; i < s.n; ++i) narrow[i] = last.x_at(i, 0);
      last.x = last.y = reinterpret_cast<char*>(narrow);
      last.x_step = last.y_step = sizeof(V);
      last.rows = Strips<T>::LANES;
    }
    if (!short_strips<1, T, ValueOf>(last, one)) break;
    if (strip == whole)
      for (Index i = 0; i < (ValueOf<V>::OF_ROW ? 1 : s.n); ++i) s.set_y(i, strip, narrow[i]);
  }
  return strip;
}

}  // namespace
}  // namespace fastact
