// Losses of one logit and its target, and their loops.
#pragma once

#include "loops.hpp"

namespace fastact {
namespace {

// weight ((1 - t) softplus(x) + pos_weight t softplus(-x)), t the target.
//
// With no and yes the weights of the two, size = |x| and L = log1p(exp(-size)) that is
// (x > 0 ? no : yes) size + (no + yes) L. The slope is no - (no + yes) S or (no + yes) S - yes, S
// being the sigmoid of -size. Where one of no and yes is 0 nothing cancels.
struct binary_cross_entropy_with_logits : Curved {
  static constexpr bool SCALES = false;

  template <class V>
  FASTACT_INLINE bool extreme(V x, V, V, V) {
    return any_extreme(abs(x), ExpConstants<V>::NORMAL);
  }

  template <bool EXTREME, class V>
  FASTACT_INLINE Point<V> at(V x, V target, V pos_weight, V weight) {
    typedef ExpConstants<V> C;
    const V zero = all<V>(0), unscale = all<V>(Traits<V>::UNSCALE);
    // For a target of 1 it is -0.0, and so is a slope that is lost.
    const V no = -(weight * (target - all<V>(1))), yes = weight * (pos_weight * target);
    const V both = no + yes;
    const auto above = x > zero;
    const V slant = above ? no : yes, end = above ? no : -yes;
    const V size = EXTREME ? min(all<V>(C::LIMIT), abs(x)) : abs(x);
    const Point<V> p = log1p_exp<EXTREME>(size, Exact());
    if (!EXTREME)
      return {mul_add(slant, size, both * p.value), mul_add(above ? -p.slope : p.slope, both, end)};
    const auto far = size > all<V>(C::NORMAL);
    const V log = opaque(far ? zero : p.value) * unscale;
    const V share = opaque(far ? zero : p.slope) * unscale;
    const V small_log = bring_down(both * (far ? p.value : zero));
    const V small_share = bring_down(both * (far ? p.slope : zero));
    // 0 takes nothing from an infinite x; and what a subnormal one adds is lost in L.
    const V length = slant == zero ? zero : (is_subnormal(x) ? zero : abs(x));
    const V near_slope = mul_add(above ? -share : share, both, end);
    return {mul_add(slant, length, far ? small_log : both * log),
            far ? end + (above ? -small_share : small_share) : near_slope};
  }
};

template <class F, class OP>
struct Apply<F, 3, OP> : OneByOne {
  template <bool, class V>
  FASTACT_INLINE void run(const V* in, V* out) {
    constexpr int FIRST = OP::INPUTS;
    apply<F, OP>(in, out, in[0], in[FIRST], in[FIRST + 1], in[FIRST + 2]);
  }
};

const LoopEntry LOSS_LOOPS[] = {
    FASTACT_OPERATION(binary_cross_entropy_with_logits, 3, "forward", forward),
    FASTACT_OPERATION(binary_cross_entropy_with_logits, 3, "backward", backward),
    FASTACT_OPERATION(binary_cross_entropy_with_logits, 3, "forward_backward", forward_backward),
};
constexpr int LOSS_LOOP_COUNT = sizeof(LOSS_LOOPS) / sizeof(LOSS_LOOPS[0]);

}  // namespace
}  // namespace fastact
