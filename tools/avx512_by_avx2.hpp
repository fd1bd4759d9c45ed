// The AVX-512 intrinsics that the kernels use, carried out by AVX2: included before anything else
// (tools/avx512_by_avx2.py), it lets a processor without AVX-512 run those kernels, slowly. They
// are found before the compiler's own, since the kernels are in the same namespace.
//
// The results are the same but for those of rcp14 and rsqrt14, of which each maker of processors
// has its own: here they are as far off as they may be.
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define __AVX512F__ 1
#define __asm__(...)  // what hides a number from the compiler takes registers of AVX-512

namespace fastact {
namespace {
#define BY_AVX2 [[maybe_unused]] static inline __attribute__((always_inline))

typedef int32_t Ints32 __attribute__((vector_size(64), may_alias));
typedef uint32_t Words32 __attribute__((vector_size(64), may_alias));
typedef int64_t Ints64 __attribute__((vector_size(64), may_alias));
typedef uint64_t Words64 __attribute__((vector_size(64), may_alias));

// The halves of a vector, and a vector of them.
struct Floats {
  __m256 part[2];
};
struct Doubles {
  __m256d part[2];
};
BY_AVX2 __m256 low(__m512 v) { return reinterpret_cast<Floats&>(v).part[0]; }
BY_AVX2 __m256 high(__m512 v) { return reinterpret_cast<Floats&>(v).part[1]; }
BY_AVX2 __m256d low(__m512d v) { return reinterpret_cast<Doubles&>(v).part[0]; }
BY_AVX2 __m256d high(__m512d v) { return reinterpret_cast<Doubles&>(v).part[1]; }
BY_AVX2 __m512 both(__m256 first, __m256 second) {
  Floats v{{first, second}};
  return reinterpret_cast<__m512&>(v);
}
BY_AVX2 __m512d both(__m256d first, __m256d second) {
  Doubles v{{first, second}};
  return reinterpret_cast<__m512d&>(v);
}

#define OF_1(NAME, V) \
  BY_AVX2 V _mm512_##NAME(V a) { return both(_mm256_##NAME(low(a)), _mm256_##NAME(high(a))); }
#define OF_2(NAME, V)                                                            \
  BY_AVX2 V _mm512_##NAME(V a, V b) {                                            \
    return both(_mm256_##NAME(low(a), low(b)), _mm256_##NAME(high(a), high(b))); \
  }
#define OF_3(NAME, V)                                                                             \
  BY_AVX2 V _mm512_##NAME(V a, V b, V c) {                                                        \
    return both(_mm256_##NAME(low(a), low(b), low(c)), _mm256_##NAME(high(a), high(b), high(c))); \
  }
#define OF_BOTH_TYPES(OF, NAME) OF(NAME##_ps, __m512) OF(NAME##_pd, __m512d)
OF_BOTH_TYPES(OF_1, sqrt);
OF_BOTH_TYPES(OF_2, min);
OF_BOTH_TYPES(OF_2, max);
OF_BOTH_TYPES(OF_3, fmadd);
OF_BOTH_TYPES(OF_3, fnmadd);

// The kernels round in one direction alone: down.
template <class V, class STEP>
BY_AVX2 V rounded_down(V a, V b, V c, STEP step) {
  const unsigned control = _mm_getcsr();
  _mm_setcsr((control & ~_MM_ROUND_MASK) | _MM_ROUND_DOWN);
  asm volatile("" : "+m"(a), "+m"(b), "+m"(c));  // not before the control is set
  V result = step(a, b, c);
  asm volatile("" : "+m"(result));  // and not after it is set back
  _mm_setcsr(control);
  return result;
}
BY_AVX2 __m512 _mm512_fmadd_round_ps(__m512 a, __m512 b, __m512 c, int) {
  const auto step = [](__m512 p, __m512 q, __m512 r) { return _mm512_fmadd_ps(p, q, r); };
  return rounded_down(a, b, c, step);
}
BY_AVX2 __m512d _mm512_fmadd_round_pd(__m512d a, __m512d b, __m512d c, int) {
  const auto step = [](__m512d p, __m512d q, __m512d r) { return _mm512_fmadd_pd(p, q, r); };
  return rounded_down(a, b, c, step);
}

// Masks: of the lanes' signs, of comparisons, of classes of numbers.
BY_AVX2 __mmask16 _mm512_movepi32_mask(__m512i v) {
  const __m512 f = (__m512)v;
  return _mm256_movemask_ps(low(f)) | _mm256_movemask_ps(high(f)) << 8;
}
BY_AVX2 __mmask8 _mm512_movepi64_mask(__m512i v) {
  const __m512d d = (__m512d)v;
  return _mm256_movemask_pd(low(d)) | _mm256_movemask_pd(high(d)) << 4;
}
BY_AVX2 __mmask16 _mm512_cmp_ps_mask(__m512 a, __m512 b, const int how) {
  return _mm512_movepi32_mask(
      (__m512i)both(_mm256_cmp_ps(low(a), low(b), how), _mm256_cmp_ps(high(a), high(b), how)));
}
BY_AVX2 __mmask8 _mm512_cmp_pd_mask(__m512d a, __m512d b, const int how) {
  return _mm512_movepi64_mask(
      (__m512i)both(_mm256_cmp_pd(low(a), low(b), how), _mm256_cmp_pd(high(a), high(b), how)));
}
BY_AVX2 __mmask16 _mm512_cmplt_epu32_mask(__m512i a, __m512i b) {
  return _mm512_movepi32_mask((__m512i)((Words32)a < (Words32)b));
}
BY_AVX2 __mmask8 _mm512_cmplt_epu64_mask(__m512i a, __m512i b) {
  return _mm512_movepi64_mask((__m512i)((Words64)a < (Words64)b));
}
BY_AVX2 unsigned char _kortestz_mask16_u8(__mmask16 a, __mmask16 b) { return (a | b) == 0; }
BY_AVX2 unsigned char _kortestz_mask8_u8(__mmask8 a, __mmask8 b) { return (a | b) == 0; }

// Bits of a class: quiet NaN, 0, -0, infinity, -infinity, subnormal, negative, signaling NaN.
template <class INTS, class WORDS, class SCALAR>
BY_AVX2 __m512i of_class(__m512i v, int classes, SCALAR infinity, SCALAR least, SCALAR quiet_bit) {
  const INTS number = (INTS)v, negative = number < 0;
  const WORDS size = (WORDS)(number & ~((INTS)((WORDS{} + 1) << (8 * sizeof(SCALAR) - 1))));
  const INTS nan = (INTS)(size > infinity), quiet = (INTS)((size & quiet_bit) != 0);
  const INTS zero = (INTS)(size == 0), endless = (INTS)(size == infinity);
  const INTS members[] = {nan & quiet,
                          zero & ~negative,
                          zero & negative,
                          endless & ~negative,
                          endless & negative,
                          (INTS)(size < least) & ~zero,
                          negative & ~zero & (INTS)(size < infinity),
                          nan & ~quiet};
  INTS found{};
  for (int i = 0; i < 8; ++i)
    if (classes >> i & 1) found |= members[i];
  return (__m512i)found;
}
BY_AVX2 __mmask16 _mm512_fpclass_ps_mask(__m512 v, int classes) {
  const uint32_t infinity = 0x7f800000, least = 0x800000, quiet = 0x400000;
  return _mm512_movepi32_mask(
      of_class<Ints32, Words32>((__m512i)v, classes, infinity, least, quiet));
}
BY_AVX2 __mmask8 _mm512_fpclass_pd_mask(__m512d v, int classes) {
  const uint64_t infinity = 0x7ffull << 52, least = 1ull << 52, quiet = 1ull << 51;
  return _mm512_movepi64_mask(
      of_class<Ints64, Words64>((__m512i)v, classes, infinity, least, quiet));
}

// Where a bit of the mask is set, b.
BY_AVX2 __m512 _mm512_mask_blend_ps(__mmask16 mask, __m512 a, __m512 b) {
  Ints32 bits;
  for (int i = 0; i < 16; ++i) bits[i] = 1 << i;
  return (__m512)((bits & int32_t(mask)) != 0 ? (Ints32)b : (Ints32)a);
}
BY_AVX2 __m512d _mm512_mask_blend_pd(__mmask8 mask, __m512d a, __m512d b) {
  Ints64 bits;
  for (int i = 0; i < 8; ++i) bits[i] = 1 << i;
  return (__m512d)((bits & int64_t(mask)) != 0 ? (Ints64)b : (Ints64)a);
}
BY_AVX2 __m512 _mm512_maskz_mov_ps(__mmask16 mask, __m512 v) {
  return _mm512_mask_blend_ps(mask, __m512{}, v);
}
BY_AVX2 __m512d _mm512_maskz_mov_pd(__mmask8 mask, __m512d v) {
  return _mm512_mask_blend_pd(mask, __m512d{}, v);
}
BY_AVX2 __m512 _mm512_mask_mul_ps(__m512 otherwise, __mmask16 mask, __m512 a, __m512 b) {
  return _mm512_mask_blend_ps(mask, otherwise, a * b);
}
BY_AVX2 __m512d _mm512_mask_mul_pd(__m512d otherwise, __mmask8 mask, __m512d a, __m512d b) {
  return _mm512_mask_blend_pd(mask, otherwise, a * b);
}
BY_AVX2 __m512d _mm512_maskz_compress_pd(__mmask8 mask, __m512d v) {
  __m512d packed{};
  for (int i = 0, n = 0; i < 8; ++i)
    if (mask >> i & 1) packed[n++] = v[i];
  return packed;
}

// Memory.
BY_AVX2 __m512 _mm512_loadu_ps(const float* p) {
  __m512 v;
  memcpy(&v, p, sizeof v);
  return v;
}
BY_AVX2 void _mm512_storeu_pd(double* p, __m512d v) { memcpy(p, &v, sizeof v); }
BY_AVX2 void _mm512_stream_si512(__m512i* p, __m512i v) { memcpy(p, &v, sizeof v); }
template <class V, class T>
BY_AVX2 V loaded_where(V v, unsigned mask, const T* p) {
  for (unsigned i = 0; i < sizeof(V) / sizeof(T); ++i)
    if (mask >> i & 1) v[i] = p[i];
  return v;
}
template <class V, class T>
BY_AVX2 void store_where(T* p, unsigned mask, V v) {
  for (unsigned i = 0; i < sizeof(V) / sizeof(T); ++i)
    if (mask >> i & 1) p[i] = v[i];
}
BY_AVX2 __m512 _mm512_mask_loadu_ps(__m512 v, __mmask16 mask, const float* p) {
  return loaded_where(v, mask, p);
}
BY_AVX2 __m512d _mm512_mask_loadu_pd(__m512d v, __mmask8 mask, const double* p) {
  return loaded_where(v, mask, p);
}
BY_AVX2 void _mm512_mask_storeu_ps(float* p, __mmask16 mask, __m512 v) { store_where(p, mask, v); }
BY_AVX2 void _mm512_mask_storeu_pd(double* p, __mmask8 mask, __m512d v) { store_where(p, mask, v); }

// Integers.
BY_AVX2 __m512i _mm512_set1_epi32(int n) { return (__m512i)(Ints32{} + n); }
BY_AVX2 __m512i _mm512_set1_epi64(long long n) { return (__m512i)(Ints64{} + int64_t(n)); }
BY_AVX2 __m512i _mm512_sub_epi32(__m512i a, __m512i b) {
  return (__m512i)((Words32)a - (Words32)b);
}
BY_AVX2 __m512i _mm512_sub_epi64(__m512i a, __m512i b) {
  return (__m512i)((Words64)a - (Words64)b);
}
BY_AVX2 __m512i _mm512_min_epu32(__m512i a, __m512i b) {
  return (__m512i)((Words32)a < (Words32)b ? (Words32)a : (Words32)b);
}
BY_AVX2 __m512i _mm512_min_epu64(__m512i a, __m512i b) {
  return (__m512i)((Words64)a < (Words64)b ? (Words64)a : (Words64)b);
}

// float and double; halves.
BY_AVX2 __m512 _mm512_castps256_ps512(__m256 v) { return both(v, __m256{}); }
BY_AVX2 __m256 _mm512_castps512_ps256(__m512 v) { return low(v); }
BY_AVX2 __m512 _mm512_insertf32x8(__m512 v, __m256 part, int) { return both(low(v), part); }
BY_AVX2 __m256 _mm512_extractf32x8_ps(__m512 v, int which) { return which ? high(v) : low(v); }
BY_AVX2 __m512d _mm512_cvtps_pd(__m256 v) {
  return both(_mm256_cvtps_pd(_mm256_castps256_ps128(v)),
              _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1)));
}
BY_AVX2 __m256 _mm512_cvtpd_ps(__m512d v) {
  const __m128 first = _mm256_cvtpd_ps(low(v)), second = _mm256_cvtpd_ps(high(v));
  return _mm256_insertf128_ps(_mm256_castps128_ps256(first), second, 1);
}

