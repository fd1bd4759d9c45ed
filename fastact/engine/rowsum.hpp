// The sums of a row out of those of its blocks.
#pragma once

#include <cmath>

namespace fastact {

enum Family { SOFTMAX, LOG_SOFTMAX, LOGSUMEXP };

// Of a block: its largest element, the sum of exp(x - top) less 1; with a gradient, see the stages
// DOT and OTHERS.
template <class T>
struct RowSum {
  T top, rest, reference, dot;
};

// Of the row, in double whatever T is.
struct RowTotal {
  double top, rest, reference, dot;
  double sum() const { return 1 + rest; }
};

// exp(top - row_top) with the rounding error of the difference carried: at -700 it alone costs
// hundreds of ULP.
inline double weight(double top, double row_top) {
  if (top == row_top) return 1;
  const double d = top - row_top;
  if (!std::isfinite(d)) return std::exp(d);
  const double back = d - top;
  const double error = (top - (d - back)) - (row_top + back);
  return std::exp(d) * (1 + error);
}

template <class T>
RowTotal combine(const RowSum<T>* blocks, long count, Family family) {
  long winner = 0;
  for (long b = 1; b < count; ++b)
    if (blocks[b].top > blocks[winner].top) winner = b;
  RowTotal total{blocks[winner].top, blocks[winner].rest, blocks[winner].reference,
                 blocks[winner].dot};
  for (long b = 0; b < count; ++b) {
    if (b == winner) continue;
    const double w = weight(blocks[b].top, total.top), sum = 1 + double(blocks[b].rest);
    total.rest += w * sum;
    if (family == SOFTMAX)
      total.dot += w * (blocks[b].dot + (double(blocks[b].reference) - total.reference) * sum);
    else
      total.dot += double(blocks[b].dot) + blocks[b].reference;
  }
  return total;
}

}  // namespace fastact
