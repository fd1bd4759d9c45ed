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

// Where x is beyond the bounds and not 0. NaN is within.
template <class V>
FASTACT_INLINE Ints<V> beyond(V x, double low, double left, double right) {
  const V size = abs(x);
  return (x > all<V>(right)) | (x < all<V>(-left)) | ((size < all<V>(low)) & (size > all<V>(0)));
}

#if defined(__AVX512F__)
FASTACT_INLINE bool any_beyond(VFloat x, double low, double left, double right) {
  const __m512 size = (__m512)abs(x);
  const __mmask16 above = _mm512_cmp_ps_mask((__m512)x, _mm512_set1_ps(right), _CMP_GT_OQ);
  const __mmask16 below = _mm512_cmp_ps_mask((__m512)x, _mm512_set1_ps(-left), _CMP_LT_OQ);
  const __mmask16 small = _mm512_cmp_ps_mask(size, _mm512_set1_ps(low), _CMP_LT_OQ);
  return (above | below | _mm512_mask_cmp_ps_mask(small, size, _mm512_setzero_ps(), _CMP_GT_OQ)) != 0;
}
FASTACT_INLINE bool any_beyond(VDouble x, double low, double left, double right) {
  const __m512d size = (__m512d)abs(x);
  const __mmask8 above = _mm512_cmp_pd_mask((__m512d)x, _mm512_set1_pd(right), _CMP_GT_OQ);
  const __mmask8 below = _mm512_cmp_pd_mask((__m512d)x, _mm512_set1_pd(-left), _CMP_LT_OQ);
  const __mmask8 small = _mm512_cmp_pd_mask(size, _mm512_set1_pd(low), _CMP_LT_OQ);
  return (above | below | _mm512_mask_cmp_pd_mask(small, size, _mm512_setzero_pd(), _CMP_GT_OQ)) != 0;
}
#else
template <class V>
FASTACT_INLINE bool any_beyond(V x, double low, double left, double right) {
  return any_lane(beyond(x, low, left, right));
}
#endif

template <class V>
FASTACT_INLINE Products<V> products_of(Point<V> p, V value, V dy) {
  return {p.value * value, value * p.slope * dy, p.value * dy};
}

// The same of anything. In double nothing is too large or too small, and the results are rounded as
// they should be. `p` is right but where the gate is `far`, which there is often no lane of.
template <class F>
FASTACT_INLINE Products<VDouble> wide_products(VDouble gate, VDouble value, VDouble dy,
                                               Point<VDouble> p, VDouble far) {
  if constexpr (!F::CURVED) return products_of(wide_point<F>(gate), value, dy);
  const Mask<VDouble> where = below(all<VDouble>(0), far);
  if (any(where)) {
    const Point<VDouble> wide = wide_point<F>(gate);
    p = {select(where, wide.value, p.value), select(where, wide.slope, p.slope)};
  }
  return products_of(p, value, dy);
}
template <class F>
FASTACT_INLINE Products<VFloat> far_products(VFloat gate, VFloat value, VFloat dy, Point<VFloat> p,
                                             VFloat far) {
  const auto low =
      wide_products<F>(widen_low(gate), widen_low(value), widen_low(dy),
                       {widen_low(p.value), widen_low(p.slope)}, widen_low(far));
  const auto high =
      wide_products<F>(widen_high(gate), widen_high(value), widen_high(dy),
                       {widen_high(p.value), widen_high(p.slope)}, widen_high(far));
  return {narrow(low.y, high.y), narrow(low.dgate, high.dgate), narrow(low.dvalue, high.dvalue)};
}
template <class F>
FASTACT_INLINE Products<VDouble> far_products(VDouble gate, VDouble value, VDouble dy,
                                              Point<VDouble> short_point) {
  const ScaledPoint p = scaled_point<F>(gate, short_point);
  const Scaled v = scaled(value), d = scaled(dy);
  return {rounded(p.value * v), rounded(p.slope * v * d), rounded(p.value * d)};
}

