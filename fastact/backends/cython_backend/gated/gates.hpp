// The activations of gated units, for gates of any size: in Scaled numbers where the value or the
// slope may be no normal double.
#pragma once

#include "../formulas.hpp"
#include "scaled.hpp"

namespace fastact {
namespace {

struct ScaledPoint {
  Scaled value, slope;
};

// The value is proportional to the gate near 0, and the gate itself on the far right.
struct SmoothGate {
  FASTACT_INLINE ScaledPoint right(VDouble gate, ScaledPoint left) {
    const Scaled one{all<VDouble>(1), all<VDouble>(0)};
    const auto above = below(all<VDouble>(0), gate);
    return {choose(above, scaled(gate), left.value), choose(above, one, left.slope)};
  }
};

// What a gate says of its activation F, if that is curved: from -LEFT to RIGHT (of the type), which
// is no less, its value and slope are no smaller than e**-24 or e**-300, unless the gate is, and
// the short form of F serves; so it does up to CURVED in double. At -SHUT whatever is gated is 0 in
// float.
template <class F>
struct Gate;

template <>
struct Gate<sigmoid> {
  template <class V>
  static constexpr double LEFT = sizeof(Scalar<V>) == 4 ? 24 : 300;
  template <class V>
  static constexpr double RIGHT = LEFT<V>;
  static constexpr double CURVED = 600, SHUT = 600;

  FASTACT_INLINE ScaledPoint tail(VDouble gate) {
    const Scaled e = scaled_exp(max(all<VDouble>(-2500), -abs(gate)), Exact());
    const Scaled one{all<VDouble>(1), all<VDouble>(0)};
    return {choose(below(gate, all<VDouble>(0)), e, one), e};
  }
};

template <>
struct Gate<silu> : SmoothGate {
  template <class V>
  static constexpr double LEFT = Gate<sigmoid>::LEFT<V>;
  template <class V>
  static constexpr double RIGHT = sizeof(Scalar<V>) == 4 ? 54 : 600;
  static constexpr double CURVED = 600, SHUT = 600;

  FASTACT_INLINE ScaledPoint tail(VDouble gate) {
    const VDouble x = max(all<VDouble>(-2500), -abs(gate));
    const Scaled e = scaled_exp(x, Exact());
    return right(gate, {e * x, e * (x + all<VDouble>(1))});
  }
};

// With t = |x|: Phi(-t) = phi(t) (1 - 1/t**2 + 3/t**4 - 15/t**6 + ...)/t (Abramowitz and Stegun
// 26.2.12); from 36 on the term after the last one here is below 2**-62.
template <>
struct Gate<gelu> : SmoothGate {
  template <class V>
  static constexpr double LEFT = sizeof(Scalar<V>) == 4 ? 5.9 : 24;
  template <class V>
  static constexpr double RIGHT = sizeof(Scalar<V>) == 4 ? 12.9 : 36;
  static constexpr double CURVED = 36, SHUT = 34;

  FASTACT_INLINE ScaledPoint tail(VDouble gate) {
    constexpr double SERIES[] = {1, -1, 3, -15, 105, -945, 10395, -135135};
    const VDouble one = all<VDouble>(1), half = all<VDouble>(-0.5);
    const VDouble t = max(all<VDouble>(CURVED), min(all<VDouble>(70), abs(gate)));
    const VDouble square = t * t, w = one / square, ratio = polynomial_of(w, SERIES);
    const Scaled bell = scaled_exp(square * half, product_error(t, t, square) * half);
    const Scaled density = bell * all<VDouble>(-0.39894228040143267794);
    return right(gate, {density * ratio, density * (t * sub_product(one, w, ratio))});
  }
};

#if defined(__AVX512F__)
static_assert(Gate<gelu>::LEFT<VFloat> < gelu_pieces::END, "the short form of gelu ends there");
#endif

// As silu, of 2u in place of x: its slope times x is 2u + 2 b x**3.
template <>
struct Gate<gelu_tanh> : SmoothGate {
  template <class V>
  static constexpr double LEFT = sizeof(Scalar<V>) == 4 ? 5.7 : 15;
  template <class V>
  static constexpr double RIGHT = sizeof(Scalar<V>) == 4 ? 8.2 : 20;
  static constexpr double CURVED = 20, SHUT = 19;

  FASTACT_INLINE ScaledPoint tail(VDouble gate) {
    const VDouble t = max(all<VDouble>(CURVED), min(all<VDouble>(32), abs(gate)));
    const CubicExponent<VDouble> u2(t, t);
    const Scaled e = scaled_exp(-u2.v, -u2.low);
    const VDouble w = mul_add(u2.bend + u2.bend, t, u2.v);
    return right(gate, {e * -t, e * (all<VDouble>(1) - w)});
  }
};

#if defined(__AVX512F__)
static_assert(Gate<gelu_tanh>::LEFT<VFloat> < gelu_tanh_pieces::END, "so does that of gelu_tanh");
#endif

// The short form of F, where it is right.
template <class F, class V>
FASTACT_INLINE Point<V> near_point(V gate) {
  if constexpr (F::CURVED)
    return F::template at<false>(gate);
  else
    return F::at(gate);
}

// F at any float, as doubles: 0 at an infinite gate alone.
template <class F>
FASTACT_INLINE Point<VDouble> wide_point(VDouble gate) {
  const VDouble zero = all<VDouble>(0), infinity = all<VDouble>(__builtin_inf());
  const VDouble end = all<VDouble>(Gate<F>::CURVED);
  if (!any(below(all<VDouble>(Gate<F>::SHUT), abs(gate)))) return F::template at<false>(gate);
  const VDouble near = max(all<VDouble>(-Gate<F>::SHUT), min(end, gate));
  Point<VDouble> p = F::template at<false>(near);
  const auto shut = gate == -infinity;
  p.slope = shut ? zero : p.slope;
  if constexpr (F::THROUGH_ZERO)
    p.value = gate > end ? gate : (shut ? -zero : p.value);
  else
    p = {shut ? zero : p.value, gate == infinity ? zero : p.slope};
  return p;
}

// F at any double, `p` being its short form: at 0 for a gate that is next to nothing, and at
// anything for one that is far out.
template <class F>
FASTACT_INLINE ScaledPoint scaled_point(VDouble gate, Point<VDouble> p) {
  const VDouble zero = all<VDouble>(0), size = abs(gate);
  ScaledPoint point{scaled_normal(p.value), scaled_normal(p.slope)};
  const VDouble curved = all<VDouble>(Gate<F>::CURVED), infinity = all<VDouble>(__builtin_inf());
  const auto tiny = below(size, all<VDouble>(0x1p-60)) & below(zero, size);
  const auto far = below(curved, size);
  if (F::THROUGH_ZERO && any(tiny))
    point.value = choose(tiny, scaled(gate) * all<VDouble>(0.5), point.value);
  if (!any(far)) return point;
  const ScaledPoint tail = Gate<F>::tail(gate);
  // Only an infinite gate is shut.
  const auto shut = far & not_below(-infinity, gate), open = far & not_below(gate, infinity);
  const Scaled nothing{F::THROUGH_ZERO ? -zero : zero, zero}, flat{zero, zero};
  point.value = choose(far & ~shut, tail.value, choose(shut, nothing, point.value));
  point.slope = choose(far & ~shut, tail.slope, choose(shut, flat, point.slope));
  if (!F::THROUGH_ZERO) point.slope = choose(open, flat, point.slope);
  return point;
}

}  // namespace
}  // namespace fastact
