// An N-dimensional elementwise call as stretches, split over the pool.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "cpu.hpp"
#include "pool.hpp"
#include "tiles.hpp"

namespace fastact {

// Elements [begin, end) of the space in its own order.
inline void run_range(const Kernel& kernel, const Layout& layout, const Space& space,
                      npy_intp begin, npy_intp end) {
  const int inner = space.ndim - 1, nargs = layout.nargs();
  npy_intp index[NPY_MAXDIMS];
  char* pointers[MAX_ARGS];
  for (int a = 0; a < nargs; ++a) pointers[a] = space.base[a];
  npy_intp rest = begin;
  for (int d = inner; d >= 0; --d) {
    index[d] = rest % space.shape[d];
    rest /= space.shape[d];
    for (int a = 0; a < nargs; ++a) pointers[a] += index[d] * space.strides[d][a];
  }
  while (begin < end) {
    const npy_intp n = std::min(space.shape[inner] - index[inner], end - begin);
    run_stretch(kernel, layout, pointers, space.strides[inner], n);
    begin += n;
    // Back to the start of the inner axis, then one step along the first outer axis with room.
    for (int a = 0; a < nargs; ++a) pointers[a] -= index[inner] * space.strides[inner][a];
    index[inner] = 0;
    for (int d = inner - 1; d >= 0; --d) {
      for (int a = 0; a < nargs; ++a) pointers[a] += space.strides[d][a];
      if (++index[d] < space.shape[d]) break;
      for (int a = 0; a < nargs; ++a) pointers[a] -= space.shape[d] * space.strides[d][a];
      index[d] = 0;
    }
  }
}

inline npy_intp line_offset(const char* p) { return reinterpret_cast<uintptr_t>(p) % LINE; }

// What was stored past the caches comes before what follows, such as the word that a chunk is done.
inline void store_fence() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

// Chunks are whole blocks, from so many elements: less is not worth handing over. With more than so
// many the last one may be waited for on a processor that others use, such as a BLAS whose threads
// go on spinning after a product; and the first is run before anyone is woken.
constexpr npy_intp MIN_CHUNK = 2 * BLOCK, MAX_CHUNK = 16 * BLOCK;

// How many of `count` units, each of `elements` elements, make a chunk: several chunks per thread,
// so that one that starts late leaves its share to the others.
inline npy_intp chunk_size(npy_intp count, npy_intp elements, int threads) {
  const npy_intp least = std::max<npy_intp>(1, MIN_CHUNK / elements);
  const npy_intp most = std::max<npy_intp>(1, MAX_CHUNK / elements);
  return std::max(least, std::min(most, count / (8 * threads)));
}

// Shares `count` units of work out, each of `elements` elements: run(begin, end).
template <class Run>
inline void share(npy_intp count, npy_intp elements, int threads, Run run) {
  const npy_intp chunk = chunk_size(count, elements, threads);
  if (threads < 2 || count <= chunk) return run(0, count);
  struct Job {
    Run& run;
    npy_intp count, chunk;
  } job{run, count, chunk};
  pool().run((count + chunk - 1) / chunk, threads,
             [](void* context, long i) {
               Job& j = *static_cast<Job*>(context);
               j.run(i * j.chunk, std::min(j.count, (i + 1) * j.chunk));
             },
             &job);
}

// Bytes of a result from which on the caches are no place for it: of a smaller one whoever reads it
// next may find much there.
constexpr npy_intp LARGE_RESULT = npy_intp(32) << 20;

// Bytes of all that a call reads and writes from which on they do not keep its results, either:
// past them it takes less time, and so it does together with a function that reads the results.
inline npy_intp large_call() {
  static const npy_intp bytes = std::max<npy_intp>(LARGE_RESULT, third_level_cache()) / 8 * 7;
  return bytes;
}

// What an argument takes of memory.
inline npy_intp extent(const Space& space, int a) {
  const int inner = space.ndim - 1;
  npy_intp bytes = space.shape[inner] * std::abs(space.strides[inner][a]);
  for (int d = 0; d < inner; ++d)
    if (space.strides[d][a] != 0) bytes *= space.shape[d];
  return bytes;
}

// May the kernel store its results past the caches? A line that is stored at once need not be read
// before; in place it has been. Rows of contiguous results must be made of whole lines.
inline bool goes_past_caches(const Kernel& kernel, const Layout& layout, const Space& space) {
  if (!kernel.rows || space.ndim == 0) return false;
  const npy_intp size = kernel.itemsize();
  npy_intp bytes = 0;
  for (int a = 0; a < layout.nargs(); ++a) bytes += extent(space, a);
  if (space.size() * size < LARGE_RESULT && bytes < large_call()) return false;
  const int inner = space.ndim - 1;
  if (inner > 0 && space.shape[inner] * size % LINE != 0) return false;
  const char* const first = space.base[layout.nin];
  for (int out = layout.nin; out < layout.nargs(); ++out) {
    npy_intp step = size;
    for (int d = inner; d >= 0; step *= space.shape[d--])
      if (space.strides[d][out] != step) return false;
    // The first one can be brought to a multiple of a line, the others must then be at one of this.
    if (!layout.native[out] || (space.base[out] - first) % 16 != 0) return false;
    for (int in = 0; in < layout.nin; ++in)
      if (space.base[in] == space.base[out]) return false;
  }
  return line_offset(first) % (inner > 0 ? 16 : size) == 0;
}

// A kernel that does so.
inline Kernel streaming(const Kernel& kernel) {
  static char any;
  Kernel same = kernel;
  same.data = &any;
  return same;
}

inline void past_caches(const Kernel& kernel, const Layout& layout, const Space& space,
                        int threads) {
  const Kernel stream = streaming(kernel);
  const npy_intp n = space.size();
  const npy_intp head = (LINE - line_offset(space.base[layout.nin])) % LINE / kernel.itemsize();
  share((n + BLOCK - 1) / BLOCK, BLOCK, threads, [&](npy_intp begin, npy_intp end) {
    const npy_intp first = begin * BLOCK, last = std::min(n, end * BLOCK);
    const npy_intp aligned = std::min(last, first + head);
    if (head > 0) run_range(kernel, layout, space, first, aligned);
    run_range(stream, layout, space, aligned, last);
    store_fence();
  });
}

inline void run_space(const Kernel& kernel, const Layout& layout, Space& space, int threads) {
  FpGuard guard;
  const bool past = goes_past_caches(kernel, layout, space);
  if (past && space.ndim == 1) return past_caches(kernel, layout, space, threads);
  Tiling tiling;
  if (plan_tiles(space, layout, kernel, tiling)) {
    const Kernel used = past && tiling.direct ? streaming(kernel) : kernel;
    return share(tiling.tiles, tiling.across * tiling.along, threads,
                 [&](npy_intp begin, npy_intp end) {
                   run_tiles(used, layout, space, tiling, begin, end);
                   if (past) store_fence();
                 });
  }
  const npy_intp n = space.size();
  share((n + BLOCK - 1) / BLOCK, BLOCK, threads, [&](npy_intp begin, npy_intp end) {
    run_range(kernel, layout, space, begin * BLOCK, std::min(n, end * BLOCK));
  });
}

}  // namespace fastact
