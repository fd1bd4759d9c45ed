// Rows that lie side by side, longer than NARROW; and those of any length.
#pragma once

#include "columns.hpp"

namespace fastact {
namespace {

// Strips of rows, MOST of them or fewer, and what their e sum up to: lane i mod
// 32 of a row's sum is here a vector, of as many rows as it has lanes. As many strips as leave room
// beside the sums in the first cache (an Intel processor's of 48 KiB). With KEEPS_E y becomes e.
template <class T, bool KEEPS_E>
class StripSums {
  typedef typename VectorOf<T>::Type V;

 public:
  static constexpr Index MOST = FASTACT_VECTOR_BYTES == 64 ? 6 : 8;
  static constexpr Index AHEAD = FASTACT_VECTOR_BYTES == 64 ? 8 : 16;

  FASTACT_MEMBER explicit StripSums(const Strips<T>& s) : s_(s), count_(s.count()) {}

  // use(exp_of, exponent_of) with e = exp_of(x, strip) in units of 2**exponent_of(strip). False:
  // one of the rows has no ordinary top.
  template <class Use>
  FASTACT_MEMBER bool run(Use use) {
    if (!(KEEPS_E && s_.x == s_.y) && run_near(use)) return true;
    return run_any(use);
  }

  FASTACT_MEMBER V top(Index k) const { return tops_[k]; }

  // What the e of the rows of a strip come to but for one peak.
  template <class Exp>
  FASTACT_MEMBER V rest(Index k, V peak, Exp exp_of, bool precisely) const {
    const auto others = [&](Index lane) __attribute__((always_inline)) {
      OthersOfLane<V> total(all<V>(0));
      for (Index begin = lane; begin < s_.n;) {
        V sum = all<V>(0);
        for (const Index end = begin + ELEMENTS_OF_ROUNDS; begin < end && begin < s_.n;
             begin += SUM_LANES) {
          const V e = KEEPS_E ? s_.y_at(begin, k) : exp_of(s_.x_at(begin, k), k);
          sum += e == peak ? all<V>(0) : e;
        }
        add_to(total.whole, total.lost, sum);
      }
      return total;
    };
    const Index step = count_ * Traits<V>::LANES;
    const double* const wide = reinterpret_cast<const double*>(wide_ + k);
    const double* const lost = SINGLE ? nullptr : reinterpret_cast<const double*>(lost_ + k);
    return paused_ ? rest_of_columns<SUM_LANES>(wide, lost, step, s_.n, peak, others, precisely)
                   : rest_of_columns<SUM_LANES>(reinterpret_cast<const T*>(sums_ + k), nullptr,
                                                step, s_.n, peak, others, precisely);
  }

 private:
  static constexpr bool SINGLE = sizeof(T) == 4;
  const Strips<T> s_;
  const Index count_;
  V sums_[SUM_LANES * MOST], tops_[MOST];
  Wide<V> wide_[SUM_LANES * MOST], lost_[SINGLE ? 1 : SUM_LANES * MOST];  // LaneSums' of these rows
  bool paused_ = false;

  // x is read once, unless it reaches too far.
  template <class Use>
  FASTACT_MEMBER bool run_near(Use use) {
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
    use([](V x, Index) __attribute__((always_inline)) { return twice_exp(x); },
        [](Index) __attribute__((always_inline)) { return all<V>(-1); });
    return true;
  }

  template <class Use>
  FASTACT_MEMBER bool run_any(Use use) {
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
    use(exp_of, [&](Index k) __attribute__((always_inline)) { return units[k].exponent(); });
    return true;
  }

