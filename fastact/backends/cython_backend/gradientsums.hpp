// What the gradients of the softmax family sum up along a row, by themselves or while its e are
// made, and what log_softmax's makes of it.
#pragma once

#include "narrow.hpp"

namespace fastact {
namespace {

// The largest dy where e is the peak: what the gradient's sums are taken relative to.
template <class V>
FASTACT_INLINE Scalar<V> reference_of(const Scalar<V>* e, const Scalar<V>* dy, Scalar<V> peak,
                                      Index n) {
  constexpr Index LANES = Traits<V>::LANES;
  V most[PARTS<V>];
  for (V& part : most) part = all<V>(-INFINITE);
  each_vector<V>(n, [&](int part, Index i, Index count) __attribute__((always_inline)) {
    const V ve = count == LANES ? load<V>(e + i) : load_some(e + i, count, all<V>(0));
    const V vd = count == LANES ? load<V>(dy + i) : load_some(dy + i, count, all<V>(0));
    most[part] = ve == all<V>(peak) && vd > most[part] ? vd : most[part];
  });
  const Scalar<V> found = fold_max<V>(most);
  return found == Scalar<V>(-INFINITE) ? Scalar<V>(0) : found;
}

// sum e * (dy - reference); the next row's dy is asked for.
template <class V>
FASTACT_INLINE Scalar<V> dot_of_row(const Scalar<V>* e, const Scalar<V>* dy, Scalar<V> reference,
                                    Index n) {
  LaneSums<V> sums;
  sums.begin();
  each_vector<V>(
      n,
      [&](int part, Index i, Index count) __attribute__((always_inline)) {
        __builtin_prefetch(dy + n + i);
        const V ve = load_up_to<V>(e + i, count, 0), vd = load_up_to<V>(dy + i, count, reference);
        sums.part[part] = mul_add(ve, vd - all<V>(reference), sums.part[part]);
      },
      [&]() __attribute__((always_inline)) { sums.pause(); });
  return static_cast<Scalar<V>>(sums.total());
}

// dy - softmax * sum(dy); at the peak in a form that does not cancel: dy * (1 - softmax) - softmax
// * (the sum of the other dy)
template <class V>
FASTACT_INLINE V log_softmax_slope(V e, V dy, V peak, V factor, V remainder, V reference, V others,
                                   V sum) {
  const V ordinary = less_mul(dy, e * factor, sum);
  const V largest = dy * remainder - peak * factor * (others + (reference - dy));
  return e == peak ? largest : ordinary;
}

// The dy of a row's largest element pays as a reference where that has more than half of the sum;
// elsewhere, being large, it would take the digits of the rest.
template <class V>
FASTACT_INLINE V if_leading(V reference, V peak, V rest) {
  return rest < peak ? reference : all<V>(0);
}

// e, dy, peak, rest -> reference, dot = sum e * (dy - reference)
template <class T>
static void dot(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  for (Index row = 0; row < rows; ++row) {
    const T *e = arrays[0] + row * n, *dy = arrays[1] + row * n;
    const T peak = arrays[2][row];
    const T reference = arrays[3][row] < peak ? reference_of<V>(e, dy, peak, n) : T(0);
    arrays[4][row] = reference;
    arrays[5][row] = dot_of_row<V>(e, dy, reference, n);
  }
}

// e, dy, peak, rest -> reference, others = the sum of all dy but the reference, one of the peaks'
template <class T>
static void others(char** args, const Index* dims, const Index*, void*) {
  typedef typename VectorOf<T>::Type V;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  for (Index row = 0; row < rows; ++row) {
    const T *e = arrays[0] + row * n, *dy = arrays[1] + row * n;
    const T peak = arrays[2][row], reference = reference_of<V>(e, dy, peak, n);
    LaneSums<V> sums, ties;
    sums.begin();
    ties.begin();
    each_vector<V>(
        n,
        [&](int part, Index i, Index count) __attribute__((always_inline)) {
          const V zero = all<V>(0), vd = load_up_to<V>(dy + i, count, 0);
          const auto largest = load_up_to<V>(e + i, count, 0) == all<V>(peak);
          sums.part[part] += largest ? zero : vd;
          ties.part[part] += largest ? vd : zero;
        },
        [&]() __attribute__((always_inline)) {
          sums.pause();
          ties.pause();
        });
    arrays[4][row] = reference;
    arrays[5][row] = static_cast<T>(sums.total() + (ties.total() - reference));
  }
}

// Can more be summed while e is made? Not where its constants take all the registers.
constexpr bool SUMS_BESIDE = FASTACT_VECTOR_BYTES == 64;

// The largest dy at a peak, found while the e are made: dy comes from memory as these are computed,
// and so does what is written soon.
template <class V>
class Reference {
  typedef Scalar<V> T;

