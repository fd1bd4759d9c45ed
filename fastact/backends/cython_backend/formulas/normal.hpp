// x times the normal distribution's cumulative function.
#pragma once

#include "../pieces/gelu.hpp"
#include "../pieces/normal.hpp"
#include "tabled.hpp"

namespace fastact {
namespace {

// With t = |x|: Phi(-t) = exp(-t**2/2) q/(t + 3), q by the polynomial MILLS, and phi(t) =
// exp(-t**2/2) c. The form for x < 0 serves for x > 0 as well: gelu(x) - gelu(-x) = x, and the two
// slopes add up to 1.
struct gelu_formula : Curved {
  static constexpr bool TESTS_PAIRS = true;

  // Here exp(-t**2/2) is e**-84 or e**-700; at the farthest nothing is left.
  template <class X>
  FASTACT_INLINE bool extreme(X x) {
    return any_extreme(abs(x), sizeof(Scalar<VectorIn<X>>) == 4 ? 12.9 : 37.4);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    typedef ExpConstants<V> C;
    typedef Traits<V> T;
    constexpr Real c{0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56};  // 1/sqrt(2 pi)
    const V zero = all<V>(0), one = all<V>(1), half = all<V>(0.5), quarter = all<V>(0.25);
    const V farthest = all<V>(sizeof(Scalar<V>) == 4 ? 14.9 : 38.9);
    const V t = EXTREME ? min(farthest, abs(x)) : abs(x);

    const V square = t * t, low = product_error(t, t, square), exponent = square * -half;
    const V n = round_exponent(exponent);
    const V f = fraction(exponent, low * -half, integer_in(n), 1, C::TAIL);
    // A quarter of exp(n ln 2): w below is 4/(t + 3), so that its products with x are normal
    // numbers.
    const Ints<V> bias = all_ints<V>(T::BIAS - 2 + (EXTREME ? T::SCALE : 0));
    const V power = from_bits<V>((bits(n) << T::MANTISSA) + (bias << T::MANTISSA));
    const V u = EXTREME ? (t < farthest ? power : zero) : power;

    // The rounding of the sum included.
    const V part4 = t * quarter, rest4 = all<V>(0.75), sum = part4 + rest4;
    const V sum_low = part4 - (sum - rest4), r = rough_reciprocal(sum), twice = part4 + part4;
    const V left = sub_product(sub_product(one, sum, r), sum_low, r);
    const V w = mul_add(left, r, r), w_low = mul_add(left, r, r - w);
    // s = (t - 3)/(t + 3) in a form in which the rounding of w costs little; then q + q_low.
    const V s = exact_mul_add(twice, w, -one), s_low = twice * w_low;
    const V first = all<V>(C::MILLS[0]), rise = s * polynomial_behind(s, C::MILLS),
            q = first + rise;
    const V q_low =
        ((first - q) + rise) + mul_add(all<V>(C::MILLS[1]), s_low, all<V>(C::MILLS_REST));

    const V tw = t * w, tw_low = mul_add(t, w_low, product_error(t, w, tw));
    V part = exact_mul_add(tw, q, mul_add(tw, mul_add(q, f, q_low), tw_low * q)) * u;
    const V t4 = t * all<V>(4), product = t4 * high<V>(c);
    const V product_low = mul_add(t4, rest<V>(c), product_error(t4, high<V>(c), product));
    // The slope needs what s leaves out, too (1 + s is exact near the slope's zero, where it
    // counts).
    const V more = mul_add(all<V>(C::MILLS[1]), exact_mul_add(twice, w, -(one + s)), q_low);
    const V g = exact_mul_add(w, q, -product) + mul_add(w, more, mul_add(w_low, q, -product_low));
    if (EXTREME) part = bring_down(part);
    const auto slope = slope_of<EXTREME>(mul_add(g, f, g) * u);
    return {max(-zero, x) - part, where_above(x, zero, one_less(slope), slope)};
  }
};

#if defined(__AVX2__)
struct gelu_tail {
  static constexpr double FARTHEST = 14.9;  // nothing is left here

