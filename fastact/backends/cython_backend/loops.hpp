// Every operation of every formula as a loop over contiguous arrays, stamped out by templates.
#pragma once

#include "apply.hpp"

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

enum class Stores { PLAIN, ASKED_FOR, PAST_CACHES };

// Several small vectors lie in a line, and each would ask for it: that pays for two results alone.
template <int RESULTS>
constexpr bool WORTH_ASKING = FASTACT_VECTOR_BYTES == 64 || RESULTS > 1;

template <int RESULTS, class V>
FASTACT_INLINE void put(Scalar<V>* p, V v, Stores way) {
  if (__builtin_expect(way == Stores::PAST_CACHES, 0)) return stream<V>(p, v);
  if (WORTH_ASKING<RESULTS> && way == Stores::ASKED_FOR) fetch_for_stores(p);
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
  typedef Apply<F, PARAMETERS, OP> Do;
  constexpr int KEPT = Do::KEPT;
  constexpr Index LANES = Traits<V>::LANES;
  // The end of a loop of a few turns is predicted, and a row of many of them is several such loops;
  // but for each of them GCC loads the constants that it has no registers for.
  constexpr Index STRETCH = 32 * LANES;
  // A row of so many elements has its first result brought to a multiple of a vector by a part of
  // one: a store that reaches into two lines of the caches waits for both.
  constexpr Index WORTH_A_PART = 128 * LANES;
  constexpr int AT_ONCE = STAY ? Do::template AT_ONCE<V> : 1;
  constexpr bool LONG_PAIRS = AT_ONCE > 1 && Do::LONG_PAIRS;
  char* start[ARGS];
  Index advance[IN], next[ARGS], gap[ARGS];
  // Short rows of whole vectors, between which nothing has to be read anew, are stretches that
  // follow one another.
  bool follow = dims[0] <= STRETCH && dims[0] % LANES == 0;
  for (int a = 0; a < ARGS; ++a) {
    start[a] = args[a];
    next[a] = steps[ARGS + a];
    if (a < IN) advance[a] = steps[a] == 0 ? 0 : LANES;
    const bool stays = a < IN && advance[a] == 0;
    gap[a] = stays ? 0 : next[a] - dims[0] * Index(sizeof(T));
    follow &= !stays || next[a] == 0;
  }
  const Index stretch = follow ? dims[0] : STRETCH;
  T pad[ARGS][LANES];
  for (Index row = 0; row < dims[1];) {
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
      ++row;
      continue;
    }
    const Index rows = follow ? dims[1] - row : 1;
    row += rows;
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
      const Stores way = streams      ? Stores::PAST_CACHES
                         : ASKS_AHEAD ? Stores::ASKED_FOR
                                      : Stores::PLAIN;
      // A long formula leaves the processor room for fewer lines on their way than a copy does.
      const bool asks_ahead = (AT_ONCE > 1 && OUT == 1) || (streams && ASKS_AHEAD);
      const auto read = [&](int a, Index vectors) __attribute__((always_inline)) {
        const T* p = at[a] + vectors * advance[a];
        if (__builtin_expect(asks_ahead, AT_ONCE > 1)) fetch_for_loads(p);
        return load<V>(p);
      };
      const auto write = [&](Index i, const V* results) __attribute__((always_inline)) {
        for (int a = 0; a < OUT; ++a) put<OUT>(at[IN + a] + i, results[a], way);
      };
      const auto several = [&](Index i, auto how) __attribute__((always_inline)) {
        constexpr int N = decltype(how)::VECTORS;
        V in[N][OP::INPUTS], out[N][OUT];
        for (int k = 0; k < N; ++k)
          for (int a = 0; a < OP::INPUTS; ++a) in[k][a] = read(a, k);
        if (!Do::run_several(how, in, out, x + OP::INPUTS)) return false;
        for (int a = 0; a < OP::INPUTS; ++a) at[a] += N * advance[a];
        for (int k = 0; k < N; ++k) write(i + k * LANES, out[k]);
        return true;
      };
      for (Index left = padded ? LANES : rows * elements; left > 0;) {
        const Index n = left < stretch ? left : stretch;
        Index alone = 0;  // up to here one vector or more needs the long form
        for (Index i = 0; i < n;) {
          for (; i < n; i += LANES) {
            if constexpr (AT_ONCE > 1) {
              if (i + (AT_ONCE - 1) * LANES < n && i >= alone) {
                if (several(i, Short<AT_ONCE>())) {
                  i += (AT_ONCE - 1) * LANES;
                  continue;
                }
                alone = i + AT_ONCE * LANES;
                if (LONG_PAIRS) break;
              }
            }
            for (int a = 0; a < READ; ++a) {
              x[a] = read(a, 0);
              at[a] += advance[a];
            }
            Do::template run<!STAY>(x, y);
            if constexpr (!STAY) keep_nan<KEPT, OUT>(x + OP::INPUTS, y);
            write(i, y);
          }
          if constexpr (LONG_PAIRS)  // in a loop of their own: they fill the registers
            while (i + LANES < n && several(i, LongPair())) i += 2 * LANES;
        }
        for (int a = IN; a < ARGS; ++a) at[a] += n;
        left -= n;
        if (follow)
          for (int a = 0; a < ARGS; ++a)
            at[a] = reinterpret_cast<T*>(reinterpret_cast<char*>(at[a]) + gap[a]);
      }
      if (padded)
        for (int a = IN; a < ARGS; ++a) store_some(begin[a] + done, elements, load<V>(pad[a]));
      done += elements;
    }
  }
}

// Rows of contiguous arguments, or scalars: dims[1] rows of dims[0] elements. A step is that of a
// contiguous array or 0; behind the steps come those from one row to the next. With any data the
// results, whose rows then begin at a multiple of 16 bytes, are stored past the caches.
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

}  // namespace
}  // namespace fastact
