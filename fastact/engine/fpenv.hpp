// The floating point status of a thread: our loops are branch-free, so they raise flags for
// branches not taken. Whoever runs loops saves the state before and restores it afterwards.
#pragma once

#include <cfenv>
#include <cstring>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace fastact {

#if defined(__SSE2__)
typedef unsigned FpState;
inline FpState fp_state() { return _mm_getcsr(); }
inline void set_fp_state(FpState state) { _mm_setcsr(state); }
#elif defined(__aarch64__)
struct FpState {
  unsigned long control, status;
};
inline FpState fp_state() {
  FpState s;
  __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(s.control), "=r"(s.status));
  return s;
}
inline void set_fp_state(FpState s) {
  __asm__ volatile("msr fpcr, %0\n\tmsr fpsr, %1" : : "r"(s.control), "r"(s.status));
}
#else
typedef int FpState;
inline FpState fp_state() { return 0; }
inline void set_fp_state(FpState) {}
#endif

// Restores the calling thread's state; `control` (if given) applies in between, so that a worker
// computes under the caller's rounding and flush-to-zero bits.
class FpGuard {
 public:
  FpGuard() : saved_(fp_state()) {}
  explicit FpGuard(FpState control) : saved_(fp_state()) { set_fp_state(control); }
  ~FpGuard() { set_fp_state(saved_); }

 private:
  FpState saved_;
};

// The sticky flags alone, those of the x87 unit included, which NumPy clears as well: around
// Python.
class FlagGuard {
 public:
  FlagGuard() { std::fegetexceptflag(&flags_, FE_ALL_EXCEPT); }
  ~FlagGuard() {
    std::fexcept_t now;  // to set them takes many times as long as to read them
    std::fegetexceptflag(&now, FE_ALL_EXCEPT);
    if (std::memcmp(&now, &flags_, sizeof now) != 0) std::fesetexceptflag(&flags_, FE_ALL_EXCEPT);
  }

 private:
  std::fexcept_t flags_;
};

}  // namespace fastact
