// What the operations make of a formula's point.
#pragma once

#include "formulas/point.hpp"

namespace fastact {
namespace {

// What an operation reads before the parameters, and what it writes. PRODUCT is that of ordinary
// slopes, or of any.
struct forward {
  static constexpr int INPUTS = 1, OUTPUTS = 1;
  static constexpr bool VALUE = true;
  template <class PRODUCT, class V, class S>
  FASTACT_INLINE void write(const Point<V, S>& p, const V*, V* out) {
    out[0] = p.value;
  }
};
struct backward {
  static constexpr int INPUTS = 2, OUTPUTS = 1;
  static constexpr bool VALUE = false;
  template <class PRODUCT, class V, class S>
  FASTACT_INLINE void write(const Point<V, S>& p, const V* in, V* out) {
    out[0] = PRODUCT::of(in[1], p.slope);
  }
};
struct forward_backward {
  static constexpr int INPUTS = 2, OUTPUTS = 2;
  static constexpr bool VALUE = true;
  template <class PRODUCT, class V, class S>
  FASTACT_INLINE void write(const Point<V, S>& p, const V* in, V* out) {
    out[0] = p.value;
    out[1] = PRODUCT::of(in[1], p.slope);
  }
};
struct derivative {
  static constexpr int INPUTS = 1, OUTPUTS = 1;
  static constexpr bool VALUE = false;
  template <class PRODUCT, class V, class S>
  FASTACT_INLINE void write(const Point<V, S>& p, const V*, V* out) {
    out[0] = rounded(p.slope);
  }
};

struct Product {
  template <class V>
  FASTACT_INLINE V of(V dy, V slope) {
    return dy * slope;
  }
};
struct SubnormalProduct {
  template <class V>
  FASTACT_INLINE V of(V dy, V slope) {
    return subnormal_product(dy, slope);
  }
  template <class V>
  FASTACT_INLINE V of(V dy, Tall<V> slope) {
    return product(dy, slope);
  }
};

}  // namespace
}  // namespace fastact
