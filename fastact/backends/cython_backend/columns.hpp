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

// Strips of rows longer than NARROW, MOST of them or fewer: lane i mod 32 of a row's sum is here a
// vector, of as many rows as it has lanes. As many strips as leave room beside the sums in the
// first cache (an Intel processor's of 48 KiB).
template <class T, template <class> class ValueOf>
class LongStrips {
  typedef typename VectorOf<T>::Type V;
  typedef ValueOf<V> Value;

 public:
  static constexpr Index MOST = FASTACT_VECTOR_BYTES == 64 ? 6 : 8;

  FASTACT_MEMBER explicit LongStrips(const Strips<T>& s) : s_(s), count_(s.count()) {}

  // False: one of the rows has no ordinary top.
  FASTACT_MEMBER bool run() {
    if (!(Value::OF_E && s_.x == s_.y) && run_near()) return true;
    return run_any();
  }

 private:
  static constexpr Index AHEAD = FASTACT_VECTOR_BYTES == 64 ? 8 : 16;
  const Strips<T> s_;
  const Index count_;
  V sums_[SUM_LANES * MOST], tops_[MOST];

  // x is read once, unless it reaches too far.
  FASTACT_MEMBER bool run_near() {
    V least = all<V>(0);
    for (Index k = 0; k < count_; ++k) tops_[k] = all<V>(-INFINITE);
    sum([&](V x, Index k) __attribute__((always_inline)) {
      tops_[k] = max(x, tops_[k]);
      least = min(x, least);
      return twice_exp(x);
    });
    V furthest = -least;
    for (Index k = 0; k < count_; ++k) furthest = max(tops_[k], furthest);
    if (any_above(furthest, all<V>(NEAR<V>))) return false;
    write([](V x, Index) __attribute__((always_inline)) { return twice_exp(x); });
    return true;
  }

  FASTACT_MEMBER bool run_any() {
    ExpUnit<V> units[MOST];
    for (Index k = 0; k < count_; ++k) tops_[k] = all<V>(-INFINITE);
    for (Index i = 0; i < s_.n; ++i)
      s_.each_x(i, [&](V x, Index k)
                       __attribute__((always_inline)) { return tops_[k] = max(x, tops_[k]); });
    for (Index k = 0; k < count_; ++k) {
      if (any_above(abs(tops_[k]), all<V>(ExpConstants<V>::ORDINARY))) return false;
      units[k] = ExpUnit<V>(tops_[k]);
    }
    const auto exp_of = [&](V x, Index k)
                            __attribute__((always_inline)) { return units[k].exp(x); };
    sum(exp_of);
    write(exp_of);
    return true;
  }

  // e = exp_of(x, strip), added up; where the value is made of it, y keeps it.
  template <class Exp>
  FASTACT_MEMBER void sum(Exp exp_of) {
    for (Index i = 0; i < SUM_LANES; ++i) add<true>(i, exp_of);
    for (Index i = SUM_LANES; i < s_.n; ++i) add<false>(i, exp_of);
  }

  template <bool FIRST, class Exp>
  FASTACT_MEMBER void add(Index i, Exp exp_of) {
    V* const sums = sums_ + i % SUM_LANES * count_;
    // The processor does not see far steps coming.
    const char *const x = s_.x + (i + AHEAD) * s_.x_step, *const y = s_.y + (i + AHEAD) * s_.y_step;
    const auto add = [&](V v, Index k) __attribute__((always_inline)) {
      __builtin_prefetch(x + k * sizeof(V));
      if (Value::OF_E) __builtin_prefetch(y + k * sizeof(V), 1);
      const V e = exp_of(v, k);
      sums[k] = FIRST ? e : sums[k] + e;
      return e;
    };
    if constexpr (Value::OF_E)
      s_.make_y(i, add);
    else
      s_.each_x(i, add);
  }

  template <class Exp>
  FASTACT_MEMBER void write(Exp exp_of) {
    V firsts[MOST], seconds[MOST];
    for (Index k = 0; k < count_; ++k) {
      const V peak = exp_of(tops_[k], k);
      // What the elements of a lane come to without those that are `peak`.
      const auto others = [&](Index lane) __attribute__((always_inline)) {
        V sum = all<V>(0);
        for (Index i = lane; i < s_.n; i += SUM_LANES) {
          const V e = Value::OF_E ? s_.y_at(i, k) : exp_of(s_.x_at(i, k), k);
          sum += e == peak ? all<V>(0) : e;
        }
        return sum;
      };
      const V rest =
          rest_of_columns<SUM_LANES>(reinterpret_cast<const T*>(sums_ + k),
                                     count_ * Traits<V>::LANES, s_.n, peak, others, Value::PRECISE);
      const Value value(tops_[k], rest, peak);
      firsts[k] = value.first;
      if constexpr (Value::OF_ROW)
        s_.set_y(0, k, value.first);
      else
        seconds[k] = value.second;
    }
    if constexpr (!Value::OF_ROW)
      for (Index i = 0; i < s_.n; ++i) {
        const char* const ahead = s_.y + (i + AHEAD) * s_.y_step;
        const auto made = [&](V v, Index k) __attribute__((always_inline)) {
          if (!Value::OF_E) __builtin_prefetch(ahead + k * sizeof(V), 1);
          return Value::at(v, firsts[k], seconds[k]);
        };
        if constexpr (Value::OF_E)
          s_.remake_y(i, made);
        else
          s_.make_y(i, made);
      }
  }
};

// args: x, y, how many of the rows are done, up to the first strips in which one has no ordinary
// top; steps: from one element of a row to the next in x, in y.
template <class T, template <class> class ValueOf>
FASTACT_INLINE void columns_of(char** args, const Index* dims, const Index* steps) {
  typedef LongStrips<T, ValueOf> Long;
  const Strips<T> s{args[0], args[1], steps[0], steps[1], dims[0], dims[1]};
  Index strip = 0;
  if (s.n <= NARROW)
    strip = all_short_strips<T, ValueOf>(s);
  else
    while (strip < s.count() && Long(s.part(strip, Long::MOST)).run()) strip += Long::MOST;
  const Index done = strip * Strips<T>::LANES;
  *reinterpret_cast<Index*>(args[2]) = done < s.rows ? done : s.rows;
}

template <class T>
static void softmax_columns(char** args, const Index* dims, const Index* steps, void*) {
  columns_of<T, SoftmaxOf>(args, dims, steps);
}
template <class T>
static void log_softmax_columns(char** args, const Index* dims, const Index* steps, void*) {
  columns_of<T, LogSoftmaxOf>(args, dims, steps);
}
template <class T>
static void logsumexp_columns(char** args, const Index* dims, const Index* steps, void*) {
  columns_of<T, LogSumExpOf>(args, dims, steps);
}

}  // namespace
}  // namespace fastact
