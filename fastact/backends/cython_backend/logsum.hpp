// Logarithms of a row's sum.
#pragma once

#include "wide.hpp"

namespace fastact {
namespace {

// log(1 + u) + more, for a u that is not negative: W. Kahan's correction for what 1 + u rounds
// away, and the series of the inverse hyperbolic tangent behind it. -1 gives -inf.
FASTACT_INLINE VDouble log_1_plus(VDouble u, VDouble more) {
  typedef VDouble V;
  typedef Traits<V> T;
  const V one = all<V>(1), sum = one + u;
  const V lost = u > one ? one - (sum - u) : u - (sum - one);
  // sum = 2**k m, m from 2/3 to 4/3.
  const Ints<V> two_thirds = bits(all<V>(0x1.5555555555555p-1));
  const Ints<V> k = (bits(sum) - two_thirds) >> T::MANTISSA, scale = k << T::MANTISSA;
  const V m = from_bits<V>(bits(sum) - scale), power = from_bits<V>(bits(one) - scale);
  const V f = k == 0 ? u : (m - one) + lost * power;
  const V s = f / (all<V>(2) + f), z = s * s, half = all<V>(0.5) * f * f;
  const V rest = (z + z) * polynomial<V>(z, z * z, Polynomials<V>::ATANH);
  const V n = __builtin_convertvector(k, V);
  const V tail = mul_add(s, half + rest, mul_add(n, all<V>(0x1.ef35793c76730p-45), more));
  const V result = n * all<V>(0x1.62e42fefa3800p-1) - ((half - tail) - f);
  const V special = u == all<V>(-1) ? all<V>(-INFINITE) : u;
  return u >= all<V>(0) && u < all<V>(INFINITE) ? result : special;
}

// log(1 + rest/peak) of each lane.
template <class V>
FASTACT_INLINE Wide<V> log_of_rest(V rest, V peak) {
  Wide<V> log(rest);
  const Wide<V> peaks(peak);
  for (int i = 0; i < Wide<V>::COUNT; ++i)
    log.part[i] = log_1_plus(log.part[i] / peaks.part[i], all<VDouble>(0));
  return log;
}

// The same as if the peak had not lost its `error`, and the quotient nothing. (A float's log is a
// double that is right to more than its last place as it is.)
template <class V>
FASTACT_INLINE VDouble precise_log_of_rest(VDouble rest, VDouble peak, VDouble error) {
  if constexpr (sizeof(Scalar<V>) == 4) {
    return log_1_plus(rest / mul_add(peak, error, peak), all<VDouble>(0));
  } else {
    const VDouble u = rest / peak, left = sub_product(rest, u, peak);
    return log_1_plus(u, less_mul(left, rest, error) * rough_reciprocal(peak + rest));
  }
}

// What the peak exp(top) has lost, relative to it. A top so large that its peak is 1 loses nothing.
template <class V>
FASTACT_INLINE Wide<V> peak_error(V top) {
  return Wide<V>(abs(top) <= all<V>(ExpConstants<V>::ORDINARY) ? exp_error(top) : all<V>(0));
}

template <class V>
FASTACT_INLINE Wide<V> precise_log_of_rest(V top, V rest, V peak) {
  Wide<V> log(rest);
  const Wide<V> peaks(peak), errors = peak_error(top);
  for (int i = 0; i < Wide<V>::COUNT; ++i)
    log.part[i] = precise_log_of_rest<V>(log.part[i], peaks.part[i], errors.part[i]);
  return log;
}

// rest, peak, top -> log(1 + rest/peak), all of it doubles whatever the type of the rows; with any
// data precisely.
template <class T>
static void log_rest(char** args, const Index* dims, const Index*, void* precisely) {
  typedef typename VectorOf<T>::Type V;
  constexpr Index LANES = Traits<VDouble>::LANES;
  double** arrays = reinterpret_cast<double**>(args);
  for (Index i = 0; i < dims[0]; i += LANES) {
    const Index count = dims[0] - i < LANES ? dims[0] - i : LANES;
    const VDouble rest = load_up_to<VDouble>(arrays[0] + i, count, 0);
    const VDouble peak = load_up_to<VDouble>(arrays[1] + i, count, 1), zero = all<VDouble>(0);
    if (precisely == nullptr) {
      store_up_to(arrays[3] + i, count, log_1_plus(rest / peak, zero));
      continue;
    }
    Wide<V> tops;
    for (VDouble& part : tops.part) part = zero;
    tops.part[0] = load_up_to<VDouble>(arrays[2] + i, count, 0);
    const VDouble error = peak_error(tops.join()).part[0];
    store_up_to(arrays[3] + i, count, precise_log_of_rest<V>(rest, peak, error));
  }
}

}  // namespace
}  // namespace fastact
