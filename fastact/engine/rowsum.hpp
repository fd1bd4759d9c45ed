// The sums of a row out of those of its blocks.
#pragma once

#include <algorithm>
#include <cmath>

#include "compensated.hpp"

namespace fastact {

enum Family { SOFTMAX, LOG_SOFTMAX, LOGSUMEXP, HARDMAX, WHOLE_ROW /* not of this family */ };

// Of a block, whose e are exp(x - base) / 2**exponent: its largest element (top) and the e of that
// (peak); the sum of e less one peak (rest); with a gradient, see the stages DOT and OTHERS.
template <class T>
struct RowSum {
  T top, rest, peak, base, exponent, reference, dot;
};

// Of the row, in double whatever T is, in the units of its largest block, but its e of the usual
// size.
struct RowTotal {
  double top, rest, peak, base, exponent, reference, dot;
  int brought_down = 0;  // by so many powers of 2

  double sum() const { return peak + rest; }
  bool in_units_of(double base_of, double exponent_of) const {
    return base_of == base && exponent_of == exponent - brought_down;
  }
  double log_rest() const { return std::log1p(rest / peak); }
};

// A number in two parts: a double and what that leaves out.
struct Precise {
  double near = 1, beyond = 0;
};

// exp(x + low) * 2**shift, which may be an ordinary number where exp(x) is none.
inline double scaled_exp(double x, double low, double shift) {
  constexpr double FAR = 600, LN2_HIGH = 0x1.62e42fefa3800p-1, LN2_LOW = 0x1.ef35793c76730p-45;
  double n = 0;
  if (std::fabs(x) > FAR && std::isfinite(x)) {
    n = std::rint(std::clamp(x, -1e4, 1e4) / LN2_HIGH);
    const double near = x - n * LN2_HIGH;
    low += (x - near) - n * LN2_HIGH - n * LN2_LOW;
    x = near;
  }
  const double e = std::isfinite(x) ? std::exp(x) * (1 + low) : std::exp(x);
  return n + shift == 0 ? e : std::ldexp(e, static_cast<int>(n + shift));
}

// The unit of a block in those of its row: exp(base - row.base) * 2**(exponent - row.exponent),
// with the rounding error of the difference carried: at -700 it alone costs hundreds of ULP.
// `scale` multiplies what is exponentiated.
inline double weight(double base, double exponent, const RowTotal& row, Precise scale = {}) {
  const double shift = exponent - row.exponent;
  if (base == row.base) return shift == 0 ? 1 : std::ldexp(1.0, static_cast<int>(shift));
  const double d = base - row.base, back = d - base, product = d * scale.near;
  double error = (base - (d - back)) - (row.base + back);
  if (scale.near != 1)
    error = std::fma(d, scale.near, -product) + d * scale.beyond + error * scale.near;
  return scaled_exp(product, error, shift);
}

// Powers of 2 by which e are larger than usual, whose largest is about 1. (The stage EXP_SUM_NEAR
// takes those of small numbers as they are.)
template <class T>
int excess(T peak) {
  constexpr double SQRT2 = 1.4142135623730951;
  return peak > 0 && std::isfinite(peak) ? std::ilogb(peak * SQRT2) : 0;
}

// Powers of 2 that the e of a block are too large by if they are in other units than their row:
// what makes results of them may be too small a number of T, or lack digits. To bring them down
// costs none.
template <class T>
int too_large(const RowTotal& row, T peak, T base, T exponent, Precise scale = {}) {
  constexpr int LEAST = sizeof(T) == 4 ? -60 : -600;
  if (row.in_units_of(base, exponent)) return 0;
  const int more = excess(peak);
  const double factor = weight(base, exponent + more, row, scale) / row.sum();
  return factor > 0 && factor < std::ldexp(1.0, LEAST) ? more + LEAST - std::ilogb(factor) : more;
}
template <class T>
void bring_down(const RowTotal& row, T* e, long n, T* peak, T base, T* exponent,
                Precise scale = {}) {
  const int more = too_large(row, *peak, base, *exponent, scale);
  if (more == 0) return;
  const T down = std::ldexp(T(1), -more);
  for (long i = 0; i < n; ++i) e[i] *= down;
  *peak *= down;
  *exponent += more;
}

template <class T>
RowTotal combine(const RowSum<T>* blocks, long count, Family family, Precise scale = {}) {
  long winner = 0;
  for (long b = 1; b < count; ++b)
    if (blocks[b].top > blocks[winner].top) winner = b;
  const RowSum<T>& most = blocks[winner];
  const bool of_e = family == SOFTMAX;  // the dot is a sum of e
  RowTotal total{most.top, 0, most.peak, most.base, most.exponent, most.reference, 0};
  total.brought_down = excess(most.peak);
  total.peak = std::ldexp(total.peak, -total.brought_down);
  total.exponent += total.brought_down;
  CompensatedSum rest, dot;
  rest.add(std::ldexp(double(most.rest), -total.brought_down));
  dot.add(of_e ? std::ldexp(double(most.dot), -total.brought_down) : most.dot);
  for (long b = 0; b < count; ++b) {
    if (b == winner) continue;
    const int more = excess(blocks[b].peak);
    const double w = weight(blocks[b].base, blocks[b].exponent + more, total, scale);
    const double sum = std::ldexp(double(blocks[b].peak) + blocks[b].rest, -more);
    const double reference = double(blocks[b].reference) - total.reference;
    rest.add(w * sum);
    dot.add(of_e ? w * (std::ldexp(double(blocks[b].dot), -more) + reference * sum)
                 : double(blocks[b].dot) + blocks[b].reference);
  }
  total.rest = rest.value();
  if (of_e && !(total.rest < total.peak)) {  // no element leads
    dot.add(total.reference * total.sum());
    total.reference = 0;
  }
  total.dot = dot.value();
  return total;
}

}  // namespace fastact
