// Gated units: an activation of the gate, times a value; and both gradients in one pass.
#pragma once

#include "gated/gates.hpp"
#include "loops.hpp"

namespace fastact {
namespace {

template <class V>
struct Products {
  V y, dgate, dvalue;
};

// Within these bounds (or 0) no product of a value, a gradient and an activation's value or slope
// overflows or is subnormal, and neither is what is multiplied first.
template <class V>
struct Bounds;
template <>
struct Bounds<VFloat> {
  static constexpr double LOWEST_GATE = 0x1p-60, LOWEST = 0x1p-45, HIGHEST = 0x1p60;
};
template <>
struct Bounds<VDouble> {
  static constexpr double LOWEST_GATE = 0x1p-500, LOWEST = 0x1p-290, HIGHEST = 0x1p500;
};

// Where a gate, or what is multiplied by it, is beyond the bounds and not 0. NaN is within.
template <class F, class V>
FASTACT_INLINE Mask<V> gate_beyond(V x) {
  const V left = all<V>(-Gate<F>::template LEFT<V>), right = all<V>(Gate<F>::template RIGHT<V>);
  const V size = abs(x), lowest = all<V>(Bounds<V>::LOWEST_GATE);
  return below(x, left) | below(right, x) | (below(size, lowest) & below(all<V>(0), size));
}
template <class V>
FASTACT_INLINE Mask<V> beyond(V x) {
  const V size = abs(x), lowest = all<V>(Bounds<V>::LOWEST);
  return below(all<V>(Bounds<V>::HIGHEST), size) | (below(size, lowest) & below(all<V>(0), size));
}

template <class V>
FASTACT_INLINE Products<V> products_of(Point<V> p, V value, V dy) {
  return {p.value * value, value * p.slope * dy, p.value * dy};
}

// The same of anything. In double nothing is too large or too small, and the results are rounded as
// they should be. `p` is right but where the gate is `far`, which there is often no lane of.
template <class F>
FASTACT_INLINE Products<VDouble> wide_products(VDouble gate, VDouble value, VDouble dy,
                                               Point<VDouble> p, Mask<VDouble> far) {
  if (any(far)) {
    const Point<VDouble> wide = wide_point<F>(gate);
    p = {select(far, wide.value, p.value), select(far, wide.slope, p.slope)};
  }
  return products_of(p, value, dy);
}
// The halves of a condition, as those of the numbers.
#if defined(__AVX512F__)
FASTACT_INLINE Mask<VDouble> low_half(Mask<VFloat> m) { return {__mmask8(m.bits)}; }
FASTACT_INLINE Mask<VDouble> high_half(Mask<VFloat> m) { return {__mmask8(m.bits >> 8)}; }
#else
FASTACT_INLINE Mask<VDouble> low_half(Mask<VFloat> m) {
  return below(all<VDouble>(0), widen_low(select(m, all<VFloat>(1), all<VFloat>(0))));
}
FASTACT_INLINE Mask<VDouble> high_half(Mask<VFloat> m) {
  return below(all<VDouble>(0), widen_high(select(m, all<VFloat>(1), all<VFloat>(0))));
}
#endif
template <class F>
FASTACT_INLINE Products<VFloat> far_products(VFloat gate, VFloat value, VFloat dy, Point<VFloat> p,
                                             Mask<VFloat> far) {
  const auto low = wide_products<F>(widen_low(gate), widen_low(value), widen_low(dy),
                                    {widen_low(p.value), widen_low(p.slope)}, low_half(far));
  const auto high = wide_products<F>(widen_high(gate), widen_high(value), widen_high(dy),
                                     {widen_high(p.value), widen_high(p.slope)}, high_half(far));
  return {narrow(low.y, high.y), narrow(low.dgate, high.dgate), narrow(low.dvalue, high.dvalue)};
}
template <class F>
FASTACT_INLINE Products<VDouble> far_products(VDouble gate, VDouble value, VDouble dy,
                                              Point<VDouble> short_point) {
  const ScaledPoint p = scaled_point<F>(gate, short_point);
  const Scaled v = scaled(value), d = scaled(dy);
  return {rounded(p.value * v), rounded(p.slope * v * d), rounded(p.value * d)};
}

// Where a value alone, or a gradient, is beyond the bounds, and is so since it is small: the
// products of one that is so much larger that none of them overflows or is subnormal, brought down
// again. False: that is not so.
template <class F>
FASTACT_INLINE bool small_products(VDouble gate, VDouble value, VDouble dy, Mask<VDouble> far_value,
                                   Mask<VDouble> far_dy, VDouble* out) {
  constexpr double RAISE = 0x1p800;
  const bool is_value = any(far_value);
  const VDouble small = is_value ? value : dy;
  const Mask<VDouble> far = is_value ? far_value : far_dy;
  if ((is_value && any(far_dy)) || any(far & below(all<VDouble>(1), abs(small)))) return false;
  const VDouble raised = product_where(far & ~where_subnormal(small), small, all<VDouble>(RAISE),
                                       scale_up(small, RAISE));
  const VDouble ordinary = select(far, raised, small);
  const Products<VDouble> p =
      products_of(near_point<F>(gate), is_value ? ordinary : value, is_value ? dy : ordinary);
  const auto lowered = [=](VDouble v) __attribute__((always_inline)) {
    return select(far, bring_down(v, RAISE), v);
  };
  out[0] = is_value ? lowered(p.y) : p.y;
  out[1] = lowered(p.dgate);
  out[2] = is_value ? p.dvalue : lowered(p.dvalue);
  return true;
}

// A vector of which some lanes are beyond the bounds: each lane gives what it does among any
// others.
template <class F, class V>
static __attribute__((noinline)) void mixed_products(V gate, V value, V dy, Mask<V> far_gate,
                                                     Mask<V> far_value, Mask<V> far_dy, V* out) {
  typedef Gate<F> G;
  const V one = all<V>(1);
  if constexpr (sizeof(Scalar<V>) == 8)
    if (!any(far_gate) && small_products<F>(gate, value, dy, far_value, far_dy, out)) return;
  Point<V> p{one, one};
  Products<V> wide;
  if constexpr (sizeof(Scalar<V>) == 8) {
    // The short form at once for both.
    const V size = abs(gate), zero = all<V>(0);
    const auto lost = below(all<V>(G::CURVED), size) | below(size, all<V>(Bounds<V>::LOWEST_GATE));
    p = F::template at<false>(opaque(select(lost & below(zero, size), zero, gate)));
    wide = far_products<F>(gate, value, dy, p);
    p = {opaque(select(far_gate, one, p.value)), opaque(select(far_gate, one, p.slope))};
  } else {
    if (any(~far_gate)) p = near_point<F>(opaque(select(far_gate, one, gate)));
    wide = far_products<F>(gate, value, dy, p, far_gate);
  }
  const Products<V> near =
      products_of(p, opaque(select(far_value, one, value)), opaque(select(far_dy, one, dy)));
  out[0] = select(far_gate | far_value, wide.y, near.y);
  out[1] = select(far_gate | far_value | far_dy, wide.dgate, near.dgate);
  out[2] = select(far_gate | far_dy, wide.dvalue, near.dvalue);
}

// The unit whose activation F is.
template <class F>
struct Gated {};

// gate, value -> y
struct gated_forward {
  static constexpr int INPUTS = 2, OUTPUTS = 1;
  template <class V>
  FASTACT_INLINE void write(const Products<V>& p, V* out) {
    out[0] = p.y;
  }
};
// gate, value, dy -> dgate, dvalue
struct gated_backward {
  static constexpr int INPUTS = 3, OUTPUTS = 2;
  template <class V>
  FASTACT_INLINE void write(const Products<V>& p, V* out) {
    out[0] = p.dgate;
    out[1] = p.dvalue;
  }
};
// gate, value, dy -> y, dgate, dvalue
struct gated_forward_backward {
  static constexpr int INPUTS = 3, OUTPUTS = 3;
  template <class V>
  FASTACT_INLINE void write(const Products<V>& p, V* out) {
    out[0] = p.y;
    out[1] = p.dgate;
    out[2] = p.dvalue;
  }
};
// gate, value, dy -> dgate; dvalue alone is forward's y, of dy in place of the value.
struct gated_gate_gradient {
  static constexpr int INPUTS = 3, OUTPUTS = 1;
  template <class V>
  FASTACT_INLINE void write(const Products<V>& p, V* out) {
    out[0] = p.dgate;
  }
};

template <class F, class OP>
struct Apply<Gated<F>, 0, OP> {
  static constexpr int KEPT = 0;
  static constexpr bool LONG_PAIRS = false;
  template <class V>
  static constexpr int AT_ONCE = F::CURVED && HAS_PAIR_TESTS ? 2 : 1;