// A vector of which some lanes are beyond the bounds: each lane gives what it does among any others.
template <class F, class V>
static __attribute__((noinline)) void mixed_products(V gate, V value, V dy, V* out) {
  typedef Bounds<V> B;
  typedef Gate<F> G;
  const V one = all<V>(1);
  const Ints<V> far_gate = beyond(gate, B::LOWEST_GATE, G::template LEFT<V>, G::template RIGHT<V>);
  const Ints<V> far_value = beyond(value, B::LOWEST, B::HIGHEST, B::HIGHEST);
  const Ints<V> far_dy = beyond(dy, B::LOWEST, B::HIGHEST, B::HIGHEST);
  Point<V> p;
  Products<V> far;
  if constexpr (F::CURVED && sizeof(Scalar<V>) == 8) {
    // The short form at once for both.
    const V size = abs(gate), zero = all<V>(0);
    const auto lost = (size > all<V>(G::CURVED)) | (size < all<V>(B::LOWEST_GATE));
    p = F::template at<false>(opaque((lost & (size > zero)) ? zero : gate));
    far = far_products<F>(gate, value, dy, p);
    p = {opaque(far_gate ? one : p.value), opaque(far_gate ? one : p.slope)};
  } else {
    p = {one, one};
    if (any_lane(~far_gate)) p = near_point<F>(opaque(far_gate ? one : gate));
    if constexpr (sizeof(Scalar<V>) == 8)
      far = far_products<F>(gate, value, dy, F::at(gate));
    else
      far = far_products<F>(gate, value, dy, p, far_gate ? one : all<V>(0));
  }
  const Products<V> near =
      products_of(p, opaque(far_value ? one : value), opaque(far_dy ? one : dy));
  out[0] = far_gate | far_value ? far.y : near.y;
  out[1] = far_gate | far_value | far_dy ? far.dgate : near.dgate;
  out[2] = far_gate | far_dy ? far.dvalue : near.dvalue;
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
struct Apply<Gated<F>, 0, OP> : OneByOne {
  template <bool, class V>
  FASTACT_INLINE void run(const V* in, V* out) {
    typedef Bounds<V> B;
    typedef Gate<F> G;
    const V gate = in[0], value = in[1];
    V dy = all<V>(1);
    if constexpr (OP::INPUTS == 3) dy = in[2];
    bool any = any_beyond(gate, B::LOWEST_GATE, G::template LEFT<V>, G::template RIGHT<V>);
    any |= any_beyond(value, B::LOWEST, B::HIGHEST, B::HIGHEST);
    if constexpr (OP::INPUTS == 3) any |= any_beyond(dy, B::LOWEST, B::HIGHEST, B::HIGHEST);
    if (__builtin_expect(!any, 1)) {
      OP::write(products_of(near_point<F>(gate), value, dy), out);
    } else {
      V found[3];
      mixed_products<F>(gate, value, dy, found);
      OP::write(Products<V>{found[0], found[1], found[2]}, out);
    }
  }
};

#define FASTACT_GATED_OPERATION(UNIT, F, OP)                        \
  {#UNIT, #OP, 'f', loop<Gated<F>, 0, gated_##OP, float>}, {        \
    #UNIT, #OP, 'd', loop<Gated<F>, 0, gated_##OP, double>          \
  }
#define FASTACT_GATED(UNIT, F)                                      \
  FASTACT_GATED_OPERATION(UNIT, F, forward),                        \
      FASTACT_GATED_OPERATION(UNIT, F, backward),                   \
      FASTACT_GATED_OPERATION(UNIT, F, forward_backward),           \
      FASTACT_GATED_OPERATION(UNIT, F, gate_gradient)

const LoopEntry GATED_LOOPS[] = {
    FASTACT_GATED(glu, sigmoid),    FASTACT_GATED(reglu, relu),
    FASTACT_GATED(geglu, gelu),     FASTACT_GATED(geglu_tanh, gelu_tanh),
    FASTACT_GATED(swiglu, silu),    FASTACT_GATED(bilinear, identity),
};
constexpr int GATED_LOOP_COUNT = sizeof(GATED_LOOPS) / sizeof(GATED_LOOPS[0]);

}  // namespace
}  // namespace fastact
