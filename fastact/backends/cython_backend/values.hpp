// The values of the softmax family on rows of at most a block, from x to y in one go, to the bits
// that the stages give one by one.
#pragma once

#include "longcolumns.hpp"

namespace fastact {
namespace {

// What one reading of a row gives: e = 2 exp(x), their sum, the largest x, and in `furthest` how
// far x reaches from 0. None of it holds where that is beyond NEAR. `soon` is where as many
// elements will be written next.
template <class T, class V>
FASTACT_INLINE void exp_near(const T* x, Index n, T* e, const T* soon, T* top, double* sum,
                             V* furthest) {
  constexpr Index LANES = Traits<V>::LANES;
  V most = all<V>(-INFINITE), least = all<V>(0);
  LaneSums<V> sums;
  sums.begin();
  each_vector<V>(
      n,
      [&](int part, Index i, Index count) __attribute__((always_inline)) {
        __builtin_prefetch(soon + i);
        fetch_for_loads(x + i);
        const bool whole = count == LANES;
        const V v = load_up_to<V>(x + i, count, 0);
        const V result = whole ? twice_exp(v) : first_lanes(twice_exp(v), count);
        most = max(whole ? v : load_some(x + i, count, all<V>(-INFINITE)), most);
        least = min(v, least);
        sums.part[part] += result;
        store_up_to(e + i, count, result);
      },
      [&]() __attribute__((always_inline)) { sums.pause(); });
  *furthest = max(max(most, -least), *furthest);
  *top = largest_lane(most);
  *sum = sums.total();
}

// x -> e, top, rest, peak, base, exponent as exp_sum's, but e may be far from 1.
template <class T>
static void exp_sum_near(char** args, const Index* dims, const Index*, void* precisely) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  const Index n = dims[1];
  for (Index row = 0; row < dims[0]; ++row) {
    const T* x = arrays[0] + row * n;
    T* e = arrays[1] + row * n;
    V furthest = all<V>(0);
    double sum;
    if (x != e) exp_near(x, n, e, e, &arrays[2][row], &sum, &furthest);
    if (x == e || any_above(furthest, all<V>(NEAR<V>))) {
      char* rest[7] = {reinterpret_cast<char*>(arrays[0] + row * n),
                       reinterpret_cast<char*>(arrays[1] + row * n)};
      for (int i = 2; i < 7; ++i) rest[i] = reinterpret_cast<char*>(arrays[i] + row);
      const Index one[] = {1, n};
      exp_sum<T>(rest, one, nullptr, precisely);
      continue;
    }
    const T peak = twice_exp(all<V>(arrays[2][row]))[0];
    arrays[3][row] = rest_of<V>(sum, e, n, peak, precisely != nullptr);
    arrays[4][row] = peak;
    arrays[5][row] = 0;
    arrays[6][row] = -1;
  }
}

constexpr Index BLOCK_ROOM = 4096;

// Some rows, at most as many as a vector has lanes: their e, and a lane of each for what is known
// of a row.
template <class T>
class Rows {
 public:
  typedef typename VectorOf<T>::Type V;
  static constexpr Index LANES = Traits<V>::LANES;

  V top, rest, peak;

  // Of memory there is a block, and a vector.
  Rows(T* memory, bool precisely) : precisely_(precisely), memory_(memory) {}

  // How many rows of n elements there is room for.
  static Index fit(Index n) {
    const Index rows = BLOCK_ROOM / padded(n);
    return rows < 1 ? 1 : rows < LANES ? rows : LANES;
  }

  const T* e(Index row) const { return memory_ + row * stride_; }

  // `soon` is where the results will be written.
  void read(const T* x, Index rows, Index n, const T* soon) {
    if (far_ == 0 && read_near(x, rows, n, soon)) return;
    far_ = far_ == 0 ? STAY_FAR : far_ - 1;
    read_any(x, rows, n);
  }

  // The same, and no e is far from 1.
  void read_any(const T* x, Index rows, Index n) {
    stride_ = n;
    T tops[LANES] = {}, rests[LANES] = {}, peaks[LANES] = {}, base[LANES], exponent[LANES];
    const void* arrays[] = {x, memory_, tops, rests, peaks, base, exponent};
    const Index dims[] = {rows, n};
    exp_sum<T>(reinterpret_cast<char**>(const_cast<void**>(arrays)), dims, nullptr,
               precisely_ ? this : nullptr);
    top = load<V>(tops);
    rest = load<V>(rests);
    peak = load<V>(peaks);
  }