 public:
  FASTACT_MEMBER Reference(T** arrays, Index row, Index n)
      : dy_(arrays[7] + row * n),
        soon_(arrays[10] + row * n),
        also_soon_(arrays[11] + row * n),
        rests_(arrays[3]),
        peaks_(arrays[4]),
        references_(arrays[8]),
        sums_(arrays[9]) {}

  FASTACT_MEMBER void begin(T peak) {
    peak_ = all<V>(peak);
    most_ = all<V>(-INFINITE);
  }

 protected:
  FASTACT_MEMBER void ask(Index i) const {
    __builtin_prefetch(soon_ + i);
    __builtin_prefetch(also_soon_ + i);
  }
  FASTACT_MEMBER V read(Index i, Index count) const { return load_up_to<V>(dy_ + i, count, 0); }
  FASTACT_MEMBER T found() const {
    const T most = largest_lane(most_);
    return most == T(-INFINITE) ? T(0) : most;
  }

  // The sums by a stage of their own.
  FASTACT_MEMBER void alone(Loop stage, Index row, const T* e, Index n) const {
    const void* args[] = {e, dy_, peaks_ + row, rests_ + row, references_ + row, sums_ + row};
    const Index dims[] = {1, n};
    stage(reinterpret_cast<char**>(const_cast<void**>(args)), dims, nullptr, nullptr);
  }

  const T *dy_, *soon_, *also_soon_;
  T *rests_, *peaks_, *references_, *sums_;
  V peak_, most_;
};

template <class V>
struct DotBeside : Reference<V> {
  using Reference<V>::Reference;
  FASTACT_MEMBER void operator()(int, Index i, Index count, V e) {
    this->ask(i);
    if (!SUMS_BESIDE) return;
    const V dy = this->read(i, count);
    this->most_ = e == this->peak_ ? max(dy, this->most_) : this->most_;
  }
  FASTACT_MEMBER void pause() const {}
  FASTACT_MEMBER void end(Index row, const Scalar<V>* e, Index n) {
    if (!SUMS_BESIDE) return this->alone(dot<Scalar<V>>, row, e, n);
    const bool leads = this->rests_[row] < this->peaks_[row];
    const Scalar<V> reference = this->references_[row] = leads ? this->found() : Scalar<V>(0);
    this->sums_[row] = dot_of_row<V>(e, this->dy_, reference, n);
  }
};

template <class V>
struct OthersBeside : Reference<V> {
  FASTACT_MEMBER OthersBeside(Scalar<V>** arrays, Index row, Index n)
      : Reference<V>(arrays, row, n), n_(n) {}
  FASTACT_MEMBER void begin(Scalar<V> peak) {
    Reference<V>::begin(peak);
    others_.begin();
    ties_.begin();
  }
  FASTACT_MEMBER void operator()(int part, Index i, Index count, V e) {
    this->ask(i);
    __builtin_prefetch(this->dy_ + n_ + i);
    if (!SUMS_BESIDE) return;
    const V dy = this->read(i, count), zero = all<V>(0);
    const auto largest = e == this->peak_;
    this->most_ = largest ? max(dy, this->most_) : this->most_;
    others_.part[part] += largest ? zero : dy;
    ties_.part[part] += largest ? dy : zero;
  }
  FASTACT_MEMBER void pause() {
    if (!SUMS_BESIDE) return;
    others_.pause();
    ties_.pause();
  }
  FASTACT_MEMBER void end(Index row, const Scalar<V>* e, Index n) {
    if (!SUMS_BESIDE) return this->alone(others<Scalar<V>>, row, e, n);
    const Scalar<V> reference = this->references_[row] = this->found();
    this->sums_[row] = static_cast<Scalar<V>>(others_.total() + (ties_.total() - reference));
  }

 private:
  const Index n_;
  LaneSums<V> others_, ties_;
};

// The same sums of LANES short rows side by side, a lane of each vector for a row.
template <class V>
class ShortRows {
  static constexpr Index LANES = Traits<V>::LANES;

