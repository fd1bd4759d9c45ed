// Loops over a row's classes, whose shares are (a * label + u) * weight. Compiled for AVX2, too;
// the operations, and so the bits, are the same. (GCC makes no vectors of loops over eight sums.)
#pragma once

#include <numpy/npy_common.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace fastact {

// share * distance; a share of 0 takes nothing, also of an infinite distance.
inline double part_of(double share, double distance) { return share == 0 ? 0 : share * distance; }

namespace target_loops {

constexpr int LANES = 8, QUADS = 2;
typedef double Quad __attribute__((vector_size(4 * sizeof(double))));
typedef int64_t Numbers __attribute__((vector_size(4 * sizeof(int64_t))));

template <class S>
__attribute__((always_inline)) inline Quad read(const S* p) {
  typedef S Some __attribute__((vector_size(4 * sizeof(S))));
  Some some;
  std::memcpy(&some, p, sizeof some);
  return __builtin_convertvector(some, Quad);
}
template <class S>
__attribute__((always_inline)) inline void write(S* p, Quad v) {
  typedef S Some __attribute__((vector_size(4 * sizeof(S))));
  const Some some = __builtin_convertvector(v, Some);
  std::memcpy(p, &some, sizeof some);
}

// LABEL: float or double.
template <class LABEL>
struct Shares {
  const LABEL* labels;    // NULL: 0
  const double* weights;  // NULL: 1
  double a, u;

