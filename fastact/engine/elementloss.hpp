// An elementwise operation in a dtype of the caller's choice, its first output written or summed.
#pragma once

#include "compensated.hpp"
#include "drive.hpp"
#include "lanesum.hpp"

namespace fastact {

// Elements whose first outputs are summed at once; the sums of the blocks follow in C order, so
// that the bits depend neither on layout nor threads.
constexpr npy_intp SUM_BLOCK = 4096;

// The space in C order, whose argument `summed` is in scratch. False if memory ran out.
inline bool run_summed(const Kernel& kernel, const Layout& layout, Space& space, int summed,
                       int threads, double* total) {
  FpGuard guard;
  const npy_intp n = space.size(), size = kernel.itemsize();
  const npy_intp blocks = (n + SUM_BLOCK - 1) / SUM_BLOCK;
  npy_intp stride = size;
  for (int d = space.ndim - 1; d >= 0; --d) {
    space.strides[d][summed] = stride;
    stride *= space.shape[d];
  }
  double* sums = static_cast<double*>(std::malloc(blocks * sizeof(double)));
  std::atomic<bool> failed{sums == nullptr};
  if (!failed)
    share(blocks, SUM_BLOCK, threads, [&](npy_intp first, npy_intp last) {
      Space own = space;
      char* block = static_cast<char*>(thread_scratch(SUM_BLOCK * sizeof(double)));
      if (block == nullptr) {
        failed = true;
        return;
      }
      for (npy_intp b = first; b < last; ++b) {
        const npy_intp begin = b * SUM_BLOCK, end = std::min(n, begin + SUM_BLOCK);
        own.base[summed] = block - begin * size;
        run_range(kernel, layout, own, begin, end);
        sums[b] = kernel.is_double
                      ? vector_loops::best_total(reinterpret_cast<double*>(block), end - begin)
                      : vector_loops::best_total(reinterpret_cast<float*>(block), end - begin);
      }
    });
  CompensatedSum sum;
  for (npy_intp b = 0; b < blocks && !failed; ++b) sum.add(sums[b]);
  std::free(sums);
  *total = sum.value();
  return !failed;
}

// Runs op on arrays in the dtype of that index (half, float, double). The inputs may have any dtype
// and broadcast; outputs have the full shape; of the first one NULL means: summed into *total.
// 1: done; 0: no native loop; -1: Python error.
inline int run_element_loss(Operation* op, int index, PyObject* const* inputs,
                            PyObject* const* outputs, double* total) {
  const bool is_double = TYPE_NUMBERS[index] == NPY_DOUBLE;
  if (resolve(op, is_double) < 0) return -1;
  if (!op->native(is_double)) return 0;
  const Kernel& kernel = op->kernels[is_double];
  const int nin = op->nin, nargs = op->nin + op->nout;
  const int summed = outputs[0] == nullptr ? nin : -1;
  Layout layout;
  layout.nin = nin;
  layout.nout = op->nout;
  PyArrayObject* operands[MAX_ARGS];
  npy_uint32 flags[MAX_ARGS];
  int place[MAX_ARGS], count = 0;  // operand -> argument
  for (int a = 0; a < nargs; ++a) {
    if (a == summed) {
      layout.set(a, is_double ? NPY_DOUBLE : NPY_FLOAT, false, is_double);
      continue;
    }
    PyArrayObject* array = reinterpret_cast<PyArrayObject*>(a < nin ? inputs[a] : outputs[a - nin]);
    if (!layout.set(a, PyArray_TYPE(array), swapped(array), is_double)) {
      PyErr_SetString(PyExc_AssertionError, "no conversion is written for a dtype");
      return -1;
    }
    operands[count] = array;
    flags[count] = NPY_ITER_OVERLAP_ASSUME_ELEMENTWISE |
                   (a < nin ? NPY_ITER_READONLY : NPY_ITER_WRITEONLY | NPY_ITER_NO_BROADCAST);
    place[count++] = a;
  }
  NpyIter* iterator =
      NpyIter_MultiNew(count, operands, NPY_ITER_COPY_IF_OVERLAP | NPY_ITER_ZEROSIZE_OK,
                       summed >= 0 ? NPY_CORDER : NPY_KEEPORDER, NPY_NO_CASTING, flags, nullptr);
  if (iterator == nullptr) return -1;
  Space given, space;
  describe(iterator, count, given);
  space.ndim = given.ndim;
  for (int k = 0; k < count; ++k) {
    space.base[place[k]] = given.base[k];
    for (int d = 0; d < given.ndim; ++d) space.strides[d][place[k]] = given.strides[d][k];
  }
  std::copy(given.shape, given.shape + given.ndim, space.shape);
  const npy_intp n = NpyIter_GetIterSize(iterator);
  bool good = true;
  *total = 0;
  if (n > 0) {
    NPY_BEGIN_THREADS_DEF;
    NPY_BEGIN_THREADS_THRESHOLDED(n);
    const int threads = threads_for(op, kernel.is_double, n);
    if (summed >= 0)
      good = run_summed(kernel, layout, space, summed, threads, total);
    else
      run_space(kernel, layout, space, threads);
    NPY_END_THREADS;
  }
  if (NpyIter_Deallocate(iterator) != NPY_SUCCEED) return -1;
  if (!good) PyErr_NoMemory();
  return good ? 1 : -1;
}

}  // namespace fastact