 public:
  FASTACT_MEMBER explicit ShortRows(Index n) : n_(n) {
    for (Index i = n; i < NARROW; ++i) first_[i] = second_[i] = all<V>(0);
  }
  FASTACT_MEMBER void read(const Scalar<V>* dy) { read_columns(dy, n_, dy_); }
  FASTACT_MEMBER V dy(Index i) const { return dy_[i]; }

  FASTACT_MEMBER V reference(const V* e, V peak) {
    V most = all<V>(-INFINITE);
    for (Index i = 0; i < n_; ++i) most = e[i] == peak ? max(dy_[i], most) : most;
    return reference_ = most == all<V>(-INFINITE) ? all<V>(0) : most;
  }
  FASTACT_MEMBER V leading_reference(const V* e, V peak, V rest) {
    return reference_ = if_leading(reference(e, peak), peak, rest);
  }
  FASTACT_MEMBER V dot(const V* e, V) {
    for (Index i = 0; i < n_; ++i) first_[i] = mul_add(e[i], dy_[i] - reference_, all<V>(0));
    return sum(first_).join();
  }
  FASTACT_MEMBER V others(const V* e, V peak) {
    const V zero = all<V>(0);
    for (Index i = 0; i < n_; ++i) {
      first_[i] = e[i] == peak ? zero : dy_[i];
      second_[i] = e[i] == peak ? dy_[i] : zero;
    }
    Wide<V> total = sum(first_);
    const Wide<V> ties = sum(second_), references(reference_);
    for (int i = 0; i < Wide<V>::COUNT; ++i) total.part[i] += ties.part[i] - references.part[i];
    return total.join();
  }

 private:
  FASTACT_MEMBER Wide<V> sum(const V (&summands)[NARROW]) const {
    const Scalar<V>* lanes = reinterpret_cast<const Scalar<V>*>(summands);
    return n_ <= NARROW / 2 ? sum_of_lanes<NARROW / 2, V>(lanes, LANES)
                            : sum_of_lanes<NARROW, V>(lanes, LANES);
  }

  const Index n_;
  V reference_, dy_[NARROW], first_[NARROW], second_[NARROW];
};

// exp_sum_of_columns and these sums. False: one of the rows has no ordinary top.
template <bool OTHERS, class V>
static bool short_rows_sums(Scalar<V>** arrays, Index row, Index n, bool precisely) {
  V e[NARROW];
  if (!exp_sum_of_columns<V>(arrays, row, n, e, precisely)) return false;
  ShortRows<V> rows(n);
  rows.read(arrays[7] + row * n);
  const V rest = load<V>(arrays[3] + row), peak = load<V>(arrays[4] + row);
  store<V>(arrays[8] + row,
           OTHERS ? rows.reference(e, peak) : rows.leading_reference(e, peak, rest));
  store<V>(arrays[9] + row, OTHERS ? rows.others(e, peak) : rows.dot(e, peak));
  return true;
}

// x, ..., exponent, dy, reference, sum, and where the results will go: exp_sum, and `SUMS` of a
// row, which is what the stages dot or others give behind it.
template <class T, template <class> class SUMS, bool OTHERS>
FASTACT_INLINE void exp_sum_and(char** args, const Index* dims, void* data) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<V>::LANES;
  T** arrays = reinterpret_cast<T**>(args);
  const Index rows = dims[0], n = dims[1];
  if (OTHERS && sizeof(T) == 8 && n <= NARROW) {  // of few lanes that would cost more
    exp_sum<T>(args, dims, nullptr, data);
    char* behind[] = {args[1], args[7], args[4], args[3], args[8], args[9]};
    return others<T>(behind, dims, nullptr, nullptr);
  }
  for (Index row = 0; row < rows;) {
    const bool side_by_side = n <= NARROW && row + LANES <= rows;
    if (side_by_side && short_rows_sums<OTHERS, V>(arrays, row, n, data != nullptr)) {
      row += LANES;
      continue;
    }
    const Index end = side_by_side ? row + LANES : n <= NARROW ? rows : row + 1;
    for (; row < end; ++row)
      exp_sum_beside<T>(arrays, row, n, SUMS<V>(arrays, row, n), data != nullptr);
  }
}

template <class T>
static void exp_sum_dot(char** args, const Index* dims, const Index*, void* precisely) {
  exp_sum_and<T, DotBeside, false>(args, dims, precisely);
}
template <class T>
static void exp_sum_others(char** args, const Index* dims, const Index*, void* precisely) {
  exp_sum_and<T, OthersBeside, true>(args, dims, precisely);
}

}  // namespace
}  // namespace fastact
