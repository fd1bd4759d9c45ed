// The gradients of the softmax family on short rows, and the values if they are wanted: side by
// side, from x and dy to dx and y in one go, to the bits that the stages give one by one.
#pragma once

#include "gradientsums.hpp"
#include "values.hpp"

namespace fastact {
namespace {

// a / (b + c), in double.
template <class V>
FASTACT_INLINE V over_sum(V a, V b, V c) {
  Wide<V> quotient(a);
  const Wide<V> first(b), second(c);
  for (int i = 0; i < Wide<V>::COUNT; ++i) quotient.part[i] /= first.part[i] + second.part[i];
  return quotient.join();
}

// Each is made of what is known of the rows, and of the first of their dy, one for a row; dx(e, dy)
// and y(x, e), or y of a row.
template <class V>
struct SoftmaxSlope {
  static constexpr bool OF_ROW = false, PRECISE = SoftmaxOf<V>::PRECISE;

  FASTACT_MEMBER SoftmaxSlope(const Columns<V>& rows, ShortRows<V>& sums, V)
      : value_(rows.top[0], rows.rest[0], rows.peak[0]),
        reference_(sums.leading_reference(rows.e[0], rows.peak[0], rows.rest[0])),
        dot_(over_sum(sums.dot(rows.e[0], rows.peak[0]), rows.peak[0], rows.rest[0])) {}
  FASTACT_MEMBER V dx(V e, V dy) const { return e * value_.first * ((dy - reference_) - dot_); }
  FASTACT_MEMBER void find_value() {}
  FASTACT_MEMBER V y(V, V e) const { return value_.at(e, value_.first, value_.second); }

 private:
  const SoftmaxOf<V> value_;
  const V reference_, dot_;
};

template <class V>
struct LogSoftmaxSlope {
  static constexpr bool OF_ROW = false, PRECISE = LogSoftmaxOf<V>::PRECISE;

  FASTACT_MEMBER LogSoftmaxSlope(const Columns<V>& rows, ShortRows<V>& sums, V)
      : rows_(rows),
        peak_(rows.peak[0]),
        reference_(sums.reference(rows.e[0], peak_)),
        others_(sums.others(rows.e[0], peak_)),
        sum_(others_ + reference_),
        remainder_(over_sum(rows.rest[0], peak_, rows.rest[0])) {
    V low;
    inverse_of_sum(peak_, rows.rest[0], &factor_, &low);
  }
  FASTACT_MEMBER V dx(V e, V dy) const {
    return log_softmax_slope(e, dy, peak_, factor_, remainder_, reference_, others_, sum_);
  }
  FASTACT_MEMBER void find_value() {
    const LogSoftmaxOf<V> value(rows_.top[0], rows_.rest[0], peak_);
    high_ = value.first;
    low_ = value.second;
  }
  FASTACT_MEMBER V y(V x, V) const { return log_softmax_at(x, high_, low_); }

 private:
  const Columns<V>& rows_;
  const V peak_, reference_, others_, sum_, remainder_;
  V factor_, high_, low_;
};

// What dx is of e for rows of one dy each, and what its rounding left out.
template <class V>
FASTACT_INLINE void logsumexp_factor(V rest, V peak, V dy, V* first, V* second) {
  V near, beyond;
  inverse_of_sum(peak, rest, &near, &beyond);
  Wide<V> factor(near), left;
  const Wide<V> more(beyond), gradient(dy);
  for (int i = 0; i < Wide<V>::COUNT; ++i)
    factor.part[i] = (factor.part[i] + more.part[i]) * gradient.part[i];
  *first = factor.join();
  const Wide<V> rounded(*first);
  for (int i = 0; i < Wide<V>::COUNT; ++i) left.part[i] = factor.part[i] - rounded.part[i];
  const V low = left.join();
  *second = low == low ? low : all<V>(0);  // of an infinite factor nothing is left out
}

template <class V>
struct LogSumExpSlope {
  static constexpr bool OF_ROW = true, PRECISE = LogSumExpOf<V>::PRECISE;

  FASTACT_MEMBER LogSumExpSlope(const Columns<V>& rows, ShortRows<V>&, V dy) : rows_(rows) {
    logsumexp_factor(rows.rest[0], rows.peak[0], dy, &factor_, &low_);
  }
  FASTACT_MEMBER V dx(V e, V) const { return mul_add(e, factor_, e * low_); }
  FASTACT_MEMBER void find_value() {}
  FASTACT_MEMBER V y() const {
    return LogSumExpOf<V>(rows_.top[0], rows_.rest[0], rows_.peak[0]).first;
  }

 private:
  const Columns<V>& rows_;
  V factor_, low_;
};

// Rows of NARROW elements at most, as many as there are lanes.
template <class T, template <class> class SlopeOf>
class Strip {
  typedef typename VectorOf<T>::Type V;
  typedef SlopeOf<V> Slope;

 public:
  static constexpr Index LANES = Traits<V>::LANES;

  FASTACT_MEMBER explicit Strip(Index n) : n_(n), columns_(n, Slope::PRECISE), sums_(n) {}

