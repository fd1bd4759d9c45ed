// Large calls on plain arrays, without NumPy's ufunc loop: that hands over slices of 8,192 elements
// wherever operands do not coalesce or need a cast, too few to share between threads.
#pragma once

#include "ufunc.hpp"

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
    const int axis = space.ndim - 1 - d;  // NumPy's own order has the fastest axis first
    space.shape[d] = sizes[axis];
    npy_intp* strides = NpyIter_GetAxisStrideArray(iterator, axis);
    for (int a = 0; a < nargs; ++a) space.strides[d][a] = strides[a];
  }
}

// A C-contiguous, aligned array of exactly this dtype.
inline bool simple(PyObject* array, int type) {
  constexpr int FLAGS = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED;
  PyArrayObject* a = reinterpret_cast<PyArrayObject*>(array);
  return PyArray_CheckExact(array) && PyArray_TYPE(a) == type && PyArray_CHKFLAGS(a, FLAGS) &&
         PyArray_ISNBO(PyArray_DESCR(a)->byteorder);
}

// As drive(), the call that most are: x contiguous, everything else of its dtype and shape, or a
// scalar. It needs none of the general machinery, which takes longer than a small array's
// arithmetic.
inline int drive_simple(Operation* op, PyObject* const* inputs, PyObject* const* outputs,
                        PyObject** results) {
  const int nin = op->nin, nargs = op->nin + op->nout;
  PyArrayObject* x = reinterpret_cast<PyArrayObject*>(inputs[0]);
  const int type = PyArray_TYPE(x), index = dtype_index(type), ndim = PyArray_NDIM(x);
  if (index < 0 || ndim == 0 || !simple(inputs[0], type)) return 0;
  const npy_intp n = PyArray_SIZE(x), itemsize = PyArray_ITEMSIZE(x);
  Space space;
  space.ndim = 1;
  space.shape[0] = n;
  bool in_place = false;
  for (int a = 0; a < nargs; ++a) {
    PyObject* given = a < nin ? inputs[a] : outputs[a - nin];
    if (given == nullptr) continue;
    if (!simple(given, type)) return 0;
    PyArrayObject* array = reinterpret_cast<PyArrayObject*>(given);
    const bool scalar = a < nin && PyArray_NDIM(array) == 0;
    if (!scalar && !PyArray_SAMESHAPE(array, x)) return 0;
    space.base[a] = PyArray_BYTES(array);
    space.strides[0][a] = scalar ? 0 : itemsize;
    if (a < nin) continue;
    if (!PyArray_ISWRITEABLE(array)) return 0;
    for (int b = 0; b < a; ++b) {
      const npy_intp bytes = space.strides[0][b] == 0 ? itemsize : n * itemsize;
      const bool same = b < nin && space.base[a] == space.base[b] && space.strides[0][b] != 0;
      in_place |= same;
      if ((b < nin || outputs[b - nin] != nullptr) && !same &&
          overlaps(space.base[a], space.base[b], std::max(bytes, n * itemsize)))
        return 0;
    }
  }
  const bool is_double = type == NPY_DOUBLE;
  if (resolve(op, is_double) < 0) return -1;
  const bool native = op->native(is_double);
  const Formula& formula = op->formulas[is_double];
  // A formula may read its inputs again after it has begun to write.
  if (!native && (!formula.direct || in_place || type == NPY_HALF)) return 0;
  for (int a = nin; a < nargs; ++a) {
    results[a - nin] = outputs[a - nin];
    Py_XINCREF(results[a - nin]);
    if (results[a - nin] != nullptr) continue;
    results[a - nin] = PyArray_EMPTY(ndim, PyArray_DIMS(x), type, 0);
    if (results[a - nin] == nullptr) {
      for (int b = nin; b < a; ++b) Py_CLEAR(results[b - nin]);
      return -1;
    }
    space.base[a] = PyArray_BYTES(reinterpret_cast<PyArrayObject*>(results[a - nin]));
    space.strides[0][a] = itemsize;
  }
  if (n == 0) return 1;
  const Kernel& kernel = op->kernels[is_double];
  const Layout& layout = op->entries[index].layout;
  const LoopGuard flags(op);
  if (!native) {
    PyObject* arrays[MAX_ARGS];
    for (int a = 0; a < nargs; ++a) arrays[a] = a < nin ? inputs[a] : results[a - nin];
    if (run_direct(formula, is_double, arrays, nin, nargs, n) == 0) return 1;
    for (int a = nin; a < nargs; ++a) Py_CLEAR(results[a - nin]);
    return -1;
  }
  if (n < 500) {  // as NumPy: for less, handing the GIL over costs more
    FpGuard guard;
    run_stretch(kernel, layout, space.base, space.strides[0], n);
    return 1;
  }
  NPY_BEGIN_THREADS_DEF;
  NPY_BEGIN_THREADS;
  run_space(kernel, layout, space, threads_for(op, is_double, n));
  NPY_END_THREADS;
  return 1;
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
      // NumPy rounds to the loop's dtype before it casts to that of `out`.
      if (a >= nin && (type == NPY_HALF) != (index == 0)) return 0;
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
    const LoopGuard flags(op);
    NPY_BEGIN_THREADS_DEF;
    NPY_BEGIN_THREADS;
    run_space(kernel, layout, space, threads_for(op, is_double, n));
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
