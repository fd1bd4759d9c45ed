// A Python formula as a loop: formula(x, ..., out_1, ...) fills its last arguments, on blocks.
#pragma once

#include <Python.h>
#include <numpy/arrayobject.h>

#include "stretch.hpp"

namespace fastact {

// Large enough to hide NumPy's cost per call, small enough for the temporaries to stay in L2.
constexpr npy_intp FORMULA_BLOCK = 16384;

// A contiguous array of n elements: of its own memory, or over memory of the caller's.
inline PyObject* block_array(bool is_double, npy_intp n, void* memory, bool writeable) {
  PyObject* array = PyArray_New(&PyArray_Type, 1, &n, is_double ? NPY_DOUBLE : NPY_FLOAT, nullptr,
                                memory, 0, NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_WRITEABLE, nullptr);
  if (array != nullptr && !writeable)
    PyArray_CLEARFLAGS(reinterpret_cast<PyArrayObject*>(array), NPY_ARRAY_WRITEABLE);
  return array;
}

// Needs the GIL. The formula gets a view of the caller's memory only where that is an array of the
// block's dtype in order; it must not keep its arguments, and one that does is reported: the view
// would outlive the memory.
inline int run_formula(PyObject* formula, bool is_double, const Layout& layout,
                       char* const* pointers, const npy_intp* strides, npy_intp n) {
  const npy_intp size = is_double ? 8 : 4;
  const int nin = layout.nin, nargs = layout.nargs();
  for (npy_intp done = 0; done < n; done += FORMULA_BLOCK) {
    const npy_intp m = n - done < FORMULA_BLOCK ? n - done : FORMULA_BLOCK;
    PyObject* arrays[MAX_ARGS] = {};
    bool view[MAX_ARGS];
    bool good = true;
    for (int a = nargs - 1; a >= 0 && good; --a) {
      char* p = pointers[a] + done * strides[a];
      view[a] = layout.native[a] && aligned(p, size) && (strides[a] == size || m == 1);
      for (int out = nin; out < nargs && a < nin; ++out)  // in place: the input must not change
        view[a] &= !(view[out] && overlaps(p, pointers[out] + done * strides[out], m * size));
      arrays[a] = block_array(is_double, m, view[a] ? p : nullptr, true);
      good = arrays[a] != nullptr;
      if (!good || a >= nin) continue;
      PyArrayObject* array = reinterpret_cast<PyArrayObject*>(arrays[a]);
      if (!view[a]) layout.gather[a](p, strides[a], PyArray_DATA(array), m);
      PyArray_CLEARFLAGS(array, NPY_ARRAY_WRITEABLE);
    }
    PyObject* answer = good ? PyObject_Vectorcall(formula, arrays, nargs, nullptr) : nullptr;
    good = answer != nullptr;
    Py_XDECREF(answer);
    for (int a = nin; a < nargs && good; ++a)
      if (!view[a])
        layout.scatter[a](PyArray_DATA(reinterpret_cast<PyArrayObject*>(arrays[a])),
                          pointers[a] + done * strides[a], strides[a], m);
    for (int a = 0; a < nargs; ++a) {
      if (good && view[a] && Py_REFCNT(arrays[a]) != 1) {
        PyErr_SetString(PyExc_RuntimeError, "the formula kept one of its arguments");
        good = false;  // and the array is leaked: whoever kept it must not see freed memory
        continue;
      }
      Py_XDECREF(arrays[a]);
    }
    if (!good) return -1;
  }
  return 0;
}

}  // namespace fastact
