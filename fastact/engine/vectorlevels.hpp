// Vectors of doubles for loops of the engine's own, of each level of an x86-64 processor.
#pragma once

#include <numpy/npy_common.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define FASTACT_ALSO_INSIDE __attribute__((always_inline))
#define FASTACT_INSIDE FASTACT_ALSO_INSIDE inline

namespace fastact {
namespace vector_loops {

// What a vector can do: of floats or doubles it is read and written, and a mask, of lanes, keeps
// some of it and makes 0 of the rest.
struct Plain {
  static constexpr int WIDTH = 4;
  typedef double V __attribute__((vector_size(WIDTH * sizeof(double))));
  typedef int64_t Mask __attribute__((vector_size(WIDTH * sizeof(int64_t))));

  template <class S>
  FASTACT_INSIDE static V read(const S* p) {
    typedef S Some __attribute__((vector_size(WIDTH * sizeof(S))));
    Some some;
    std::memcpy(&some, p, sizeof some);
    return __builtin_convertvector(some, V);
  }
  template <class S>
  FASTACT_INSIDE static void write(S* p, V v) {
    typedef S Some __attribute__((vector_size(WIDTH * sizeof(S))));
    const Some some = __builtin_convertvector(v, Some);
    std::memcpy(p, &some, sizeof some);
  }
  FASTACT_INSIDE static Mask first_lanes(npy_intp count) { return Mask{0, 1, 2, 3} < count; }
  FASTACT_INSIDE static Mask are_zero(V v) { return v == V{}; }
  FASTACT_INSIDE static V where(Mask mask, V v) {
    return reinterpret_cast<V>(mask & reinterpret_cast<Mask>(v));
  }
};

#if defined(__x86_64__)
enum class Level { ANY, AVX2, AVX512 };
inline Level best_level() {
  static const Level found = __builtin_cpu_supports("avx512f") &&
                                     __builtin_cpu_supports("avx512dq") &&
                                     __builtin_cpu_supports("avx512vl")
                                 ? Level::AVX512
                             : __builtin_cpu_supports("avx2") ? Level::AVX2
                                                              : Level::ANY;
  return found;
}

#define FASTACT_AVX2 __attribute__((target("avx2")))
#define FASTACT_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl")))
#if defined(__clang__)
typedef Plain Avx2, Avx512;  // it takes generic vectors apart when all is inlined
#else
// GCC takes them apart, as far as they need it, before it knows that a function is compiled for
// more: these are not generic, and are inlined after that.
struct Avx2 : Plain {
  using Plain::read;
  using Plain::write;
  FASTACT_AVX2 static inline V read(const float* p) { return _mm256_cvtps_pd(_mm_loadu_ps(p)); }
  FASTACT_AVX2 static inline void write(float* p, V v) { _mm_storeu_ps(p, _mm256_cvtpd_ps(v)); }
};

struct Avx512 {
  static constexpr int WIDTH = 8;
  typedef double V __attribute__((vector_size(WIDTH * sizeof(double))));
  typedef unsigned Mask;

  FASTACT_AVX512 static inline V read(const float* p) {
    return (V)_mm512_cvtps_pd(_mm256_loadu_ps(p));
  }
  FASTACT_AVX512 static inline V read(const double* p) { return (V)_mm512_loadu_pd(p); }
  FASTACT_AVX512 static inline void write(float* p, V v) {
    _mm256_storeu_ps(p, _mm512_cvtpd_ps((__m512d)v));
  }
  FASTACT_AVX512 static inline void write(double* p, V v) { _mm512_storeu_pd(p, (__m512d)v); }
  FASTACT_INSIDE static Mask first_lanes(npy_intp count) {
    return count >= WIDTH ? 0xff : count <= 0 ? 0 : (1u << count) - 1;
  }
  FASTACT_AVX512 static inline Mask are_zero(V v) {
    return _mm512_cmp_pd_mask((__m512d)v, _mm512_setzero_pd(), _CMP_EQ_OQ);
  }
  FASTACT_AVX512 static inline V where(Mask mask, V v) {
    return (V)_mm512_maskz_mov_pd(mask, (__m512d)v);
  }
};
#endif
#endif

}  // namespace vector_loops
}  // namespace fastact
