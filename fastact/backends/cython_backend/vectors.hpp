// Vectors as wide as the instruction set's registers, as GCC's and Clang's vector type: + - * /,
// comparisons and ?: work on them as on numbers; and their way from memory and back. No
// standard-library templates here: a weak symbol compiled with AVX could be the one that an old CPU
// is given.
#pragma once

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__AVX512F__)
#define FASTACT_VECTOR_BYTES 64
#elif defined(__AVX2__)
#define FASTACT_VECTOR_BYTES 32
#else
#define FASTACT_VECTOR_BYTES 16
#endif

#define FASTACT_MEMBER inline __attribute__((always_inline))
#define FASTACT_INLINE static FASTACT_MEMBER
#if defined(__clang__)
#define FASTACT_OUT_OF_LINE static __attribute__((noinline))
#else
#define FASTACT_OUT_OF_LINE static __attribute__((noinline, noclone))
#endif

// Compiled once per instruction set, so everything has internal linkage.
namespace fastact {
namespace {

typedef float VFloat __attribute__((vector_size(FASTACT_VECTOR_BYTES)));
typedef double VDouble __attribute__((vector_size(FASTACT_VECTOR_BYTES)));
// Of the type that a comparison gives: of two 64-bit integers, GCC and Clang each take another.
typedef decltype(VFloat{} < VFloat{}) VInt32;
typedef decltype(VDouble{} < VDouble{}) VInt64;

template <class V>
struct Traits;
template <>
struct Traits<VFloat> {
  typedef float Scalar;
  typedef VInt32 Ints;
  typedef int32_t Int;
  static constexpr int LANES = FASTACT_VECTOR_BYTES / 4;
  static constexpr int MANTISSA = 23, BIAS = 127;
  static constexpr double SMALLEST_NORMAL = 0x1p-126, LARGEST = __FLT_MAX__;
  // Results that may be subnormal are computed times 2**SCALE: "tall".
  static constexpr int SCALE = 64;
  static constexpr double TALL = 0x1p64, UNSCALE = 0x1p-64;
  // A tiny x is taken so many times; its square (in double the fourth power) is then a normal
  // number, and still next to 1.
  static constexpr double UP = 0x1p86;
};
template <>
struct Traits<VDouble> {
  typedef double Scalar;
  typedef VInt64 Ints;
  typedef int64_t Int;
  static constexpr int LANES = FASTACT_VECTOR_BYTES / 8;
  static constexpr int MANTISSA = 52, BIAS = 1023;
  static constexpr double SMALLEST_NORMAL = 0x1p-1022, LARGEST = __DBL_MAX__;
  static constexpr int SCALE = 128;
  static constexpr double TALL = 0x1p128, UNSCALE = 0x1p-128;
  static constexpr double UP = 0x1p820;
};
template <class T>
struct VectorOf;
template <>
struct VectorOf<float> {
  typedef VFloat Type;
};
template <>
struct VectorOf<double> {
  typedef VDouble Type;
};
template <class V>
using Scalar = typename Traits<V>::Scalar;
template <class V>
using Ints = typename Traits<V>::Ints;

// Two vectors, for tests of both.
template <class V>
struct Pair {
  V first, second;
};
template <class V>
FASTACT_INLINE Pair<V> operator*(Pair<V> a, V b) {
  return {a.first * b, a.second * b};
}
template <class X>
struct VectorInside {
  typedef X Type;
};
template <template <class> class TWO, class V>
struct VectorInside<TWO<V>> {
  typedef V Type;
};
template <class X>
using VectorIn = typename VectorInside<X>::Type;

// Every lane the same. (x - 0 is x, -0.0 included, so the compiler makes it one broadcast.)
template <class V>
FASTACT_INLINE V all(double value) {
  return static_cast<Scalar<V>>(value) - V{};
}

template <class V>
FASTACT_INLINE V load(const Scalar<V>* p) {
  V v;
  memcpy(&v, p, sizeof(V));
  return v;
}

template <class V>
FASTACT_INLINE void store(Scalar<V>* p, V v) {
  memcpy(p, &v, sizeof(V));
}

// Intel's processors have to be asked for lines before they are read or written: stores to two
// arrays in turn wait longest there, where arrays begin inside a line, as most of NumPy's do, and a
// long formula leaves room for few loads on their way. AMD's fetch as early by themselves, and
// lines from far ahead only come in their way.
#if defined(__x86_64__)
inline bool lines_must_be_asked_for() {
  __builtin_cpu_init();
  return __builtin_cpu_is("intel");
}
const bool ASKS_AHEAD = lines_must_be_asked_for();
#else
constexpr bool ASKS_AHEAD = false;
#endif

// The line some way ahead of a store, which then need not wait for it.
template <class T>
FASTACT_INLINE void fetch_for_stores(const T* p) {
  constexpr intptr_t AHEAD = 1024;  // in memory less is too near, in arrays of a few pages more far
  __builtin_prefetch(reinterpret_cast<const char*>(p) + AHEAD, 1);
}

// The line far ahead of a load from memory.
template <class T>
FASTACT_INLINE void fetch_for_loads(const T* p) {
  constexpr intptr_t AHEAD = 2048;
  __builtin_prefetch(reinterpret_cast<const char*>(p) + AHEAD);
}

// The same past the caches, to a multiple of 16 bytes.
template <class V>
FASTACT_INLINE void stream(Scalar<V>* p, V v) {
#if defined(__SSE2__)
  if (reinterpret_cast<uintptr_t>(p) % sizeof(V) != 0) {
    __m128i parts[sizeof(V) / sizeof(__m128i)];
    memcpy(parts, &v, sizeof(V));
    for (const __m128i& part : parts) _mm_stream_si128((__m128i*)p + (&part - parts), part);
    return;
  }
#endif
#if defined(__AVX512F__)
  _mm512_stream_si512((__m512i*)p, (__m512i)v);
#elif defined(__AVX2__)
  _mm256_stream_si256((__m256i*)p, (__m256i)v);
#elif defined(__SSE2__)
  _mm_stream_si128((__m128i*)p, (__m128i)v);
#else
  store<V>(p, v);
#endif
}

// The first `count` elements (fewer than a vector has), the others `filler`.
#if defined(__AVX512F__)
FASTACT_INLINE VFloat load_some(const float* p, intptr_t count, VFloat filler) {
  return (VFloat)_mm512_mask_loadu_ps((__m512)filler, __mmask16((1u << count) - 1), p);
}
FASTACT_INLINE VDouble load_some(const double* p, intptr_t count, VDouble filler) {
  return (VDouble)_mm512_mask_loadu_pd((__m512d)filler, __mmask8((1u << count) - 1), p);
}
FASTACT_INLINE void store_some(float* p, intptr_t count, VFloat v) {
  _mm512_mask_storeu_ps(p, __mmask16((1u << count) - 1), (__m512)v);
}
FASTACT_INLINE void store_some(double* p, intptr_t count, VDouble v) {
  _mm512_mask_storeu_pd(p, __mmask8((1u << count) - 1), (__m512d)v);
}
// 0 in the lanes from `count` on.
FASTACT_INLINE VFloat first_lanes(VFloat v, intptr_t count) {
  return (VFloat)_mm512_maskz_mov_ps(__mmask16((1u << count) - 1), (__m512)v);
}
FASTACT_INLINE VDouble first_lanes(VDouble v, intptr_t count) {
  return (VDouble)_mm512_maskz_mov_pd(__mmask8((1u << count) - 1), (__m512d)v);
}
#else
template <class V>
FASTACT_INLINE V first_lanes(V v, intptr_t count) {
  Scalar<V> lanes[Traits<V>::LANES] = {};
  for (intptr_t i = 0; i < count; ++i) lanes[i] = v[i];
  return load<V>(lanes);
}
// `count` elements, fewer than twice WIDTH, in at most one piece of each size.
template <int WIDTH, class T>
FASTACT_INLINE void copy_some(const T* from, intptr_t count, T* to) {
  if constexpr (WIDTH > 0) {
    const bool takes = (count & WIDTH) != 0;
    if (takes) memcpy(to, from, WIDTH * sizeof(T));
    copy_some<WIDTH / 2>(from + (takes ? WIDTH : 0), count, to + (takes ? WIDTH : 0));
  }
}
template <class V>
FASTACT_INLINE void store_some(Scalar<V>* p, intptr_t count, V v) {
  Scalar<V> lanes[Traits<V>::LANES];
  store<V>(lanes, v);
  copy_some<Traits<V>::LANES / 2>(lanes, count, p);
}
#if defined(__AVX2__)
FASTACT_INLINE VFloat load_some(const float* p, intptr_t count, VFloat filler) {
  const VInt32 lane = {0, 1, 2, 3, 4, 5, 6, 7}, some = lane < int32_t(count) + VInt32{};
  return some ? (VFloat)_mm256_maskload_ps(p, (__m256i)some) : filler;
}
FASTACT_INLINE VDouble load_some(const double* p, intptr_t count, VDouble filler) {
  const VInt64 lane = {0, 1, 2, 3}, some = lane < int64_t(count) + VInt64{};
  return some ? (VDouble)_mm256_maskload_pd(p, (__m256i)some) : filler;
}
#else
template <class V>
FASTACT_INLINE V load_some(const Scalar<V>* p, intptr_t count, V filler) {
  Scalar<V> lanes[Traits<V>::LANES];
  store<V>(lanes, filler);
  copy_some<Traits<V>::LANES / 2>(p, count, lanes);
  return load<V>(lanes);
}
#endif
#endif

}  // namespace
}  // namespace fastact