// About 1/v and 1/sqrt(v): rounded to 13 binary digits behind the point.
BY_AVX2 __m512 shortened(__m512 v) {
  return (__m512)(((Words32)v + (1u << 9)) & ~((1u << 10) - 1));
}
BY_AVX2 __m512d shortened(__m512d v) {
  return (__m512d)(((Words64)v + (1ull << 38)) & ~((1ull << 39) - 1));
}
BY_AVX2 __m512 _mm512_rcp14_ps(__m512 v) { return shortened(1.0f / v); }
BY_AVX2 __m512d _mm512_rcp14_pd(__m512d v) { return shortened(1.0 / v); }
BY_AVX2 __m512 _mm512_rsqrt14_ps(__m512 v) { return shortened(1.0f / _mm512_sqrt_ps(v)); }
BY_AVX2 __m512d _mm512_rsqrt14_pd(__m512d v) { return shortened(1.0 / _mm512_sqrt_pd(v)); }

// The smaller or larger one, of magnitudes from bit 1 on; above it where the sign comes from: the
// first, the result, none, always.
template <class V, class T>
BY_AVX2 V range_of(V a, V b, int how) {
  V result;
  for (unsigned i = 0; i < sizeof(V) / sizeof(T); ++i) {
    const bool sizes = how & 2, larger = how & 1;
    const T x = sizes ? T(fabs(a[i])) : a[i], y = sizes ? T(fabs(b[i])) : b[i];
    const bool first = x != x ? false : y != y ? true : (x <= y) != larger;
    const T chosen = first ? a[i] : b[i];
    const T signs[] = {a[i], chosen, T(1), T(-1)};
    result[i] = T(copysign(chosen, signs[how >> 2 & 3]));
  }
  return result;
}
BY_AVX2 __m512 _mm512_range_ps(__m512 a, __m512 b, int how) {
  return range_of<__m512, float>(a, b, how);
}
BY_AVX2 __m512d _mm512_range_pd(__m512d a, __m512d b, int how) {
  return range_of<__m512d, double>(a, b, how);
}

