// Sums of float64 whose rounding does not grow with their length.
#pragma once

#include <cmath>

namespace fastact {

// What a + b, whose rounded value is `sum`, has lost (Knuth's TwoSum); numbers, or vectors of them.
template <class V>
__attribute__((always_inline)) inline V sum_error(V a, V b, V sum) {
  const V back = sum - a;
  return (a - (sum - back)) + (b - back);
}

// Neumaier (1974), doi:10.1002/zamm.19740540106: what each addition rounds away is kept.
class CompensatedSum {
 public:
  void add(double x) {
    const double sum = sum_ + x;
    lost_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
    sum_ = sum;
  }

  // Infinity and NaN have no remainder.
  double value() const { return std::isfinite(sum_) ? sum_ + lost_ : sum_; }

 private:
  double sum_ = 0, lost_ = 0;
};

}  // namespace fastact
