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

// What an operation reads before the parameters, and what it writes.
struct forward {
  static constexpr int INPUTS = 1, OUTPUTS = 1;
  template <class V>
  FASTACT_INLINE void write(const Point<V>& p, const V*, V* out) {
    out[0] = p.value;
  }
};
struct backward {
  static constexpr int INPUTS = 2, OUTPUTS = 1;
  template <class V>
  FASTACT_INLINE void write(const Point<V>& p, const V* in, V* out) {
    out[0] = in[1] * p.slope;
  }
};
struct forward_backward {
  static constexpr int INPUTS = 2, OUTPUTS = 2;
  template <class V>
  FASTACT_INLINE void write(const Point<V>& p, const V* in, V* out) {
    out[0] = p.value;
    out[1] = in[1] * p.slope;
  }
};
struct derivative {
  static constexpr int INPUTS = 1, OUTPUTS = 1;
  template <class V>
  FASTACT_INLINE void write(const Point<V>& p, const V*, V* out) {
    out[0] = p.slope;
  }
};

template <class F, int PARAMETERS>
struct Apply;
template <class F>
struct Apply<F, 0> {
  template <class V>
  FASTACT_INLINE Point<V> at(const V* in, int) {
    return F::at(in[0]);
  }
};
template <class F>
struct Apply<F, 1> {
  template <class V>
  FASTACT_INLINE Point<V> at(const V* in, int first) {
    return F::at(in[0], in[first]);
  }
};
template <class F>
struct Apply<F, 2> {
  template <class V>
  FASTACT_INLINE Point<V> at(const V* in, int first) {
    return F::at(in[0], in[first], in[first + 1]);
  }
};

// Whole vectors only. All of a vector is read before any of it is written: in place is no case.
// An input advances by a vector at a time, or stays where it is.
template <class F, int PARAMETERS, class OP, class T>
static __attribute__((noinline, noclone)) void whole(T* const* args, const Index* advance,
                                                     Index n) {
  typedef typename VectorOf<T>::Type V;
  constexpr int IN = OP::INPUTS + PARAMETERS, OUT = OP::OUTPUTS;
  const T* in[IN];
  T* out[OUT];
  for (int a = 0; a < IN; ++a) in[a] = args[a];
  for (int a = 0; a < OUT; ++a) out[a] = args[IN + a];
  for (Index i = 0; i < n; i += Traits<V>::LANES) {
    V x[IN], y[OUT];
    for (int a = 0; a < IN; ++a) {
      x[a] = load<V>(in[a]);
      in[a] += advance[a];
    }
    OP::write(Apply<F, PARAMETERS>::template at<V>(x, OP::INPUTS), x, y);
    for (int a = 0; a < OUT; ++a) store<V>(out[a] + i, y[a]);
  }
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
  if (body != 0) whole<F, PARAMETERS, OP, T>(arrays, advance, body);
  if (tail == 0) return;
  for (int a = 0; a < IN; ++a)
    if (advance[a] != 0) store<V>(pad[a], load_some(arrays[a] + body, tail, all<V>(1)));
  T* padded[IN + OUT];
  for (int a = 0; a < IN + OUT; ++a) padded[a] = pad[a];
  whole<F, PARAMETERS, OP, T>(padded, advance, LANES);
  for (int a = IN; a < IN + OUT; ++a) store_some(arrays[a] + body, tail, load<V>(pad[a]));
}

#define FASTACT_OPERATION(F, P, OP)                  \
  {#F, #OP, 'f', loop<F, P, OP, float>}, {           \
    #F, #OP, 'd', loop<F, P, OP, double>             \
  }
#define FASTACT_ENTRIES(F, P)                                                  \
  FASTACT_OPERATION(F, P, forward), FASTACT_OPERATION(F, P, backward),         \
      FASTACT_OPERATION(F, P, forward_backward), FASTACT_OPERATION(F, P, derivative),

const LoopEntry LOOPS[] = {FASTACT_FORMULAS(FASTACT_ENTRIES)};
constexpr int LOOP_COUNT = sizeof(LOOPS) / sizeof(LOOPS[0]);

}  // namespace
}  // namespace fastact
