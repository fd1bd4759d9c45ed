// An operation of a formula on the vectors that a loop has read: one, or several side by side.
#pragma once

#include "formulas.hpp"
#include "operations.hpp"

namespace fastact {
namespace {

// UP x where x is tiny.
template <class V>
FASTACT_INLINE V tiny_scaled_up(V x, Mask<V> tiny) {
  const double up = Traits<V>::UP;
  const V scaled = scale_up(x, up);
  const Mask<V> others = tiny & ~where_subnormal(x);
  return any(others) ? product_where(others, x, all<V>(up), scaled) : scaled;
}

// The formula where x is extreme. If it is so for its tiny lanes alone, which are made ordinary,
// the short form serves.
template <class F, class OP, class V, class... P>
FASTACT_INLINE void apply_extreme(const V* in, V* out, V x, P... parameters) {
  if constexpr (!F::SCALES) {
    OP::template write<SubnormalProduct>(F::template at<true>(x, parameters...), in, out);
  } else {
    const double up = Traits<V>::UP;
    const Mask<V> tiny = F::tiny(x, parameters...);
    const bool any_tiny = any(tiny);
    bool plain = false;
    V near = x;
    if (any_tiny) {
      near = select(tiny, all<V>(0), x);
      plain = F::SHORT_NEAR_ZERO && !F::extreme(near, parameters...);
      if (F::THROUGH_ZERO && !F::X_NEAR_ZERO) near = select(tiny, tiny_scaled_up(x, tiny), x);
    }
    const auto lower = [=](auto p) __attribute__((always_inline)) {
      if (F::THROUGH_ZERO && any_tiny)
        p.value = select(tiny, F::X_NEAR_ZERO ? x : bring_down(p.value, up), p.value);
      return p;
    };
    if (plain)
      OP::template write<Product>(lower(F::template at<false>(near, parameters...)), in, out);
    else
      OP::template write<SubnormalProduct>(lower(F::template at<true>(near, parameters...)), in,
                                           out);
  }
}

template <class F, class OP, class V, class... P>
FASTACT_INLINE void apply(const V* in, V* out, V x, P... parameters) {
  if constexpr (!F::CURVED) {
    OP::template write<Product>(F::at(x, parameters...), in, out);
  } else if constexpr (F::LINES && !OP::VALUE) {
    OP::template write<Product>(F::template at<false>(x, parameters...), in, out);
  } else if (__builtin_expect(!F::extreme(x, parameters...), 1)) {
    OP::template write<Product>(F::template at<false>(x, parameters...), in, out);
  } else {
    apply_extreme<F, OP>(in, out, x, parameters...);
  }
}

template <class F, class V, class... P>
FASTACT_INLINE bool any_extreme_of(const V (&x)[2], P... parameters) {
  if constexpr (F::TESTS_PAIRS && HAS_PAIR_TESTS)
    return F::extreme(Pair<V>{x[0], x[1]}, parameters...);
  else
    return F::extreme(x[0], parameters...) | F::extreme(x[1], parameters...);
}
template <class F, class V, class... P>
FASTACT_INLINE bool any_extreme_of(const V (&x)[4], P... parameters) {
  const V first[] = {x[0], x[1]}, second[] = {x[2], x[3]};
  return any_extreme_of<F>(first, parameters...) | any_extreme_of<F>(second, parameters...);
}

// Several vectors, their operations side by side, where the short form serves all of them: a long
// formula waits for its own results. False: it does not, and nothing is written.
template <class F, class OP, int N, int IN, int OUT, class V, class... P>
FASTACT_INLINE bool apply_to_several(const V (&in)[N][IN], V (&out)[N][OUT], P... parameters) {
  Point<V> points[N];
  V x[N];
  for (int k = 0; k < N; ++k) x[k] = in[k][0];
  if (__builtin_expect(any_extreme_of<F>(x, parameters...), 0)) return false;
  for (int k = 0; k < N; ++k) points[k] = F::template at<false>(x[k], parameters...);
  for (int k = 0; k < N; ++k) OP::template write<Product>(points[k], in[k], out[k]);
  return true;
}

// dy times the derivative by the parameter; if ODD that may be 0 or infinite.
template <class F>
struct parameter_backward {
  static constexpr int INPUTS = 2, OUTPUTS = 1;
};
template <class OP>
constexpr bool OF_PARAMETER = false;
template <class F>
constexpr bool OF_PARAMETER<parameter_backward<F>> = true;
template <bool ODD, class F, class V>
FASTACT_INLINE void apply_parameter(const V* in, V* out) {
  out[0] = in[1] * F::template parameter_slope<ODD>(in[0], in[2]);
}

// What is never computed of several vectors at a time. Its inputs are no parameters.
struct OneByOne {
  static constexpr int KEPT = 0;
  template <class V>
  static constexpr int AT_ONCE = 1;
};

template <class F, int PARAMETERS, class OP>
struct Apply {
  static constexpr int KEPT = PARAMETERS;  // those of which NaN is kept
  template <class V>
  static constexpr int AT_ONCE = F::LIGHT_SLOPE && !OP::VALUE ? 1 : F::template AT_ONCE<V, OP>;

  // Of vectors that have the same parameters.
  template <int N, int IN, int OUT, class V>
  FASTACT_INLINE bool run_several(const V (&in)[N][IN], V (&out)[N][OUT], const V* parameters) {
    if constexpr (PARAMETERS == 0)
      return apply_to_several<F, OP>(in, out);
    else if constexpr (PARAMETERS == 1)
      return apply_to_several<F, OP>(in, out, parameters[0]);
    else
      return apply_to_several<F, OP>(in, out, parameters[0], parameters[1]);
  }
  template <bool, class V>
  FASTACT_INLINE void run(const V* in, V* out) {
    constexpr int FIRST = OP::INPUTS;
    if constexpr (PARAMETERS == 0)
      apply<F, OP>(in, out, in[0]);
    else if constexpr (PARAMETERS == 1)
      apply<F, OP>(in, out, in[0], in[FIRST]);
    else
      apply<F, OP>(in, out, in[0], in[FIRST], in[FIRST + 1]);
  }
};
template <class F>
struct Apply<F, 1, parameter_backward<F>> : OneByOne {
  static constexpr int KEPT = 1;
  template <bool ODD, class V>
  FASTACT_INLINE void run(const V* in, V* out) {
    apply_parameter<ODD, F>(in, out);
  }
};

// A parameter that is NaN makes NaN of every result, whatever a formula makes of it.
template <int PARAMETERS, int OUT, class V>
FASTACT_INLINE void keep_nan(const V* parameters, V* out) {
  for (int p = 0; p < PARAMETERS; ++p)
    for (int a = 0; a < OUT; ++a) out[a] = parameters[p] == parameters[p] ? out[a] : parameters[p];
}

}  // namespace
}  // namespace fastact