  // Everything is read before anything is written: y may be x, dx may be dy. False: one of the rows
  // has no ordinary top.
  FASTACT_MEMBER bool run(const T* x, const T* dy, T* y, T* dx) {
    V some[NARROW];
    read_columns(x, n_, some);
    if (!columns_.sum([&](Index i, int) __attribute__((always_inline)) { return some[i]; }))
      return false;
    if (!Slope::OF_ROW) sums_.read(dy);
    Slope slope(columns_, sums_, Slope::OF_ROW ? load<V>(dy) : all<V>(0));
    const V* e = columns_.e[0];
    V slopes[NARROW];
    for (Index i = 0; i < n_; ++i) slopes[i] = slope.dx(e[i], sums_.dy(i));
    if (y != nullptr) {
      slope.find_value();
      if constexpr (Slope::OF_ROW) {
        store<V>(y, slope.y());
      } else {
        for (Index i = 0; i < n_; ++i) some[i] = slope.y(some[i], e[i]);
        write_columns(some, n_, y);
      }
    }
    write_columns(slopes, n_, dx);
    return true;
  }

  // The same of fewer rows, by way of a strip in which zeros follow them.
  FASTACT_MEMBER bool run_some(Index rows, const T* x, const T* dy, T* y, T* dx) {
    T all_x[LANES * NARROW], all_dy[LANES * NARROW], all_y[LANES * NARROW], all_dx[LANES * NARROW];
    const Index size = rows * n_, of_row = Slope::OF_ROW ? rows : size;
    for (Index i = 0; i < LANES * n_; ++i) all_x[i] = i < size ? x[i] : 0;
    for (Index i = 0; i < LANES * n_; ++i) all_dy[i] = i < of_row ? dy[i] : 0;
    if (!run(all_x, all_dy, y == nullptr ? nullptr : all_y, all_dx)) return false;
    if (y != nullptr) memcpy(y, all_y, of_row * sizeof(T));
    memcpy(dx, all_dx, size * sizeof(T));
    return true;
  }

 private:
  const Index n_;
  Columns<V> columns_;
  ShortRows<V> sums_;
};

// args: x, dy, y or NULL, dx, how many of the rows are done: up to the first strip in which one has
// no ordinary top.
template <class T, template <class> class SlopeOf>
FASTACT_INLINE void gradients_of(char** args, const Index* dims) {
  typedef Strip<T, SlopeOf> Strip;
  typedef SlopeOf<typename VectorOf<T>::Type> Slope;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  Strip strip(n);
  Index row = 0;
  while (row < rows) {
    const Index at = row * n, of_row = Slope::OF_ROW ? row : at;
    const T *x = arrays[0] + at, *dy = arrays[1] + of_row;
    T *y = arrays[2] == nullptr ? nullptr : arrays[2] + of_row, *dx = arrays[3] + at;
    const Index left = rows - row;
    const bool whole = left >= Strip::LANES;
    if (!(whole ? strip.run(x, dy, y, dx) : strip.run_some(left, x, dy, y, dx))) break;
    row += whole ? Strip::LANES : left;
  }
  *reinterpret_cast<Index*>(args[4]) = row;
}

// The same of logsumexp on rows of more elements, a block at most: its e need not be made twice,
// nor wait for the largest x.
template <class T>
static void logsumexp_gradients_of_blocks(char** args, const Index* dims) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  T memory[BLOCK_ROOM + Rows<T>::LANES];
  Rows<T> block(memory, LogSumExpOf<V>::PRECISE);
  Index row = 0;
  while (row < rows) {
    const Index count = rows - row < Rows<T>::fit(n) ? rows - row : Rows<T>::fit(n);
    const T* x = arrays[0] + row * n;
    T* dx = arrays[3] + row * n;
    const V dy = load_up_to<V>(arrays[1] + row, count, 0), size = abs(dy);
    // So that the factors of e that are far from 1 are normal numbers, with what they leave out.
    const auto odd = ((size < all<V>(0x1p-20)) & (size > all<V>(0))) | (size > all<V>(0x1p40));
    if (any_lane(odd))
      block.read_any(x, count, n);
    else
      block.read(x, count, n, dx);
    if (any_above(abs(block.top), all<V>(ExpConstants<V>::ORDINARY))) break;
    V factor, low;
    logsumexp_factor(block.rest, block.peak, dy, &factor, &low);
    for (Index r = 0; r < count; ++r) {
      const T* e = block.e(r);
      const V first = all<V>(factor[r]), second = all<V>(low[r]);
      each_vector<V>(n, [&](int, Index i, Index some) __attribute__((always_inline)) {
        const V v = load_up_to<V>(e + i, some, 0);
        store_up_to(dx + r * n + i, some, mul_add(v, first, v * second));
      });
    }
    if (arrays[2] != nullptr)
      store_up_to(arrays[2] + row, count, LogSumExpOf<V>(block.top, block.rest, block.peak).first);
    row += count;
  }
  *reinterpret_cast<Index*>(args[4]) = row;
}

template <class T>
static void softmax_gradients(char** args, const Index* dims, const Index*, void*) {
  gradients_of<T, SoftmaxSlope>(args, dims);
}
template <class T>
static void log_softmax_gradients(char** args, const Index* dims, const Index*, void*) {
  gradients_of<T, LogSoftmaxSlope>(args, dims);
}
template <class T>
static void logsumexp_gradients(char** args, const Index* dims, const Index*, void*) {
  if (dims[1] > NARROW)
    logsumexp_gradients_of_blocks<T>(args, dims);
  else
    gradients_of<T, LogSumExpSlope>(args, dims);
}

}  // namespace
}  // namespace fastact
