// The sums of a row out of those of its blocks.
#pragma once

#include <cmath>

namespace fastact {

enum Family { SOFTMAX, LOG_SOFTMAX, LOGSUMEXP, HARDMAX, WHOLE_ROW /* not of this family */ };

// Of a block, whose e are exp(x - base) / 2**exponent: its largest element (top) and the e of that
// (peak); the sum of e less one peak (rest); with a gradient, see the stages DOT and OTHERS.
template <class T>
struct RowSum {
  T top, rest, peak, base, exponent, reference, dot;
};

// Of the row, in double whatever T is, in the units of its largest block.
struct RowTotal {
  double top, rest, peak, base, exponent, reference, dot;
  double sum() const { return peak + rest; }
  double log_rest() const { return std::log1p(rest / peak); }
};

// A number in two parts: a double and what that leaves out.
struct Precise {
  double near = 1, beyond = 0;
};

// The unit of a block in those of its row: exp(base - row.base) * 2**(exponent - row.exponent),
// with the rounding error of the difference carried: at -700 it alone costs hundreds of ULP.
// `scale` multiplies what is exponentiated.
inline double weight(double base, double exponent, const RowTotal& row, Precise scale = {}) {
  double factor = 1;
  if (base != row.base) {
    const double d = base - row.base, back = d - base, product = d * scale.near;
    double error = (base - (d - back)) - (row.base + back);
    if (scale.near != 1)
      error = std::fma(d, scale.near, -product) + d * scale.beyond + error * scale.near;
    factor = std::isfinite(product) ? std::exp(product) * (1 + error) : std::exp(product);
  }
  const double shift = exponent - row.exponent;
  return shift == 0 ? factor : std::ldexp(factor, static_cast<int>(shift));
}

template <class T>
RowTotal combine(const RowSum<T>* blocks, long count, Family family, Precise scale = {}) {
  long winner = 0;
  for (long b = 1; b < count; ++b)
    if (blocks[b].top > blocks[winner].top) winner = b;
  const RowSum<T>& most = blocks[winner];
  RowTotal total{most.top,      most.rest,      most.peak, most.base,
                 most.exponent, most.reference, most.dot};
  for (long b = 0; b < count; ++b) {
    if (b == winner) continue;
    const double w = weight(blocks[b].base, blocks[b].exponent, total, scale);
    const double sum = double(blocks[b].peak) + blocks[b].rest;
    total.rest += w * sum;
    if (family == SOFTMAX)
      total.dot += w * (blocks[b].dot + (double(blocks[b].reference) - total.reference) * sum);
    else
      total.dot += double(blocks[b].dot) + blocks[b].reference;
  }
  return total;
}

}  // namespace fastact