  // e = exp_of(x, strip), added up.
  template <class Exp>
  FASTACT_MEMBER void sum(Exp exp_of) {
    paused_ = false;
    const Index firsts = s_.n < SUM_LANES ? s_.n : SUM_LANES;
    for (Index at = firsts * count_; at < SUM_LANES * count_; ++at) sums_[at] = all<V>(0);
    for (Index i = 0; i < firsts; ++i) add<true>(i, exp_of);
    for (Index i = SUM_LANES; i < s_.n; ++i) {
      add<false>(i, exp_of);
      if ((i + 1) % ELEMENTS_OF_ROUNDS == 0) pause();
    }
    if (paused_) pause();
  }

  // As in LaneSums' pause.
  FASTACT_MEMBER static void add_to(Wide<V>& wide, Wide<V>& lost, V sum) {
    const Wide<V> more(sum);
    for (int i = 0; i < Wide<V>::COUNT; ++i) {
      const VDouble both = wide.part[i] + more.part[i];
      if (!SINGLE) lost.part[i] += sum_error(wide.part[i], more.part[i], both);
      wide.part[i] = both;
    }
  }

  FASTACT_MEMBER void pause() {
    const Wide<V> nothing(all<V>(0));
    for (Index at = 0; at < SUM_LANES * count_; ++at) {
      Wide<V>& lost = lost_[SINGLE ? 0 : at];
      if (!paused_) wide_[at] = lost = nothing;
      add_to(wide_[at], lost, sums_[at]);
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
      if (KEEPS_E) __builtin_prefetch(y + k * sizeof(V), 1);
      const V e = exp_of(v, k);
      sums[k] = FIRST ? e : sums[k] + e;
      return e;
    };
    if constexpr (KEEPS_E)
      s_.make_y(i, add);
    else
      s_.each_x(i, add);
  }
};

// The values of such strips. False: one of the rows has no ordinary top.
template <class T, template <class> class ValueOf>
FASTACT_INLINE bool long_strips(const Strips<T>& s) {
  typedef typename VectorOf<T>::Type V;
  typedef ValueOf<V> Value;
  typedef StripSums<T, Value::OF_E> Sums;
  Sums sums(s);
  return sums.run([&](auto exp_of, auto) __attribute__((always_inline)) {
    V firsts[Sums::MOST], seconds[Sums::MOST];
    for (Index k = 0; k < s.count(); ++k) {
      const V peak = exp_of(sums.top(k), k);
      const Value value(sums.top(k), sums.rest(k, peak, exp_of, Value::PRECISE), peak);
      firsts[k] = value.first;
      if constexpr (Value::OF_ROW)
        s.set_y(0, k, value.first);
      else
        seconds[k] = value.second;
    }
    if constexpr (!Value::OF_ROW)
      for (Index i = 0; i < s.n; ++i) {
        const char* const ahead = s.y + (i + Sums::AHEAD) * s.y_step;
        const auto made = [&](V v, Index k) __attribute__((always_inline)) {
          if (!Value::OF_E) __builtin_prefetch(ahead + k * sizeof(V), 1);
          return Value::at(v, firsts[k], seconds[k]);
        };
        if constexpr (Value::OF_E)
          s.remake_y(i, made);
        else
          s.make_y(i, made);
      }
  });
}

// args: x, y, how many of the rows are done, up to the first strips in which one has no ordinary
// top; steps: from one element of a row to the next in x, in y.
template <class T, template <class> class ValueOf>
FASTACT_INLINE void columns_of(char** args, const Index* dims, const Index* steps) {
  constexpr Index MOST = StripSums<T, false>::MOST;
  const Strips<T> s{args[0], args[1], steps[0], steps[1], dims[0], dims[1]};
  Index strip = 0;
  if (s.n <= NARROW)
    strip = all_short_strips<T, ValueOf>(s);
  else
    while (strip < s.count() && long_strips<T, ValueOf>(s.part(strip, MOST))) strip += MOST;
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

// Of a block of long rows: x -> e, where KEEPS_E, top, rest, peak, exponent of
// each. The last argument tells whether all of them have an ordinary top; else nothing holds.
template <class T, bool KEEPS_E>
FASTACT_INLINE void sums_of_columns(char** args, const Index* dims, const Index* steps,
                                    bool precisely) {
  typedef StripSums<T, KEEPS_E> Sums;
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  const Strips<T> whole{args[0], args[1], steps[0], steps[1], dims[0], dims[1]};
  bool& ordinary = *reinterpret_cast<bool*>(args[6]);
  ordinary = true;
  for (Index strip = 0; strip < whole.count() && ordinary; strip += Sums::MOST) {
    const Strips<T> s = whole.part(strip, Sums::MOST);
    Sums sums(s);
    ordinary = sums.run([&](auto exp_of, auto exponent_of) __attribute__((always_inline)) {
      for (Index k = 0; k < s.count(); ++k) {
        const Index at = (strip + k) * Strips<T>::LANES, left = dims[0] - at,
                    count = left < Strips<T>::LANES ? left : Strips<T>::LANES;
        const V peak = exp_of(sums.top(k), k);
        const V found[] = {sums.top(k), sums.rest(k, peak, exp_of, precisely), peak,
                           exponent_of(k)};
        for (int a = 0; a < 4; ++a) store_up_to(arrays[2 + a] + at, count, found[a]);
      }
    });
  }
}
template <class T>
static void sum_columns(char** args, const Index* dims, const Index* steps, void* precisely) {
  sums_of_columns<T, false>(args, dims, steps, precisely != nullptr);
}
template <class T>
static void exp_sum_columns(char** args, const Index* dims, const Index* steps, void* precisely) {
  sums_of_columns<T, true>(args, dims, steps, precisely != nullptr);
}

// y = made(x, first, second) with two numbers of each row: x, first, second, y
template <class T, class Made>
FASTACT_INLINE void map_columns(char** args, const Index* dims, const Index* steps, Made made) {
  typedef typename VectorOf<T>::Type V;
  typedef StripSums<T, false> Sums;
  constexpr Index LANES = Strips<T>::LANES, AHEAD = Sums::AHEAD;
  T** arrays = reinterpret_cast<T**>(args);
  const Strips<T> whole{args[0], args[3], steps[0], steps[1], dims[0], dims[1]};
  for (Index strip = 0; strip < whole.count(); strip += Sums::MOST) {
    const Strips<T> s = whole.part(strip, Sums::MOST);
    V firsts[Sums::MOST], seconds[Sums::MOST];
    for (Index k = 0; k < s.count(); ++k) {
      const Index at = (strip + k) * LANES, left = dims[0] - at,
                  count = left < LANES ? left : LANES;
      firsts[k] = load_up_to<V>(arrays[1] + at, count, 0);
      seconds[k] = load_up_to<V>(arrays[2] + at, count, 0);
    }
    for (Index i = 0; i < s.n; ++i) {
      const char *const x = s.x + (i + AHEAD) * s.x_step, *const y = s.y + (i + AHEAD) * s.y_step;
      s.make_y(i, [&](V v, Index k) __attribute__((always_inline)) {
        __builtin_prefetch(x + k * sizeof(V));
        __builtin_prefetch(y + k * sizeof(V), 1);
        return made(v, firsts[k], seconds[k]);
      });
    }
  }
}
// scale's and log_softmax's
template <class T>
static void scale_columns(char** args, const Index* dims, const Index* steps, void*) {
  typedef typename VectorOf<T>::Type V;
  map_columns<T>(args, dims, steps, [](V e, V factor, V low) __attribute__((always_inline)) {
    return SoftmaxOf<V>::at(e, factor, low);
  });
}
template <class T>
static void shift_columns(char** args, const Index* dims, const Index* steps, void*) {
  typedef typename VectorOf<T>::Type V;
  map_columns<T>(args, dims, steps, [](V x, V top, V log_sum) __attribute__((always_inline)) {
    const V high = top + log_sum;
    return log_softmax_at(x, high, sum_error(top, log_sum, high));
  });
}

}  // namespace
}  // namespace fastact
