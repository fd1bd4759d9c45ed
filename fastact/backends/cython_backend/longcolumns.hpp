// Rows that lie side by side, longer than NARROW; and those of any length.
#pragma once

#include "columns.hpp"

namespace fastact {
namespace {

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
  static constexpr bool SINGLE = sizeof(T) == 4;
  const Strips<T> s_;
  const Index count_;
  V sums_[SUM_LANES * MOST], tops_[MOST];
  Wide<V> wide_[SINGLE ? SUM_LANES * MOST : 1];  // of a float's: LaneSums' of as many rows
  bool paused_ = false;

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
    paused_ = false;
    for (Index i = 0; i < SUM_LANES; ++i) add<true>(i, exp_of);
    for (Index i = SUM_LANES; i < s_.n; ++i) {
      add<false>(i, exp_of);
      if (SINGLE && (i + 1) % ELEMENTS_OF_ROUNDS == 0) pause();
    }
    if (paused_) pause();
  }

  FASTACT_MEMBER void pause() {
    for (Index at = 0; at < SUM_LANES * count_; ++at) {
      const Wide<V> more(sums_[at]);
      for (int i = 0; i < Wide<V>::COUNT; ++i)
        wide_[at].part[i] = paused_ ? wide_[at].part[i] + more.part[i] : more.part[i];
      sums_[at] = all<V>(0);
    }
    paused_ = true;
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
        Wide<V> total(all<V>(0));
        for (Index begin = lane; begin < s_.n;) {
          V sum = all<V>(0);
          const Index end = SINGLE ? begin + ELEMENTS_OF_ROUNDS : s_.n;
          for (; begin < end && begin < s_.n; begin += SUM_LANES) {
            const V e = Value::OF_E ? s_.y_at(begin, k) : exp_of(s_.x_at(begin, k), k);
            sum += e == peak ? all<V>(0) : e;
          }
          const Wide<V> more(sum);
          for (int i = 0; i < Wide<V>::COUNT; ++i) total.part[i] += more.part[i];
        }
        return total;
      };
      const Index step = count_ * Traits<V>::LANES;
      const V rest = paused_
                         ? rest_of_columns<SUM_LANES>(reinterpret_cast<const double*>(wide_ + k),
                                                      step, s_.n, peak, others, Value::PRECISE)
                         : rest_of_columns<SUM_LANES>(reinterpret_cast<const T*>(sums_ + k), step,
                                                      s_.n, peak, others, Value::PRECISE);
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
