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

// x as a formula is given it that has tiny lanes.
template <class F, class V>
FASTACT_INLINE V given(V x, Mask<V> tiny) {
  if constexpr (F::THROUGH_ZERO && !F::X_NEAR_ZERO)
    return select(tiny, tiny_scaled_up(x, tiny), x);
  else
    return select(tiny, all<V>(0), x);
}

// Its point, with the values of x itself.
template <class F, class V, class S>
FASTACT_INLINE Point<V, S> taken_back(Point<V, S> p, V x, Mask<V> tiny) {
  if (F::THROUGH_ZERO)
    p.value = select(tiny, F::X_NEAR_ZERO ? x : bring_down(p.value, Traits<V>::UP), p.value);
  return p;
}

// Is x extreme for its tiny lanes alone, so that the short form serves?
template <class F, class V, class... P>
FASTACT_INLINE bool tiny_alone(V x, Mask<V> tiny, P... parameters) {
  return F::template SHORT_NEAR_ZERO<V> && !F::extreme(select(tiny, all<V>(0), x), parameters...);
}

// The formula where x is extreme.
template <class F, class OP, class V, class... P>
FASTACT_INLINE void apply_extreme(const V* in, V* out, V x, P... parameters) {
  if constexpr (F::SCALES) {
    const Mask<V> tiny = F::tiny(x, parameters...);
    if (any(tiny)) {
      const V near = given<F>(x, tiny);
      if (tiny_alone<F>(x, tiny, parameters...))
        OP::template write<Product>(
            taken_back<F>(F::template at<false>(near, parameters...), x, tiny), in, out);
      else
        OP::template write<SubnormalProduct>(
            taken_back<F>(F::template at<true>(near, parameters...), x, tiny), in, out);
      return;
    }
  }
  OP::template write<SubnormalProduct>(F::template at<true>(x, parameters...), in, out);
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

// Several vectors, their operations side by side: a long formula waits for its own results. False:
// the form asked for does not serve them, and nothing is written.
template <int N>
struct Short {
  static constexpr int VECTORS = N;
};
struct LongPair {  // of which one needs it
  static constexpr int VECTORS = 2;
};
template <class F, class OP, int N, int IN, int OUT, class V, class... P>
FASTACT_INLINE bool apply_to_several(Short<N>, const V (&in)[N][IN], V (&out)[N][OUT],
                                     P... parameters) {
  Point<V> points[N];
  V x[N];
  for (int k = 0; k < N; ++k) x[k] = in[k][0];
  if (__builtin_expect(any_extreme_of<F>(x, parameters...), 0)) return false;
  for (int k = 0; k < N; ++k) points[k] = F::template at<false>(x[k], parameters...);
  for (int k = 0; k < N; ++k) OP::template write<Product>(points[k], in[k], out[k]);
  return true;
}
template <class F, class OP, int IN, int OUT, class V, class... P>
FASTACT_INLINE bool apply_to_several(LongPair, const V (&in)[2][IN], V (&out)[2][OUT],
                                     P... parameters) {
  const V x[] = {in[0][0], in[1][0]};
  if (!any_extreme_of<F>(x, parameters...)) return false;
  if constexpr (F::SCALES) {
    const Mask<V> tiny[] = {F::tiny(x[0], parameters...), F::tiny(x[1], parameters...)};
    if (any(tiny[0] | tiny[1])) {
      const bool plain = tiny_alone<F>(x[0], tiny[0], parameters...);
      if (!(plain & tiny_alone<F>(x[1], tiny[1], parameters...))) return false;
      Point<V> points[2];
      for (int k = 0; k < 2; ++k)
        points[k] = F::template at<false>(given<F>(x[k], tiny[k]), parameters...);
      for (int k = 0; k < 2; ++k)
        OP::template write<Product>(taken_back<F>(points[k], x[k], tiny[k]), in[k], out[k]);
      return true;
    }
  }
  decltype(F::template at<true>(x[0], parameters...)) points[2];
  for (int k = 0; k < 2; ++k) points[k] = F::template at<true>(x[k], parameters...);
  for (int k = 0; k < 2; ++k) OP::template write<SubnormalProduct>(points[k], in[k], out[k]);
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
  static constexpr bool LONG_PAIRS = false;
  template <class V>
  static constexpr int AT_ONCE = 1;

  template <class... ARGUMENTS>
  FASTACT_INLINE bool run_several(const ARGUMENTS&...) {
    return false;
  }
};

template <class F, int PARAMETERS, class OP>
struct Apply {
  static constexpr int KEPT = PARAMETERS;  // those of which NaN is kept
  static constexpr bool LONG_PAIRS = F::LONG_PAIRS;
  template <class V>
  static constexpr int AT_ONCE = F::LIGHT_SLOPE && !OP::VALUE ? 1 : F::template AT_ONCE<V, OP>;

  // Of vectors that have the same parameters.
  template <class HOW, int N, int IN, int OUT, class V>
  FASTACT_INLINE bool run_several(HOW how, const V (&in)[N][IN], V (&out)[N][OUT],
                                  const V* parameters) {
    return with(parameters, [&](auto... p) __attribute__((always_inline)) {
      return apply_to_several<F, OP>(how, in, out, p...);
    });
  }
  template <bool, class V>
  FASTACT_INLINE void run(const V* in, V* out) {
    with(in + OP::INPUTS,
         [&](auto... p) __attribute__((always_inline)) { apply<F, OP>(in, out, in[0], p...); });
  }

 private:
  template <class V, class DO>
  FASTACT_INLINE auto with(const V* parameters, DO what) {
    if constexpr (PARAMETERS == 0)
      return what();
    else if constexpr (PARAMETERS == 1)
      return what(parameters[0]);
    else
      return what(parameters[0], parameters[1]);
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
