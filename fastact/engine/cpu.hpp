// Which instruction sets this CPU has *and* the operating system saves the registers of.
// A level counts only when every feature of the psABI level is there (x86-64-v2, -v3, -v4),
// since the compiler may use any of them.
#pragma once

#if defined(__x86_64__) || defined(_M_X64)
#define FASTACT_X86 1
#include <cpuid.h>
#endif

namespace fastact {

enum Level { LEVEL_NONE = 0, LEVEL_BASELINE = 1, LEVEL_AVX2 = 2, LEVEL_AVX512 = 3 };

#ifdef FASTACT_X86

inline unsigned long long saved_registers() {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<unsigned long long>(high) << 32) | low;
}

inline bool all(unsigned value, unsigned bits) { return (value & bits) == bits; }

inline Level detect_level() {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return LEVEL_NONE;
  const unsigned leaf1_c = c;
  unsigned ext_c = 0, leaf7_b = 0;
  if (__get_cpuid(0x80000001, &a, &b, &c, &d)) ext_c = c;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) leaf7_b = b;

  // v2: SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT; LAHF.
  const unsigned v2 = bit_SSE3 | bit_SSSE3 | bit_CMPXCHG16B | bit_SSE4_1 | bit_SSE4_2 | bit_POPCNT;
  if (!all(leaf1_c, v2) || !all(ext_c, bit_LAHF_LM)) return LEVEL_NONE;

  // v3: AVX, FMA, F16C, MOVBE; AVX2, BMI1, BMI2; LZCNT. XCR0 bits 1 and 2: XMM and YMM are saved.
  const unsigned v3 = bit_AVX | bit_FMA | bit_F16C | bit_MOVBE | bit_OSXSAVE;
  if (!all(leaf1_c, v3) || !all(leaf7_b, bit_AVX2 | bit_BMI | bit_BMI2) || !all(ext_c, bit_LZCNT))
    return LEVEL_BASELINE;
  const unsigned long long saved = saved_registers();
  if ((saved & 0x6) != 0x6) return LEVEL_BASELINE;

  // v4: AVX512 F, BW, CD, DQ, VL. XCR0 bits 5 to 7: opmask and all of ZMM are saved.
  const unsigned v4 = bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL;
  if (!all(leaf7_b, v4) || (saved & 0xe0) != 0xe0) return LEVEL_AVX2;
  return LEVEL_AVX512;
}

// Bytes of the third level of caches, as far as its processors share it; 0: it is not told.
inline unsigned long long third_level_cache() {
  unsigned a, b, c, d;
  for (const unsigned leaf : {4u, 0x8000001du})  // Intel's, AMD's: the same words
    for (unsigned i = 0; i < 16 && __get_cpuid_count(leaf, i, &a, &b, &c, &d) && (a & 0x1f); ++i) {
      const unsigned level = (a >> 5) & 7;
      const unsigned ways = (b >> 22) + 1, parts = ((b >> 12) & 0x3ff) + 1, line = (b & 0xfff) + 1;
      if (level == 3) return 1ull * ways * parts * line * (c + 1ull);
    }
  return 0;
}

#else

inline Level detect_level() { return LEVEL_BASELINE; }
inline unsigned long long third_level_cache() { return 0; }

#endif

}  // namespace fastact