  __attribute__((always_inline)) double of(npy_intp i) const {
    const double share = labels != nullptr ? a * labels[i] + u : u;
    return weights != nullptr ? share * weights[i] : share;
  }
  __attribute__((always_inline)) Shares behind(npy_intp i) const {
    return {labels != nullptr ? labels + i : nullptr, weights != nullptr ? weights + i : nullptr, a,
            u};
  }
  __attribute__((always_inline)) Quad from(npy_intp i) const {
    const Quad share = labels != nullptr ? a * read(labels + i) + u : Quad{} + u;
    return weights != nullptr ? share * read(weights + i) : share;
  }
};

struct Pair {
  double shares, cross;
};

// The shares of all classes but the first largest. Eight lanes, so that rows side by side add in
// the same order. CAREFUL: a share of 0 takes nothing of an infinite distance.
template <bool CAREFUL, class T, class LABEL>
__attribute__((always_inline)) inline Pair sum(const T* x, npy_intp n, Shares<LABEL> s, double top,
                                               npy_intp first) {
  Quad shares[QUADS]{}, cross[QUADS]{};
  const auto add_blocks = [&](npy_intp begin, npy_intp end) __attribute__((always_inline)) {
    for (npy_intp i = begin; i < end; i += LANES)
      for (int q = 0; q < QUADS; ++q) {
        const Quad share = s.from(i + 4 * q), part = share * (top - read(x + i + 4 * q));
        shares[q] += share;
        cross[q] += CAREFUL ? (share == 0 ? Quad{} : part) : part;
      }
  };
  // `count` elements of `some` and x, in which `left_out` is the first largest, if it is there.
  const auto add_some = [&](const Shares<LABEL>& some, const T* x, npy_intp count,
                            npy_intp left_out) __attribute__((always_inline)) {
    for (int q = 0; q < QUADS; ++q) {
      const Numbers lanes = Numbers{0, 1, 2, 3} + 4 * q;
      const Quad share = some.from(4 * q), part = share * (top - read(x + 4 * q));
      const Quad careful = CAREFUL ? (share == 0 ? Quad{} : part) : part;
      shares[q] += ((lanes < count) & (lanes != left_out)) ? share : Quad{};
      cross[q] += lanes < count ? careful : Quad{};
    }
  };
  const npy_intp whole = n / LANES * LANES, before = std::min(whole, first / LANES * LANES);
  const npy_intp behind = std::min(whole, before + LANES);
  add_blocks(0, before);
  if (before < behind) add_some(s.behind(before), x + before, LANES, first - before);
  add_blocks(behind, whole);
  if (whole < n) {
    T rest[LANES] = {};
    LABEL labels[LANES] = {};
    double weights[LANES] = {};
    const Shares<LABEL> some{s.labels != nullptr ? labels : nullptr,
                             s.weights != nullptr ? weights : nullptr, s.a, s.u};
    for (npy_intp i = whole; i < n; ++i) {
      rest[i - whole] = x[i];
      if (s.labels != nullptr) labels[i - whole] = s.labels[i];
      if (s.weights != nullptr) weights[i - whole] = s.weights[i];
    }
    add_some(some, rest, n - whole, first - whole);
  }
  Pair total{0, 0};
  for (int lane = 0; lane < LANES; ++lane) {
    total.shares += shares[lane / 4][lane % 4];
    total.cross += cross[lane / 4][lane % 4];
  }
  return total;
}

// `out` may be e itself.
template <class T, class LABEL>
__attribute__((always_inline)) inline void slopes(const T* e, npy_intp n, Shares<LABEL> s,
                                                  double factor, double scale, T* out) {
  npy_intp i = 0;
  for (; i + 4 <= n; i += 4) write(out + i, read(e + i) * factor - scale * s.from(i));
  for (; i < n; ++i) out[i] = static_cast<T>(e[i] * factor - scale * s.of(i));
}

// The loop for just the shares there are.
template <class LABEL, class Loop>
__attribute__((always_inline)) inline void each_kind(const Shares<LABEL>& s, Loop loop) {
  if (s.labels == nullptr && s.weights == nullptr)
    loop(Shares<LABEL>{nullptr, nullptr, s.a, s.u});
  else if (s.weights == nullptr)
    loop(Shares<LABEL>{s.labels, nullptr, s.a, s.u});
  else
    loop(s);
}

template <class T, class LABEL>
__attribute__((always_inline)) inline Pair any_sum(const T* x, npy_intp n,
                                                   const Shares<LABEL>& shares, double top,
                                                   npy_intp first) {
  Pair total;
  each_kind(shares, [&](Shares<LABEL> s) __attribute__((always_inline)) {
    total = sum<false>(x, n, s, top, first);
  });
  return total;
}
template <class T, class LABEL>
__attribute__((always_inline)) inline void any_slopes(const T* e, npy_intp n,
                                                      const Shares<LABEL>& shares, double factor,
                                                      double scale, T* out) {
  each_kind(shares, [=](Shares<LABEL> s)
                        __attribute__((always_inline)) { slopes(e, n, s, factor, scale, out); });
}

#if defined(__x86_64__)
#define FASTACT_AVX2 __attribute__((target("avx2")))
inline bool has_avx2() {
  static const bool avx2 = __builtin_cpu_supports("avx2");
  return avx2;
}
#else
#define FASTACT_AVX2
inline bool has_avx2() { return false; }
#endif

// The first element that is `top`, from `begin` on, or else the last.
template <class T>
inline npy_intp first_from(npy_intp begin, const T* x, npy_intp n, T top) {
  while (begin < n - 1 && x[begin] != top) ++begin;
  return begin;
}

#if defined(__x86_64__)
FASTACT_AVX2 inline int equal(const float* x, float top) {
  return _mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(x), _mm256_set1_ps(top), _CMP_EQ_OQ));
}
FASTACT_AVX2 inline int equal(const double* x, double top) {
  return _mm256_movemask_pd(_mm256_cmp_pd(_mm256_loadu_pd(x), _mm256_set1_pd(top), _CMP_EQ_OQ));
}
// GCC makes vectors of no loop that ends early.
template <class T>
FASTACT_AVX2 npy_intp first_avx2(const T* x, npy_intp n, T top) {
  constexpr npy_intp LANES = 32 / sizeof(T);
  npy_intp i = 0;
  while (i + 2 * LANES <= n && (equal(x + i, top) | equal(x + i + LANES, top)) == 0) i += 2 * LANES;
  return first_from(i, x, n, top);
}
#endif

template <class T>
inline npy_intp first_of(const T* x, npy_intp n, T top) {
#if defined(__x86_64__)
  if (has_avx2()) return first_avx2(x, n, top);
#endif
  return first_from(0, x, n, top);
}

template <class T, class LABEL>
FASTACT_AVX2 Pair sum_avx2(const T* x, npy_intp n, const Shares<LABEL>& shares, double top,
                           npy_intp first) {
  return any_sum(x, n, shares, top, first);
}
template <class T, class LABEL>
FASTACT_AVX2 void slopes_avx2(const T* e, npy_intp n, const Shares<LABEL>& shares, double factor,
                              double scale, T* out) {
  any_slopes(e, n, shares, factor, scale, out);
}

}  // namespace target_loops

}  // namespace fastact
