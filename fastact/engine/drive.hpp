// Large calls on plain arrays, without NumPy's ufunc loop: that hands over slices of 8,192 elements
// wherever operands do not coalesce or need a cast, too few to share between threads.
#pragma once

#include "operation.hpp"

namespace fastact {

inline bool swapped(PyArrayObject* array) { return PyArray_ISBYTESWAPPED(array); }

// An `out=` that we write ourselves; any other goes to NumPy, which casts it or says what is wrong.
inline bool plain_output(PyObject* out) {
  return PyArray_CheckExact(out) && dtype_index(PyArray_TYPE((PyArrayObject*)out)) >= 0 &&
         PyArray_ISWRITEABLE((PyArrayObject*)out);
}

// Fills `space` with the coalesced axes of `iterator`, the fastest one last.
inline void describe(NpyIter* iterator, int nargs, Space& space) {
  npy_intp sizes[NPY_MAXDIMS];
  NpyIter_GetShape(iterator, sizes);
  char** base = NpyIter_GetInitialDataPtrArray(iterator);
  space.ndim = NpyIter_GetNDim(iterator);
  for (int a = 0; a < nargs; ++a) space.base[a] = base[a];
  for (int d = 0; d < space.ndim; ++d) {
    space.shape[d] = sizes[d];
    npy_intp* strides = NpyIter_GetAxisStrideArray(iterator, d);
    for (int a = 0; a < nargs; ++a) space.strides[d][a] = strides[a];
  }
}

// Runs op on exact arrays. `outputs` holds an array or NULL each. On success the outputs are new
// references in `results` and 1 is returned; 0: not a case for this path; -1: Python error.
inline int drive(Operation* op, PyObject* const* inputs, PyObject* const* outputs,
                 PyObject** results) {
  const int nin = op->nin, nargs = op->nin + op->nout;
  int kinds[MAX_ARGS];
  for (int a = 0; a < nin; ++a) {
    if (!PyArray_CheckExact(inputs[a])) return 0;
    kinds[a] = PyArray_TYPE((PyArrayObject*)inputs[a]);
  }
  const int index = promote(kinds, nin);
  if (index < 0) return 0;
  const bool is_double = TYPE_NUMBERS[index] == NPY_DOUBLE;
  // float16 loops read float16 alone: with a float32 block a float16 result is rounded once.
  if (resolve(op, is_double) < 0) return -1;
  if (!op->native(is_double)) return 0;
  const Kernel& kernel = op->kernels[is_double];

  Layout layout;
  layout.nin = nin;
  layout.nout = op->nout;
  PyArrayObject* operands[MAX_ARGS];
  npy_uint32 flags[MAX_ARGS];
  PyArray_Descr* dtypes[MAX_ARGS] = {};
  for (int a = 0; a < nargs; ++a) {
    PyObject* given = a < nin ? inputs[a] : outputs[a - nin];
    operands[a] = reinterpret_cast<PyArrayObject*>(given);
    flags[a] = NPY_ITER_OVERLAP_ASSUME_ELEMENTWISE |
               (a < nin ? NPY_ITER_READONLY
                        : NPY_ITER_WRITEONLY | NPY_ITER_ALLOCATE | NPY_ITER_NO_BROADCAST |
                              NPY_ITER_NO_SUBTYPE);
    int type = TYPE_NUMBERS[index];
    bool swap = false;
    if (given != nullptr) {
      if (a >= nin && !plain_output(given)) return 0;
      type = PyArray_TYPE(operands[a]);
      swap = swapped(operands[a]);
      if (a >= nin && type == NPY_HALF && is_double) return 0;  // would round twice
    }
    if (!layout.set(a, type, swap, is_double)) return 0;
    if (given == nullptr) dtypes[a] = PyArray_DescrFromType(type);
  }

  // OVERLAP_ASSUME_ELEMENTWISE is about the same element of the same size; an input of another
  // dtype over the same memory is caught by the blocks only within one block, so copy it.
  NpyIter* iterator =
      NpyIter_MultiNew(nargs, operands, NPY_ITER_COPY_IF_OVERLAP | NPY_ITER_ZEROSIZE_OK,
                       NPY_KEEPORDER, NPY_NO_CASTING, flags, dtypes);
  for (int a = 0; a < nargs; ++a) Py_XDECREF(dtypes[a]);
  if (iterator == nullptr) {
    PyErr_Clear();  // NumPy's ufunc says it in its own words
    return 0;
  }
  Space space;
  describe(iterator, nargs, space);
  const npy_intp n = NpyIter_GetIterSize(iterator);
  if (n > 0 && space.ndim > 0) {
    NPY_BEGIN_THREADS_DEF;
    NPY_BEGIN_THREADS;
    run_space(kernel, layout, space, threads_for(op, n));
    NPY_END_THREADS;
  }
  PyArrayObject** arrays = NpyIter_GetOperandArray(iterator);
  for (int a = nin; a < nargs; ++a) {
    PyObject* result = outputs[a - nin] != nullptr ? outputs[a - nin] : (PyObject*)arrays[a];
    Py_INCREF(result);
    results[a - nin] = result;
  }
  if (NpyIter_Deallocate(iterator) != NPY_SUCCEED) {
    for (int a = nin; a < nargs; ++a) Py_CLEAR(results[a - nin]);
    return -1;
  }
  return 1;
}

}  // namespace fastact
