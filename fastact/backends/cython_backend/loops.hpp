// Every operation of every formula as a loop over contiguous arrays, stamped out by templates.
#pragma once

#include "formulas.hpp"

namespace fastact {
namespace {

typedef intptr_t Index;
typedef void (*Loop)(char** args, const Index* dims, const Index* steps, void* data);

struct LoopEntry {
  const char* activation;
  const char* operation;
  char dtype;
  Loop loop;
};

// What an operation reads before the parameters, and what it writes. PRODUCT is that of ordinary
// slopes, or of any.
struct forward {
  static constexpr int INPUTS = 1, OUTPUTS = 1;
  template <class PRODUCT, class V, class S>
  FASTACT_INLINE void write(const Point<V, S>& p, const V*, V* out) {
    out[0] = p.value;
  }
};
struct backward {
  static constexpr int INPUTS = 2, OUTPUTS = 1;
  template <class PRODUCT, class V, class S>
  FASTACT_INLINE void write(const Point<V, S>& p, const V* in, V* out) {
    out[0] = PRODUCT::of(in[1], p.slope);
  }
};
struct forward_backward {
  static constexpr int INPUTS = 2, OUTPUTS = 2;
  template <class PRODUCT, class V, class S>
  FASTACT_INLINE void write(const Point<V, S>& p, const V* in, V* out) {
    out[0] = p.value;
    out[1] = PRODUCT::of(in[1], p.slope);
  }
};
struct derivative {
  static constexpr int INPUTS = 1, OUTPUTS = 1;
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
  } else if (__builtin_expect(!F::extreme(x, parameters...), 1)) {
    OP::template write<Product>(F::template at<false>(x, parameters...), in, out);
  } else {
    apply_extreme<F, OP>(in, out, x, parameters...);
  }
}

// dy times the derivative by the parameter.
template <class F>
struct parameter_backward {
  static constexpr int INPUTS = 2, OUTPUTS = 1;
};
template <class F, class V>
FASTACT_INLINE void apply_parameter(const V* in, V* out) {
  out[0] = in[1] * F::parameter_slope(in[0], in[2]);
}

template <class F, int PARAMETERS, class OP>
struct Apply {
  template <class V>
  FASTACT_INLINE void run(const V* in, V* out) {
    constexpr int FIRST = OP::INPUTS;
    if constexpr (PARAMETERS == 0) apply<F, OP>(in, out, in[0]);
    else if constexpr (PARAMETERS == 1) apply<F, OP>(in, out, in[0], in[FIRST]);
    else apply<F, OP>(in, out, in[0], in[FIRST], in[FIRST + 1]);
  }
};
template <class F>
struct Apply<F, 1, parameter_backward<F>> {
  template <class V>
  FASTACT_INLINE void run(const V* in, V* out) {
    apply_parameter<F>(in, out);
  }
};

// Whole vectors only. All of a vector is read before any of it is written: in place is no case.
// An input advances by a vector at a time, or stays where it is; parameters that all stay are read
// once, so that what is made of them alone is made once.
template <class F, int PARAMETERS, class OP, class T, bool STAY>
static __attribute__((noinline, noclone)) void whole(T* const* args, const Index* advance,
                                                     Index n) {
  typedef typename VectorOf<T>::Type V;
  constexpr int IN = OP::INPUTS + PARAMETERS, OUT = OP::OUTPUTS;
  const T* in[IN];
  T* out[OUT];
  V x[IN], y[OUT];
  Index step[IN];
  for (int a = 0; a < IN; ++a) {
    in[a] = args[a];
    step[a] = advance[a];
  }
  for (int a = 0; a < OUT; ++a) out[a] = args[IN + a];
  if (STAY)
    for (int a = OP::INPUTS; a < IN; ++a) x[a] = load<V>(in[a]);
  for (Index i = 0; i < n; i += Traits<V>::LANES) {
    for (int a = 0; a < (STAY ? OP::INPUTS : IN); ++a) {
      x[a] = load<V>(in[a]);
      in[a] += step[a];
    }
    Apply<F, PARAMETERS, OP>::run(x, y);
    for (int a = 0; a < OUT; ++a) store<V>(out[a] + i, y[a]);
  }
}

template <class F, int PARAMETERS, class OP, class T>
FASTACT_INLINE void run_whole(T* const* args, const Index* advance, Index n) {
  bool stay = true;
  for (int a = OP::INPUTS; a < OP::INPUTS + PARAMETERS; ++a) stay = stay && advance[a] == 0;
  if (PARAMETERS == 0 || stay) whole<F, PARAMETERS, OP, T, true>(args, advance, n);
  else whole<F, PARAMETERS, OP, T, PARAMETERS == 0>(args, advance, n);
}

// Contiguous arguments, or scalars of step 0. The last few elements go through a whole vector as
// well: the same code gives the same bits.
template <class F, int PARAMETERS, class OP, class T>
static void loop(char** args, const Index* dims, const Index* steps, void*) {
  typedef typename VectorOf<T>::Type V;
  constexpr int IN = OP::INPUTS + PARAMETERS, OUT = OP::OUTPUTS;
  constexpr Index LANES = Traits<V>::LANES;
  T* arrays[IN + OUT];
  T pad[IN + OUT][LANES];
  Index advance[IN];
  const Index n = dims[0], tail = n % LANES, body = n - tail;
  for (int a = 0; a < IN + OUT; ++a) {
    arrays[a] = reinterpret_cast<T*>(args[a]);
    if (a >= IN) continue;
    advance[a] = steps[a] == 0 ? 0 : LANES;
    if (steps[a] != 0) continue;
    store<V>(pad[a], all<V>(*arrays[a]));
    arrays[a] = pad[a];
  }
  if (body != 0) run_whole<F, PARAMETERS, OP, T>(arrays, advance, body);
  if (tail == 0) return;
  for (int a = 0; a < IN; ++a)
    if (advance[a] != 0) store<V>(pad[a], load_some(arrays[a] + body, tail, all<V>(1)));
  T* padded[IN + OUT];
  for (int a = 0; a < IN + OUT; ++a) padded[a] = pad[a];
  run_whole<F, PARAMETERS, OP, T>(padded, advance, LANES);
  for (int a = IN; a < IN + OUT; ++a) store_some(arrays[a] + body, tail, load<V>(pad[a]));
}

#define FASTACT_OPERATION(F, P, NAME, OP)               \
  {#F, NAME, 'f', loop<F, P, OP, float>}, {             \
    #F, NAME, 'd', loop<F, P, OP, double>               \
  }
#define FASTACT_ENTRIES(F, P)                              \
  FASTACT_OPERATION(F, P, "forward", forward),             \
      FASTACT_OPERATION(F, P, "backward", backward),       \
      FASTACT_OPERATION(F, P, "derivative", derivative),   \
      FASTACT_OPERATION(F, P, "forward_backward", forward_backward),
#define FASTACT_TRAINABLE_ENTRIES(F) \
  FASTACT_OPERATION(F, 1, "parameter_backward", parameter_backward<F>),

const LoopEntry LOOPS[] = {FASTACT_FORMULAS(FASTACT_ENTRIES)
                               FASTACT_TRAINABLE(FASTACT_TRAINABLE_ENTRIES)};
constexpr int LOOP_COUNT = sizeof(LOOPS) / sizeof(LOOPS[0]);

}  // namespace
}  // namespace fastact