  template <bool, class V>
  FASTACT_INLINE void run(const V* in, V* out) {
    const V gate = in[0], value = in[1], dy = dy_of(in);
    if constexpr (F::CURVED) {
      const Mask<V> far_gate = gate_beyond<F>(gate), far_value = beyond(value);
      const Mask<V> far_dy = HAS_DY ? beyond(dy) : Mask<V>{};
      if (__builtin_expect(any(far_gate | far_value | far_dy), 0)) {
        V found[3];
        mixed_products<F>(gate, value, dy, far_gate, far_value, far_dy, found);
        return OP::write(Products<V>{found[0], found[1], found[2]}, out);
      }
    }  // else nothing is rounded before the last product
    OP::write(products_of(near_point<F>(gate), value, dy), out);
  }

  template <int N, int IN, int OUT, class V>
  FASTACT_INLINE bool run_several(Short<N>, const V (&in)[N][IN], V (&out)[N][OUT], const V*) {
    // Of a gate its nearer end counts on both sides: one question less.
    constexpr double LOWEST[] = {Bounds<V>::LOWEST_GATE, Bounds<V>::LOWEST, Bounds<V>::LOWEST};
    constexpr double HIGHEST[] = {Gate<F>::template LEFT<V>, Bounds<V>::HIGHEST,
                                  Bounds<V>::HIGHEST};
    bool beyond = false;
    for (int k = 0; k < N; k += 2)
      for (int a = 0; a < IN; ++a)
        beyond |= any_outside(abs(Pair<V>{in[k][a], in[k + 1][a]}), all<V>(LOWEST[a]),
                              all<V>(HIGHEST[a]));
    if (__builtin_expect(beyond, 0)) return false;
    Point<V> points[N];
    for (int k = 0; k < N; ++k) points[k] = near_point<F>(in[k][0]);
    for (int k = 0; k < N; ++k) OP::write(products_of(points[k], in[k][1], dy_of(in[k])), out[k]);
    return true;
  }