// x 2**n, the exponent of x, and x over 2 to its power.
BY_AVX2 __m512d _mm512_scalef_pd(__m512d x, __m512d n) {
  __m512d result;
  for (int i = 0; i < 8; ++i) {
    const double power = floor(n[i]);
    const int bounded = power != power ? 0 : int(fmax(-9999, fmin(9999, power)));
    result[i] = isfinite(power) ? scalbn(x[i], bounded) : x[i] * exp2(power);
  }
  return result;
}
BY_AVX2 __m512d _mm512_getexp_pd(__m512d x) {
  for (int i = 0; i < 8; ++i) x[i] = logb(x[i]);
  return x;
}
// A macro: of arguments that are the compiler's own enumerators it would take the compiler's own.
#define _mm512_getmant_pd(x, norm, sign) digits_of(x)
BY_AVX2 __m512d digits_of(__m512d x) {
  for (int i = 0; i < 8; ++i) {
    int exponent;
    const bool ordinary = isfinite(x[i]) && x[i] != 0;
    if (x[i] == x[i]) x[i] = ordinary ? 2 * frexp(x[i], &exponent) : copysign(1, x[i]);
  }
  return x;
}

// Of 32 floats those that the lowest 5 bits say.
BY_AVX2 __m512 _mm512_permutex2var_ps(__m512 a, __m512i index, __m512 b) {
  const auto looked_up = [&](__m256i at) {
    const __m256 bit3 = (__m256)_mm256_slli_epi32(at, 28), bit4 = (__m256)_mm256_slli_epi32(at, 27);
    const __m256 of_a = _mm256_blendv_ps(_mm256_permutevar8x32_ps(low(a), at),
                                         _mm256_permutevar8x32_ps(high(a), at), bit3);
    const __m256 of_b = _mm256_blendv_ps(_mm256_permutevar8x32_ps(low(b), at),
                                         _mm256_permutevar8x32_ps(high(b), at), bit3);
    return _mm256_blendv_ps(of_a, of_b, bit4);
  };
  const __m512 bits = (__m512)index;
  return both(looked_up((__m256i)low(bits)), looked_up((__m256i)high(bits)));
}

}  // namespace
}  // namespace fastact
