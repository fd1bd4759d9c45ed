// float16 <-> float32, exact and correctly rounded. In plain integer arithmetic that any compiler
// vectorises; with the instructions for it where the CPU has them (8 or 16 at a time).
#pragma once

#include <cstdint>
#include <cstring>

#include "cpu.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace fastact {

inline uint32_t float_bits(float x) {
  uint32_t u;
  std::memcpy(&u, &x, 4);
  return u;
}

inline float bits_float(uint32_t u) {
  float x;
  std::memcpy(&x, &u, 4);
  return x;
}

inline float half_to_float(uint16_t h) {
  const uint32_t sign = uint32_t(h & 0x8000) << 16;
  const uint32_t magnitude = uint32_t(h & 0x7fff) << 13;
  // A multiplication by 2^112 moves the exponent and turns subnormal halves into normal floats;
  // where the half was infinite or NaN the exponent is set by hand.
  uint32_t bits = float_bits(bits_float(magnitude) * 0x1p112f);
  bits |= magnitude >= (0x7c00u << 13) ? 0x7f800000u : 0u;
  bits |= magnitude > (0x7c00u << 13) ? 0x00400000u : 0u;  // quiet
  return bits_float(bits | sign);
}

inline uint16_t float_to_half(float x) {
  const uint32_t u = float_bits(x);
  const uint32_t sign = (u >> 16) & 0x8000;
  const uint32_t magnitude = u & 0x7fffffff;
  // Normal results: rebias, round to nearest even by adding 0xfff plus the last bit kept.
  const uint32_t normal = (magnitude - (112u << 23) + 0xfff + ((magnitude >> 13) & 1)) >> 13;
  // Subnormal results: adding 0.5 puts the half's last place at the float's last place.
  const uint32_t subnormal = float_bits(bits_float(magnitude) + 0.5f) - float_bits(0.5f);
  uint32_t half = magnitude < (113u << 23) ? subnormal : normal;
  half = magnitude >= 0x47800000u ? 0x7c00u : half;  // 65536 and above
  half = magnitude > 0x7f800000u ? 0x7e00u | ((magnitude >> 13) & 0x1ff) : half;
  return static_cast<uint16_t>(half | sign);
}

inline void widen_plain(const uint16_t* in, float* out, long n) {
  for (long i = 0; i < n; ++i) out[i] = half_to_float(in[i]);
}

inline void narrow_plain(const float* in, uint16_t* out, long n) {
  for (long i = 0; i < n; ++i) out[i] = float_to_half(in[i]);
}

#if defined(__x86_64__)
__attribute__((target("avx,f16c"))) inline void widen_f16c(const uint16_t* in, float* out, long n) {
  long i = 0;
  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps(out + i,
                     _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i))));
  widen_plain(in + i, out + i, n - i);
}

__attribute__((target("avx,f16c"))) inline void narrow_f16c(const float* in, uint16_t* out,
                                                            long n) {
  long i = 0;
  for (; i + 8 <= n; i += 8)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i),
                     _mm256_cvtps_ph(_mm256_loadu_ps(in + i), _MM_FROUND_TO_NEAREST_INT));
  narrow_plain(in + i, out + i, n - i);
}

__attribute__((target("avx512f,avx512bw,avx512vl"))) inline void widen_avx512(const uint16_t* in,
                                                                              float* out, long n) {
  constexpr __mmask16 ALL = 0xffff;
  long i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + i));
    _mm512_storeu_ps(out + i, _mm512_maskz_cvtph_ps(ALL, halves));
  }
  const __mmask16 left = __mmask16((1u << (n - i)) - 1);
  const __m256i halves = _mm256_maskz_loadu_epi16(left, in + i);
  _mm512_mask_storeu_ps(out + i, left, _mm512_maskz_cvtph_ps(left, halves));
}

__attribute__((target("avx512f,avx512bw,avx512vl"))) inline void narrow_avx512(const float* in,
                                                                               uint16_t* out,
                                                                               long n) {
  constexpr __mmask16 ALL = 0xffff;
  long i = 0;
  for (; i + 16 <= n; i += 16)
    _mm256_storeu_si256(
        reinterpret_cast<__m256i*>(out + i),
        _mm512_maskz_cvtps_ph(ALL, _mm512_loadu_ps(in + i), _MM_FROUND_TO_NEAREST_INT));
  const __mmask16 left = __mmask16((1u << (n - i)) - 1);
  const __m512 floats = _mm512_maskz_loadu_ps(left, in + i);
  _mm256_mask_storeu_epi16(out + i, left,
                           _mm512_maskz_cvtps_ph(left, floats, _MM_FROUND_TO_NEAREST_INT));
}

// The instructions there are: 0, 1 (F16C) or 2 (AVX-512).
inline int half_instructions() {
  const Level level = detect_level();
  return level == LEVEL_AVX512 ? 2 : level == LEVEL_AVX2 ? 1 : 0;
}
#endif

inline void widen(const uint16_t* in, float* out, long n) {
#if defined(__x86_64__)
  static const int instructions = half_instructions();
  if (instructions == 2) return widen_avx512(in, out, n);
  if (instructions == 1) return widen_f16c(in, out, n);
#endif
  widen_plain(in, out, n);
}

inline void narrow(const float* in, uint16_t* out, long n) {
#if defined(__x86_64__)
  static const int instructions = half_instructions();
  if (instructions == 2) return narrow_avx512(in, out, n);
  if (instructions == 1) return narrow_f16c(in, out, n);
#endif
  narrow_plain(in, out, n);
}

}  // namespace fastact
