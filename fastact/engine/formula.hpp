// A Python formula as a loop: formula(x, ..., out_1, ...) fills its last arguments, on blocks.
#pragma once

#include <Python.h>
#include <numpy/arrayobject.h>

#include "stretch.hpp"

namespace fastact {

// Large enough to hide NumPy's cost per call, small enough for the temporaries to stay in L2.
constexpr npy_intp FORMULA_BLOCK = 16384;

// Needs the GIL. The formula gets arrays of their own memory, never views of the caller's: those
// would dangle where it keeps its arguments, or where a traceback does.
inline int run_formula(PyObject* formula, bool is_double, const Layout& layout,
                       char* const* pointers, const npy_intp* strides, npy_intp n) {
  const int nin = layout.nin, nargs = layout.nargs();
  for (npy_intp done = 0; done < n; done += FORMULA_BLOCK) {
    npy_intp m = n - done < FORMULA_BLOCK ? n - done : FORMULA_BLOCK;
    PyObject* arrays[MAX_ARGS] = {};
    bool good = true;
    const auto memory = [&](int a) { return PyArray_DATA((PyArrayObject*)arrays[a]); };
    const auto place = [&](int a) { return pointers[a] + done * strides[a]; };
    for (int a = 0; a < nargs && good; ++a) {
      arrays[a] = PyArray_EMPTY(1, &m, is_double ? NPY_DOUBLE : NPY_FLOAT, 0);
      good = arrays[a] != nullptr;
      if (!good || a >= nin) continue;
      layout.gather[a](place(a), strides[a], memory(a), m);
      PyArray_CLEARFLAGS((PyArrayObject*)arrays[a], NPY_ARRAY_WRITEABLE);
    }
    PyObject* answer = good ? PyObject_Vectorcall(formula, arrays, nargs, nullptr) : nullptr;
    good = answer != nullptr;
    Py_XDECREF(answer);
    for (int a = nin; a < nargs && good; ++a)
      layout.scatter[a](memory(a), place(a), strides[a], m);
    for (int a = 0; a < nargs; ++a) Py_XDECREF(arrays[a]);
    if (!good) return -1;
  }
  return 0;
}

}  // namespace fastact