 private:
  static constexpr bool HAS_DY = OP::INPUTS == 3;

  template <class V>
  FASTACT_INLINE V dy_of(const V* in) {
    if constexpr (HAS_DY)
      return in[2];
    else
      return all<V>(1);
  }
};

#define FASTACT_GATED_OPERATION(UNIT, F, OP)                 \
  {#UNIT, #OP, 'f', loop<Gated<F>, 0, gated_##OP, float>}, { \
    #UNIT, #OP, 'd', loop<Gated<F>, 0, gated_##OP, double>   \
  }
#define FASTACT_GATED(UNIT, F)                                                           \
  FASTACT_GATED_OPERATION(UNIT, F, forward), FASTACT_GATED_OPERATION(UNIT, F, backward), \
      FASTACT_GATED_OPERATION(UNIT, F, forward_backward),                                \
      FASTACT_GATED_OPERATION(UNIT, F, gate_gradient)

const LoopEntry GATED_LOOPS[] = {
    FASTACT_GATED(glu, sigmoid), FASTACT_GATED(reglu, relu),
    FASTACT_GATED(geglu, gelu),  FASTACT_GATED(geglu_tanh, gelu_tanh),
    FASTACT_GATED(swiglu, silu), FASTACT_GATED(bilinear, identity),
};
constexpr int GATED_LOOP_COUNT = sizeof(GATED_LOOPS) / sizeof(GATED_LOOPS[0]);

}  // namespace
}  // namespace fastact
