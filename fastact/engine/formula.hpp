// A Python formula as a loop: formula(x, ..., out_1, ...) fills its last arguments, on blocks.
#pragma once

#include <Python.h>
#include <numpy/arrayobject.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "stretch.hpp"

namespace fastact {

// Elements: enough to hide NumPy's cost per call, few enough for the temporaries to stay in L2.
constexpr npy_intp FORMULA_BLOCK = 16384;
// Bytes of each argument of a direct formula, which has few temporaries: its calls and views cost
// as much as some 10,000 elements.
constexpr npy_intp DIRECT_BLOCK = 1048576;

struct Formula {
  PyObject* function = nullptr;
  // It neither writes to its inputs nor asks that a parameter be as long as x: then it may see the
  // arrays of a call themselves, or views of them, and numbers as arrays without dimensions.
  bool direct = false;
  bool keep_nan = false;        // its last output is made NaN wherever x is
  PyObject* context = nullptr;  // it runs in a copy of this contextvars.Context, if there is one
};

inline PyObject* call_in_context(PyObject* context, PyObject* function, PyObject* const* arrays,
                                 int nargs) {
  if (context == nullptr) return PyObject_Vectorcall(function, arrays, nargs, nullptr);
  PyObject* copy = PyContext_Copy(context);  // one context can be entered once at a time
  if (copy == nullptr) return nullptr;
  PyObject* answer = nullptr;
  if (PyContext_Enter(copy) == 0) {
    answer = PyObject_Vectorcall(function, arrays, nargs, nullptr);
    if (PyContext_Exit(copy) < 0) Py_CLEAR(answer);
  }
  Py_DECREF(copy);
  return answer;
}

#if defined(__SSE2__)
// A comparison of two vectors finds a NaN in either; GCC, which minds traps, would not write it.
inline bool any_nan(const float* x, npy_intp n) {
  __m128 found = _mm_setzero_ps(), more = found;
  npy_intp i = 0;
  for (; i + 16 <= n; i += 16) {
    found = _mm_or_ps(found, _mm_cmpunord_ps(_mm_loadu_ps(x + i), _mm_loadu_ps(x + i + 4)));
    more = _mm_or_ps(more, _mm_cmpunord_ps(_mm_loadu_ps(x + i + 8), _mm_loadu_ps(x + i + 12)));
  }
  for (; i < n; ++i) found = _mm_or_ps(found, _mm_cmpunord_ps(_mm_set1_ps(x[i]), found));
  return _mm_movemask_ps(_mm_or_ps(found, more)) != 0;
}

inline bool any_nan(const double* x, npy_intp n) {
  __m128d found = _mm_setzero_pd(), more = found;
  npy_intp i = 0;
  for (; i + 8 <= n; i += 8) {
    found = _mm_or_pd(found, _mm_cmpunord_pd(_mm_loadu_pd(x + i), _mm_loadu_pd(x + i + 2)));
    more = _mm_or_pd(more, _mm_cmpunord_pd(_mm_loadu_pd(x + i + 4), _mm_loadu_pd(x + i + 6)));
  }
  for (; i < n; ++i) found = _mm_or_pd(found, _mm_cmpunord_pd(_mm_set1_pd(x[i]), found));
  return _mm_movemask_pd(_mm_or_pd(found, more)) != 0;
}
#else
template <class T>
inline bool any_nan(const T* x, npy_intp n) {
  bool found = false;
  for (npy_intp i = 0; i < n; ++i) found |= x[i] != x[i];
  return found;
}
#endif

template <class T>
inline void keep_nan(const T* x, T* out, npy_intp n) {
  for (npy_intp done = 0; done < n; done += BLOCK) {
    const npy_intp end = done + BLOCK < n ? done + BLOCK : n;
    if (!any_nan(x + done, end - done)) continue;
    for (npy_intp i = done; i < end; ++i)
      if (x[i] != x[i]) out[i] = x[i];
  }
}

// The arguments of one block, all contiguous, x first and the outputs last.
inline bool call_formula(const Formula& formula, bool is_double, PyObject* const* arrays, int nargs,
                         npy_intp n) {
  PyObject* answer = call_in_context(formula.context, formula.function, arrays, nargs);
  if (answer == nullptr) return false;
  Py_DECREF(answer);
  if (!formula.keep_nan) return true;
  void* x = PyArray_DATA((PyArrayObject*)arrays[0]);
  void* out = PyArray_DATA((PyArrayObject*)arrays[nargs - 1]);
  if (is_double)
    keep_nan(static_cast<double*>(x), static_cast<double*>(out), n);
  else
    keep_nan(static_cast<float*>(x), static_cast<float*>(out), n);
  return true;
}

// Needs the GIL. The formula gets arrays of their own memory, never views of the caller's: those
// would dangle where it keeps its arguments, or where a traceback does.
inline int run_formula(const Formula& formula, bool is_double, const Layout& layout,
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
    good = good && call_formula(formula, is_double, arrays, nargs, m);
    for (int a = nin; a < nargs && good; ++a) layout.scatter[a](memory(a), place(a), strides[a], m);
    for (int a = 0; a < nargs; ++a) Py_XDECREF(arrays[a]);
    if (!good) return -1;
  }
  return 0;
}

// Elements of an array in one piece, as a view that keeps the array alive. A new reference.
inline PyObject* part_of(PyObject* owner, npy_intp begin, npy_intp n, bool writeable) {
  PyArrayObject* whole = reinterpret_cast<PyArrayObject*>(owner);
  PyArray_Descr* dtype = PyArray_DESCR(whole);
  Py_INCREF(dtype);
  char* start = PyArray_BYTES(whole) + begin * PyArray_ITEMSIZE(whole);
  PyObject* part =
      PyArray_NewFromDescr(&PyArray_Type, dtype, 1, &n, nullptr, start,
                           writeable ? NPY_ARRAY_CARRAY : NPY_ARRAY_CARRAY_RO, nullptr);
  if (part == nullptr) return nullptr;
  Py_INCREF(owner);
  if (PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(part), owner) < 0) Py_CLEAR(part);
  return part;
}

// A direct formula on contiguous arrays of its dtype and of n elements, or without dimensions.
inline int run_direct(const Formula& formula, bool is_double, PyObject* const* given, int nin,
                      int nargs, npy_intp n) {
  const npy_intp block = DIRECT_BLOCK / (is_double ? sizeof(double) : sizeof(float));
  if (n <= block) return call_formula(formula, is_double, given, nargs, n) ? 0 : -1;
  for (npy_intp done = 0; done < n; done += block) {
    const npy_intp m = n - done < block ? n - done : block;
    PyObject* arrays[MAX_ARGS] = {};
    bool good = true;
    for (int a = 0; a < nargs && good; ++a) {
      if (PyArray_NDIM(reinterpret_cast<PyArrayObject*>(given[a])) > 0)
        arrays[a] = part_of(given[a], done, m, a >= nin);
      else
        arrays[a] = Py_NewRef(given[a]);
      good = arrays[a] != nullptr;
    }
    good = good && call_formula(formula, is_double, arrays, nargs, m);
    for (int a = 0; a < nargs; ++a) Py_XDECREF(arrays[a]);
    if (!good) return -1;
  }
  return 0;
}

}  // namespace fastact
