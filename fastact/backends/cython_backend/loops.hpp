// Every operation of every formula as a loop over contiguous arrays, stamped out by templates.
#pragma once

#include "formulas.hpp"
#include "operations.hpp"

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

template <class F, class V, class... P>
FASTACT_INLINE bool any_extreme_of(const V (&x)[2], P... parameters) {
  if constexpr (F::TESTS_PAIRS && HAS_PAIR_TESTS)
    return F::extreme(Pair<V>{x[0], x[1]}, parameters...);
  else
    return F::extreme(x[0], parameters...) | F::extreme(x[1], parameters...);
}
template <class F, class V, class... P>
FASTACT_INLINE bool any_extreme_of(const V (&x)[4], P... parameters) {
  return F::extreme(Pair<V>{x[0], x[1]}, parameters...) |
         F::extreme(Pair<V>{x[2], x[3]}, parameters...);
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
  static constexpr int AT_ONCE = F::template AT_ONCE<V, OP::OUTPUTS>;

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

// Several small vectors lie in a line, and each would ask for it: that pays for two results alone.
template <int RESULTS, class V>
FASTACT_INLINE void put(Scalar<V>* p, V v, bool streams) {
  if (streams) return stream<V>(p, v);
  if (FASTACT_VECTOR_BYTES == 64 || RESULTS > 1) fetch_for_stores(p);
  store<V>(p, v);
}

// Elements before the first that lies at a multiple of a vector's bytes, if any does.
template <class V>
FASTACT_INLINE Index elements_to_multiple(const Scalar<V>* p) {
  constexpr Index SIZE = sizeof(Scalar<V>), ALL = sizeof(V);
  const Index past = reinterpret_cast<uintptr_t>(p) % ALL;
  return past % SIZE == 0 ? (ALL - past) % ALL / SIZE : 0;
}

// Rows of contiguous elements. All of a vector is read before any of it is written: in place is no
// case. An input advances by a vector at a time, or stays where it is for a row; parameters that
// all stay are read once a row, so that what is made of them alone is made once. The first and the
// last few elements go through the loop as a whole vector in `pad`: the same code gives the same
// bits.
template <class F, int PARAMETERS, class OP, class T, bool STAY>
FASTACT_OUT_OF_LINE void run_rows(char* const* args, const Index* dims, const Index* steps,
                                  bool past_caches) {
  typedef typename VectorOf<T>::Type V;
  constexpr int IN = OP::INPUTS + PARAMETERS, OUT = OP::OUTPUTS, ARGS = IN + OUT;
  constexpr int READ = STAY ? OP::INPUTS : IN;  // what is read with each vector
  constexpr int KEPT = Apply<F, PARAMETERS, OP>::KEPT;
  constexpr Index LANES = Traits<V>::LANES;
  // The end of a loop of a few turns is predicted, and a row of many of them is several such loops;
  // but for each of them GCC loads the constants that it has no registers for.
  constexpr Index STRETCH = (FASTACT_VECTOR_BYTES == 64 ? 8 : 32) * LANES;
  // A row of so many elements has its first result brought to a multiple of a vector by a part of
  // one: a store that reaches into two lines of the caches waits for both.
  constexpr Index WORTH_A_PART = 128 * LANES;
  constexpr int AT_ONCE = STAY ? Apply<F, PARAMETERS, OP>::template AT_ONCE<V> : 1;
  char* start[ARGS];
  Index advance[IN], next[ARGS];
  for (int a = 0; a < ARGS; ++a) {
    start[a] = args[a];
    next[a] = steps[ARGS + a];
    if (a < IN) advance[a] = steps[a] == 0 ? 0 : LANES;
  }
  T pad[ARGS][LANES];
  for (Index row = 0; row < dims[1]; ++row) {
    T* begin[ARGS];
    V x[IN], y[OUT];
    bool undefined = false;
    for (int a = 0; a < ARGS; ++a) {
      begin[a] = reinterpret_cast<T*>(start[a]);
      start[a] += next[a];
      if (STAY && a >= OP::INPUTS && a < OP::INPUTS + KEPT) undefined |= *begin[a] != *begin[a];
      if (a >= IN || advance[a] != 0) continue;
      x[a] = all<V>(*begin[a]);
      if (STAY && a >= OP::INPUTS) continue;
      store<V>(pad[a], x[a]);
      begin[a] = pad[a];
    }
    if (STAY && KEPT > 0 && __builtin_expect(undefined, 0)) {
      for (int a = IN; a < ARGS; ++a)
        for (Index i = 0; i < dims[0]; ++i) begin[a][i] = __builtin_nanf("");
      continue;
    }
    const Index head = dims[0] >= WORTH_A_PART ? elements_to_multiple<V>(begin[IN]) : 0;
    const Index tail = (dims[0] - head) % LANES, last = dims[0] - tail;
    for (Index done = 0; done < dims[0];) {
      const bool padded = done < head || done == last;
      const Index elements = done < head ? head : done < last ? last - done : tail;
      T* at[ARGS];
      for (int a = 0; a < ARGS; ++a) {
        at[a] = begin[a] + (a < IN && advance[a] == 0 ? 0 : done);
        if (!padded) continue;
        if (a < READ && advance[a] != 0) store<V>(pad[a], load_some(at[a], elements, all<V>(1)));
        at[a] = pad[a];
      }
      const bool streams = past_caches && !padded;
      // A long formula leaves the processor room for fewer lines on their way than a copy does.
      const bool asks_ahead = streams || (AT_ONCE > 1 && OUT == 1);
      const auto read = [&](int a, Index vectors) __attribute__((always_inline)) {
        const T* p = at[a] + vectors * advance[a];
        if (asks_ahead) fetch_for_loads(p);
        return load<V>(p);
      };
      const auto write = [&](Index i, const V* results) __attribute__((always_inline)) {
        for (int a = 0; a < OUT; ++a) put<OUT>(at[IN + a] + i, results[a], streams);
      };
      for (Index left = padded ? LANES : elements; left > 0;) {
        const Index n = left < STRETCH ? left : STRETCH;
        Index alone = 0;  // up to here each vector is computed by itself
        for (Index i = 0; i < n; i += LANES) {
          if constexpr (AT_ONCE > 1) {
            if (i + (AT_ONCE - 1) * LANES < n && i >= alone) {
              V in[AT_ONCE][OP::INPUTS], out[AT_ONCE][OUT];
              for (int k = 0; k < AT_ONCE; ++k)
                for (int a = 0; a < OP::INPUTS; ++a) in[k][a] = read(a, k);
              if (Apply<F, PARAMETERS, OP>::run_several(in, out, x + OP::INPUTS)) {
                for (int a = 0; a < OP::INPUTS; ++a) at[a] += AT_ONCE * advance[a];
                for (int k = 0; k < AT_ONCE; ++k) write(i + k * LANES, out[k]);
                i += (AT_ONCE - 1) * LANES;
                continue;
              }
              alone = i + AT_ONCE * LANES;
            }
          }
          for (int a = 0; a < READ; ++a) {
            x[a] = read(a, 0);
            at[a] += advance[a];
          }
          Apply<F, PARAMETERS, OP>::template run<!STAY>(x, y);
          if constexpr (!STAY) keep_nan<KEPT, OUT>(x + OP::INPUTS, y);
          write(i, y);
        }
        for (int a = IN; a < ARGS; ++a) at[a] += n;
        left -= n;
      }
      if (padded)
        for (int a = IN; a < ARGS; ++a) store_some(begin[a] + done, elements, load<V>(pad[a]));
      done += elements;
    }
  }
}

// Rows of contiguous arguments, or scalars: dims[1] rows of dims[0] elements. A step is that of a
// contiguous array or 0; behind the steps come those from one row to the next. With any data the
// results, whose rows then begin at a multiple of a vector, are stored past the caches.
template <class F, int PARAMETERS, class OP, class T>
static void loop(char** args, const Index* dims, const Index* steps, void* past_caches) {
  constexpr int ARGS = OP::INPUTS + PARAMETERS + OP::OUTPUTS;
  bool stay = true;
  for (int a = OP::INPUTS; a < OP::INPUTS + PARAMETERS; ++a) {
    stay = stay && steps[a] == 0;
    // One that stays counts as ordinary where that makes a difference.
    for (Index row = 0; OF_PARAMETER<OP> && stay && row < dims[1]; ++row) {
      const T parameter = *reinterpret_cast<const T*>(args[a] + row * steps[ARGS + a]);
      stay = parameter != 0 && parameter - parameter == 0;
    }
  }
  if (PARAMETERS == 0 || stay)
    run_rows<F, PARAMETERS, OP, T, true>(args, dims, steps, past_caches);
  else
    run_rows<F, PARAMETERS, OP, T, PARAMETERS == 0>(args, dims, steps, past_caches);
}

#define FASTACT_OPERATION(F, P, NAME, OP) \
  {#F, NAME, 'f', loop<F, P, OP, float>}, { #F, NAME, 'd', loop<F, P, OP, double> }
#define FASTACT_ENTRIES(F, P)                                                                 \
  FASTACT_OPERATION(F, P, "forward", forward), FASTACT_OPERATION(F, P, "backward", backward), \
      FASTACT_OPERATION(F, P, "derivative", derivative),                                      \
      FASTACT_OPERATION(F, P, "forward_backward", forward_backward),
#define FASTACT_TRAINABLE_ENTRIES(F) \
  FASTACT_OPERATION(F, 1, "parameter_backward", parameter_backward<F>),

const LoopEntry LOOPS[] = {FASTACT_FORMULAS(FASTACT_ENTRIES)
                               FASTACT_TRAINABLE(FASTACT_TRAINABLE_ENTRIES)};
constexpr int LOOP_COUNT = sizeof(LOOPS) / sizeof(LOOPS[0]);

}  // namespace
}  // namespace fastact
