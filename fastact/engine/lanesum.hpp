// Sums in double over eight lanes, whatever the vectors are.
#pragma once

#include "compensated.hpp"
#include "vectorlevels.hpp"

namespace fastact {
namespace vector_loops {

// The lanes of a sum. Equal summands would be rounded the same way again and again: every ROUNDS of
// them what a lane's addition loses is kept.
constexpr int LANES = 8, ROUNDS = 8;
template <class L>
class LaneSum {
  typedef typename L::V V;
  static constexpr int PARTS = LANES / L::WIDTH;

 public:
  V part[PARTS]{};

  FASTACT_INSIDE void pause() {
#pragma GCC unroll 2
    for (int p = 0; p < PARTS; ++p) {
      const V both = whole_[p] + part[p];
      lost_[p] += sum_error(whole_[p], part[p], both);
      whole_[p] = both;
      part[p] = V{};
    }
  }
  FASTACT_INSIDE double total() {
    pause();
    const double sum = fold(whole_), lost = fold(lost_);
    return lost - lost == 0 ? sum + lost : sum;  // of infinity nothing is lost
  }

 private:
  FASTACT_INSIDE static double fold(const V (&lanes)[PARTS]) {
    double sum = 0;
#pragma GCC unroll 8
    for (int lane = 0; lane < LANES; ++lane) sum += lanes[lane / L::WIDTH][lane % L::WIDTH];
    return sum;
  }

  V whole_[PARTS]{}, lost_[PARTS]{};
};

template <class L, class T>
FASTACT_INSIDE double any_total(const T* values, npy_intp n) {
  LaneSum<L> sum;
  const npy_intp whole = n / LANES * LANES;
  for (npy_intp i = 0; i < whole;) {
#pragma GCC unroll 2
    for (int p = 0; p < LANES / L::WIDTH; ++p) sum.part[p] += L::read(values + i + p * L::WIDTH);
    i += LANES;
    if (i % (ROUNDS * LANES) == 0) sum.pause();
  }
  T rest[LANES] = {};
  std::copy(values + whole, values + n, rest);
#pragma GCC unroll 2
  for (int p = 0; p < LANES / L::WIDTH; ++p) sum.part[p] += L::read(rest + p * L::WIDTH);
  return sum.total();
}

#if defined(__x86_64__)
template <class T>
FASTACT_AVX2 double total_avx2(const T* values, npy_intp n) {
  return any_total<Avx2>(values, n);
}
template <class T>
FASTACT_AVX512 double total_avx512(const T* values, npy_intp n) {
  return any_total<Avx512>(values, n);
}
#endif

template <class T>
double best_total(const T* values, npy_intp n) {
#if defined(__x86_64__)
  if (best_level() == Level::AVX512) return total_avx512(values, n);
  if (best_level() == Level::AVX2) return total_avx2(values, n);
#endif
  return any_total<Plain>(values, n);
}

}  // namespace vector_loops
}  // namespace fastact
