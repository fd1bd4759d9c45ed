// An N-dimensional elementwise call as stretches, split over the pool.
#pragma once

#include <algorithm>

#include "pool.hpp"
#include "stretch.hpp"

namespace fastact {

// The iteration space after NumPy has sorted and coalesced the axes; axis ndim-1 is the inner one.
struct Space {
  int ndim = 0;
  npy_intp shape[NPY_MAXDIMS];
  npy_intp strides[NPY_MAXDIMS][MAX_ARGS];
  char* base[MAX_ARGS];

  npy_intp size() const {
    npy_intp n = 1;
    for (int d = 0; d < ndim; ++d) n *= shape[d];
    return n;
  }
};

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

// Chunks are whole blocks, at least this many elements: less is not worth handing over.
constexpr npy_intp MIN_CHUNK = 8 * BLOCK;

inline void run_space(const Kernel& kernel, const Layout& layout, const Space& space,
                      int threads) {
  struct Job {
    const Kernel& kernel;
    const Layout& layout;
    const Space& space;
    npy_intp size, chunk;
  } job{kernel, layout, space, space.size(), 0};
  // A few chunks per thread, so that one that starts late leaves its share to the others.
  job.chunk = std::max(MIN_CHUNK, job.size / (4 * threads) / BLOCK * BLOCK);
  FpGuard guard;
  if (threads < 2 || job.size <= job.chunk) {
    run_range(kernel, layout, space, 0, job.size);
    return;
  }
  pool().run((job.size + job.chunk - 1) / job.chunk, threads,
             [](void* context, long i) {
               Job& j = *static_cast<Job*>(context);
               run_range(j.kernel, j.layout, j.space, i * j.chunk,
                         std::min(j.size, (i + 1) * j.chunk));
             },
             &job);
}

}  // namespace fastact