 private:
  static constexpr int STAY_FAR = 7;  // masked rows come in company: do not try each of them

  static Index padded(Index n) { return (n + LANES - 1) / LANES * LANES; }

  bool read_near(const T* x, Index rows, Index n, const T* soon) {
    stride_ = padded(n);
    double sums[LANES];
    T tops[LANES] = {};
    for (double& sum : sums) sum = 4;  // of a row that is not there: twice its peak
    V furthest = all<V>(0);
    for (Index row = 0; row < rows; ++row)
      exp_near(x + row * n, n, memory_ + row * stride_, soon + row * n, &tops[row], &sums[row],
               &furthest);
    if (any_above(furthest, all<V>(NEAR<V>))) return false;
    top = load<V>(tops);
    peak = twice_exp(top);
    Wide<V> rests;
    for (int i = 0; i < Wide<V>::COUNT; ++i)
      rests.part[i] = load<VDouble>(sums + i * Traits<VDouble>::LANES);
    const bool digits = take_peaks<V>(rests, Wide<V>(peak), least_rest<V>(n, precisely_));
    rest = rests.join();
    for (Index row = 0; row < rows && !digits; ++row)
      rest[row] = rest_of<V>(sums[row], e(row), n, peak[row], precisely_);
    return true;
  }

  Index stride_ = 0;
  int far_ = 0;
  const bool precisely_;
  T* const memory_;
};

// x -> y, with memory for Rows
template <class T, template <class> class ValueOf>
FASTACT_INLINE void values_of(char** args, const Index* dims) {
  typedef typename VectorOf<T>::Type V;
  typedef ValueOf<V> Value;
  constexpr Index LANES = Traits<V>::LANES;
  const T* x = reinterpret_cast<T**>(args)[0];
  T* y = reinterpret_cast<T**>(args)[1];
  const Index rows = dims[0], n = dims[1];
  Rows<T> block(reinterpret_cast<T**>(args)[2], Value::PRECISE);
  Columns<V> columns(n, Value::PRECISE);
  for (Index row = 0; row < rows;) {
    if (n <= NARROW && row + LANES <= rows) {
      V some[NARROW];
      read_columns(x + row * n, n, some);
      if (columns.sum_near([&](Index i, int) __attribute__((always_inline)) { return some[i]; })) {
        const Value value(columns.top[0], columns.rest[0], columns.peak[0]);
        if constexpr (Value::OF_ROW) {
          store<V>(y + row, value.first);
        } else {
          for (Index i = 0; i < n; ++i)
            some[i] = Value::at(Value::OF_E ? columns.e[0][i] : some[i], value.first, value.second);
          write_columns(some, n, y + row * n);
        }
        row += LANES;
        continue;
      }
    }
    const Index count = rows - row < Rows<T>::fit(n) ? rows - row : Rows<T>::fit(n);
    block.read(x + row * n, count, n, Value::OF_ROW ? x + row * n : y + row * n);
    const Value value(block.top, block.rest, block.peak);
    if constexpr (Value::OF_ROW) {
      store_up_to(y + row, count, value.first);
      row += count;
      continue;
    } else {
      for (Index r = 0; r < count; ++r, ++row) {
        const T* in = Value::OF_E ? block.e(r) : x + row * n;
        T* out = y + row * n;
        const T top = block.top[r], rest = block.rest[r];
        if (!(top - top == 0)) {
          for (Index i = 0; i < n; ++i) out[i] = Value::at_infinity(in[i], top, rest);
          continue;
        }
        const V first = all<V>(value.first[r]), second = all<V>(value.second[r]);
        each_vector<V>(n, [&](int, Index i, Index count) __attribute__((always_inline)) {
          const V v = load_up_to<V>(in + i, count, 0);
          store_up_to(out + i, count, Value::at(v, first, second));
        });
      }
    }
  }
}

template <class T>
static void softmax_values(char** args, const Index* dims, const Index*, void*) {
  values_of<T, SoftmaxOf>(args, dims);
}
template <class T>
static void log_softmax_values(char** args, const Index* dims, const Index*, void*) {
  values_of<T, LogSoftmaxOf>(args, dims);
}
template <class T>
static void logsumexp_values(char** args, const Index* dims, const Index*, void*) {
  values_of<T, LogSumExpOf>(args, dims);
}

}  // namespace
}  // namespace fastact