  // Of -t, where both are exp(-t**2/2) and a little more or less than 1/sqrt(2 pi), or t times
  // that.
  FASTACT_INLINE PointOf<true, VFloat> far(VFloat, VFloat t) {
    const VFloat half = all<VFloat>(0.5), square = t * t, low = product_error(t, t, square);
    const TallExp e(square * -half, low * -half);
    const VFloat v = reciprocal(square);
    const VFloat value = e.times(polynomial_of(v, NORMAL::FAR_VALUE));
    const VFloat factor = t < all<VFloat>(FARTHEST) ? -t : all<VFloat>(-0.0);
    const VFloat slope = e.times(polynomial_of(v, NORMAL::FAR_SLOPE)) * factor;
    return {bring_down(-value), lowered(slope)};
  }
};

#if defined(__AVX512F__)
struct gelu_pieces : SymmetricPieces<NORMAL, gelu_tail> {};
#else
// 8 pieces are enough where exp(-t**2/2) is a factor.
struct gelu_pieces : FallingGate<GELU, gelu_tail> {
  FASTACT_INLINE VFloat beside_value(VFloat v) { return v; }
  FASTACT_INLINE VFloat beside_slope(VFloat v) { return v; }

  FASTACT_INLINE Point<VFloat> at(VFloat x) {
    typedef ExpConstants<VFloat> C;
    const VFloat t = min(all<VFloat>(END), abs(x)), half = all<VFloat>(0.5), square = t * t;
    const VFloat exponent = square * -half, low = product_error(t, t, square) * -half;
    const VFloat n = round_exponent(exponent);
    const VFloat f = fraction(exponent, low, integer_in(n), 1, C::EXP_TAIL);
    const VInt32 bias = all_ints<VFloat>(Traits<VFloat>::BIAS) << Traits<VFloat>::MANTISSA;
    const VFloat power = from_bits<VFloat>((bits(n) << Traits<VFloat>::MANTISSA) + bias);
    const auto times_exp = [=](VFloat v)
                               __attribute__((always_inline)) { return mul_add(v, f, v); };
    const Piece<GELU> piece(t);
    // With as little rounded as can be: next to 0, where start is 0, one product less.
    const VFloat start = piece.start(GELU::VALUE), rise = times_exp(piece.rise(GELU::VALUE));
    const VFloat part = (start + mul_add(rise, piece.d, start * f)) * power;
    const VFloat slope = times_exp(piece.slope()) * power;
    const VFloat zero = all<VFloat>(0), one = all<VFloat>(1);
    return {max(-zero, x) - part, x > zero ? one - slope : slope};
  }
};
#endif
struct gelu : Tabled<gelu_pieces, gelu_formula> {};
#else
// Floats in double, with as many terms as a float needs; only the gradient's product is extreme.
struct gelu : gelu_formula {
  FASTACT_INLINE bool extreme(VFloat x) { return any_above(-x, all<VFloat>(12.9)); }
  FASTACT_INLINE bool extreme(VDouble x) { return gelu_formula::extreme(x); }
  FASTACT_INLINE Mask<VFloat> tiny(VFloat x) { return below(x, x); }  // nowhere
  FASTACT_INLINE Mask<VDouble> tiny(VDouble x) { return where_subnormal(x); }

  template <bool EXTREME>
  FASTACT_INLINE PointOf<EXTREME, VFloat> at(VFloat x) {
    const Point<VDouble> low = brief(widen_low(x)), high = brief(widen_high(x));
    const VDouble unit = all<VDouble>(EXTREME ? Traits<VFloat>::TALL : 1);
    const VFloat slope = narrow(low.slope * unit, high.slope * unit);
    return {narrow(low.value, high.value), slope_of<EXTREME>(slope)};
  }
  template <bool EXTREME>
  FASTACT_INLINE PointOf<EXTREME, VDouble> at(VDouble x) {
    return gelu_formula::at<EXTREME>(x);
  }

 private:
  FASTACT_INLINE Point<VDouble> brief(VDouble x) {
    typedef VDouble V;
    typedef Polynomials<VFloat> P;
    const V zero = all<V>(0), one = all<V>(1), three = all<V>(3), t = min(all<V>(37), abs(x));
    const V e = brief_exp(t * t * all<V>(-0.5)), r = one / (t + three), s = (t - three) * r;
    const V below = (polynomial<V>(s, s * s, P::MILLS) + all<V>(P::MILLS_REST)) * r * e;
    const V slope = below - t * all<V>(0x1.9884533d43651p-2) * e;
    return {max(-zero, x) - t * below, x > zero ? one - slope : slope};
  }
};
#endif

}  // namespace
}  // namespace fastact
