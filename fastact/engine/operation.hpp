// One operation of one backend (say numba's silu backward): its kernels, asked for on first use.
#pragma once

#include <Python.h>
#include <numpy/arrayobject.h>
#include <numpy/dtype_api.h>
#include <numpy/ufuncobject.h>

#include "formula.hpp"
#include "ndloop.hpp"

namespace fastact {

constexpr int DTYPES = 3;  // float16, float32, float64
constexpr int TYPE_NUMBERS[DTYPES] = {NPY_HALF, NPY_FLOAT, NPY_DOUBLE};

inline int dtype_index(int type) {
  return type == NPY_HALF ? 0 : type == NPY_FLOAT ? 1 : type == NPY_DOUBLE ? 2 : -1;
}

struct Operation {
  int nin, nout;
  npy_intp parallel_from;  // bytes of x from which threads pay
  PyObject* resolver;      // callable("f" or "d") -> see resolve()
  bool pooled = true;      // may leave the calling thread
  Kernel kernels[2];
  Formula formulas[2];
  struct Entry {
    NpyAuxData base;  // must come first: NumPy hands a pointer to it
    Operation* operation;
    Layout layout;
    bool is_double;
  } entries[DTYPES];
  void* data[1];

  bool ready(bool is_double) const {
    return kernels[is_double].loop != nullptr || formulas[is_double].function != nullptr;
  }
  bool native(bool is_double) const { return kernels[is_double].loop != nullptr; }
};

// np.positive of real numbers is a copy, which NumPy's loop makes number by number.
inline void copy_loop(char** args, const npy_intp* dims, const npy_intp* steps, void* whole) {
  if (steps[0] == steps[1])
    std::memmove(args[1], args[0], dims[0] * steps[1]);
  else
    reinterpret_cast<Loop>(whole)(args, dims, steps, nullptr);
}

// NumPy's own compiled inner loop of a ufunc, for float or double throughout.
inline bool loop_of_ufunc(PyUFuncObject* ufunc, Kernel& kernel) {
  const char wanted = kernel.is_double ? NPY_DOUBLE : NPY_FLOAT;
  for (int i = 0; i < ufunc->ntypes; ++i) {
    bool same = true;
    for (int a = 0; a < ufunc->nargs; ++a) same &= ufunc->types[i * ufunc->nargs + a] == wanted;
    if (!same) continue;
    kernel.loop = reinterpret_cast<Loop>(ufunc->functions[i]);
    kernel.data = const_cast<void*>(ufunc->data[i]);
    if (std::strcmp(ufunc->name, "positive") == 0) {
      kernel.data = reinterpret_cast<void*>(kernel.loop);
      kernel.loop = copy_loop;
    }
    return true;
  }
  return false;
}

// What a tuple says of the formula that it begins with; false where it says something else.
inline bool read_traits(PyObject* answer, Formula& formula) {
  if (!PyTuple_Check(answer)) return true;
  for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(answer); ++i) {
    PyObject* trait = PyTuple_GET_ITEM(answer, i);
    if (PyContext_CheckExact(trait)) {
      formula.context = Py_NewRef(trait);
      continue;
    }
    if (!PyUnicode_Check(trait)) return false;
    if (PyUnicode_CompareWithASCIIString(trait, "direct") == 0)
      formula.direct = true;
    else if (PyUnicode_CompareWithASCIIString(trait, "keep_nan") == 0)
      formula.keep_nan = true;
    else
      return false;
  }
  return true;
}

// Asks the backend for its kernel, on first use (that is when Numba compiles). The answer is
//   an int                 the address of a loop;
//   (int, "strict")        the same, and its arguments must be disjoint and contiguous;
//   (int, "rows")          the same, and it takes several rows at once; with any data it stores
//   past
//                          the caches;
//   (int, bool, int)       the same: whether it is strict, and the address of its data;
//   a ufunc                NumPy's own loop;
//   (ufunc, constants...)  the same, with constants bound behind the inputs;
//   another callable       a Python formula;
//   (callable, traits...)  the same: "direct", "keep_nan", a context (formula.hpp).
inline int resolve(Operation* op, bool is_double) {
  if (op->ready(is_double)) return 0;
  PyObject* answer = PyObject_CallFunction(op->resolver, "s", is_double ? "d" : "f");
  if (answer == nullptr) return -1;
  if (op->ready(is_double)) {  // another thread was faster, while this one compiled
    Py_DECREF(answer);
    return 0;
  }
  Kernel kernel;
  kernel.is_double = is_double;
  PyObject* first =
      PyTuple_Check(answer) && PyTuple_GET_SIZE(answer) > 0 ? PyTuple_GET_ITEM(answer, 0) : answer;
  const bool is_ufunc = PyObject_TypeCheck(first, &PyUFunc_Type);
  const bool is_formula = !is_ufunc && PyCallable_Check(first);
  if (is_ufunc && first != answer) {
    kernel.bound = static_cast<int>(PyTuple_GET_SIZE(answer)) - 1;
    if (kernel.bound > 2) kernel.bound = -1;
    for (int i = 0; i < kernel.bound; ++i)
      kernel.constants[i] = PyFloat_AsDouble(PyTuple_GET_ITEM(answer, i + 1));
  }
  bool good = kernel.bound >= 0 && !PyErr_Occurred();
  if (good && PyLong_Check(first)) {
    kernel.loop = reinterpret_cast<Loop>(PyLong_AsVoidPtr(first));
    PyObject* manner = first == answer ? Py_None : PyTuple_GET_ITEM(answer, 1);
    kernel.rows = PyUnicode_Check(manner) && PyUnicode_CompareWithASCIIString(manner, "rows") == 0;
    kernel.strict = manner == Py_True || (PyUnicode_Check(manner) && !kernel.rows);
    if (first != answer && PyTuple_GET_SIZE(answer) == 3)
      kernel.data = PyLong_AsVoidPtr(PyTuple_GET_ITEM(answer, 2));
    good = kernel.loop != nullptr;
  } else if (good && is_ufunc) {
    PyUFuncObject* ufunc = reinterpret_cast<PyUFuncObject*>(first);
    op->pooled = false;
    good = ufunc->nin == op->nin + kernel.bound && ufunc->nout == op->nout &&
           loop_of_ufunc(ufunc, kernel);
  } else if (good && is_formula && read_traits(answer, op->formulas[is_double])) {
    op->pooled = false;
    op->formulas[is_double].function = Py_NewRef(first);
  } else {
    good = false;
  }
  Py_DECREF(answer);
  if (!good) {
    if (!PyErr_Occurred())
      PyErr_SetString(PyExc_TypeError, "a backend's loop must be an address, a ufunc or a formula");
    return -1;
  }
  if (kernel.loop != nullptr) op->kernels[is_double] = kernel;
  return 0;
}

}  // namespace fastact
