// One operation of one backend (say numba's silu backward) as a NumPy ufunc.
//
// The loops are registered through PyUFunc_AddLoopFromSpec for float16, float32 and float64; a
// promoter sends every other combination of dtypes to one of the three. NumPy's legacy search by
// order of loops cannot do that: no order gives both leaky_relu(float32, 0.01) float32 and
// int16 -> float64.
#pragma once

#include <optional>

#include "operation.hpp"
#include "threads.hpp"

namespace fastact {

// NumPy's own inner loops clear all flags as they please.
class LoopGuard {
 public:
  explicit LoopGuard(const Operation* op) {
    if (!op->pooled) flags_.emplace();
  }

 private:
  std::optional<FlagGuard> flags_;
};

// Are n elements, computed as float or double, too few for threads?
inline bool small(const Operation* op, bool is_double, npy_intp n) {
  return n * npy_intp(is_double ? sizeof(double) : sizeof(float)) < op->parallel_from;
}

inline int threads_for(const Operation* op, bool is_double, npy_intp n) {
  return op->pooled && !small(op, is_double, n) ? thread_count() : 1;
}

// True where an element's output is the next one's input, as in ufunc.accumulate.
inline bool depends_on_itself(const Layout& layout, char* const* data, const npy_intp* strides) {
  for (int out = layout.nin; out < layout.nargs(); ++out) {
    if (strides[out] == 0) return true;
    for (int in = 0; in < layout.nin; ++in)
      if (data[out] == data[in] + strides[in] && strides[out] == strides[in]) return true;
  }
  return false;
}

// The memory that n elements lie in: from the first byte to the one behind the last.
struct Extent {
  const char *begin, *end;
  Extent(const char* data, npy_intp stride, npy_intp n, npy_intp itemsize)
      : begin(data + std::min<npy_intp>(0, (n - 1) * stride)),
        end(data + std::max<npy_intp>(0, (n - 1) * stride) + itemsize) {}
  bool meets(const Extent& other) const { return begin < other.end && other.begin < end; }
};

// NumPy makes no copy of an input that lies behind the output over it: element after element it is
// read before it is written. Threads would not keep to that order.
inline bool wants_order(const Layout& layout, char* const* data, const npy_intp* strides,
                        npy_intp n, npy_intp itemsize) {
  for (int out = layout.nin; out < layout.nargs(); ++out) {
    const Extent written(data[out], strides[out], n, itemsize);
    for (int in = 0; in < layout.nin; ++in)
      if ((data[in] != data[out] || strides[in] != strides[out]) &&
          written.meets({data[in], strides[in], n, itemsize}))
        return true;
  }
  return false;
}

typedef int (*MethodLoop)(const Operation::Entry* entry, char* const* data, const npy_intp* strides,
                          npy_intp n);

inline int native_loop(const Operation::Entry* entry, char* const* data, const npy_intp* strides,
                       npy_intp n) {
  const Operation* op = entry->operation;
  const Kernel& kernel = op->kernels[entry->is_double];
  const LoopGuard flags(op);
  const npy_intp itemsize = entry->is_double ? 8 : entry->layout.native[0] ? 4 : 2;
  if (small(op, entry->is_double, n) || wants_order(entry->layout, data, strides, n, itemsize)) {
    FpGuard guard;
    run_stretch(kernel, entry->layout, data, strides, n);
    return 0;
  }
  Space space;
  space.ndim = 1;
  space.shape[0] = n;
  for (int a = 0; a < op->nin + op->nout; ++a) {
    space.base[a] = data[a];
    space.strides[0][a] = strides[a];
  }
  run_space(kernel, entry->layout, space, threads_for(op, entry->is_double, n));
  return 0;
}

inline int formula_loop(const Operation::Entry* entry, char* const* data, const npy_intp* strides,
                        npy_intp n) {
  const FlagGuard guard;
  return run_formula(entry->operation->formulas[entry->is_double], entry->is_double, entry->layout,
                     data, strides, n);
}

// What NumPy calls. Blocks are read before any of them is written, so where elements depend on the
// ones before they go one by one.
template <MethodLoop LOOP>
int method_loop(PyArrayMethod_Context*, char* const* data, const npy_intp* dims,
                const npy_intp* strides, NpyAuxData* aux) {
  const Operation::Entry* entry = reinterpret_cast<Operation::Entry*>(aux);
  const npy_intp n = dims[0];
  if (n < 2 || !depends_on_itself(entry->layout, data, strides))
    return n == 0 ? 0 : LOOP(entry, data, strides, n);
  for (npy_intp i = 0; i < n; ++i) {
    char* at[MAX_ARGS];
    for (int a = 0; a < entry->layout.nargs(); ++a) at[a] = data[a] + i * strides[a];
    if (LOOP(entry, at, strides, 1) < 0) return -1;
  }
  return 0;
}

inline int get_loop(PyArrayMethod_Context* context, int, int, const npy_intp*,
                    PyArrayMethod_StridedLoop** loop, NpyAuxData** aux,
                    NPY_ARRAYMETHOD_FLAGS* flags) {
  PyUFuncObject* ufunc = reinterpret_cast<PyUFuncObject*>(context->caller);
  Operation* op = static_cast<Operation*>(const_cast<void*>(ufunc->data[0]));
  Operation::Entry* entry = &op->entries[dtype_index(context->descriptors[0]->type_num)];
  if (resolve(op, entry->is_double) < 0) return -1;
  const bool native = op->native(entry->is_double);
  *loop = native ? method_loop<native_loop> : method_loop<formula_loop>;
  *aux = &entry->base;
  *flags = static_cast<NPY_ARRAYMETHOD_FLAGS>(NPY_METH_NO_FLOATINGPOINT_ERRORS |
                                              (native ? 0 : NPY_METH_REQUIRES_PYAPI));
  return 0;
}

// The dtype of a call: the widest of its floating point inputs; bool and integers count as
// float64, Python scalars as nothing (float64 if there is nothing else). -1: no such loop.
inline int promote(const int* kinds, int n) {
  int widest = -1;
  bool scalars = false;
  for (int i = 0; i < n; ++i) {
    if (kinds[i] == -2) {
      scalars = true;
      continue;
    }
    const int index = PyTypeNum_ISBOOL(kinds[i]) || PyTypeNum_ISINTEGER(kinds[i])
                          ? DTYPES - 1
                          : dtype_index(kinds[i]);
    if (index < 0) return -1;
    widest = std::max(widest, index);
  }
  return widest < 0 && scalars ? DTYPES - 1 : widest;
}

inline int promoter(PyObject* ufunc_object, PyArray_DTypeMeta* const given[],
                    PyArray_DTypeMeta* const signature[], PyArray_DTypeMeta* chosen[]) {
  PyUFuncObject* ufunc = reinterpret_cast<PyUFuncObject*>(ufunc_object);
  int kinds[MAX_ARGS];
  int asked = -1;
  for (int a = 0; a < ufunc->nargs; ++a)
    if (signature[a] != nullptr) asked = dtype_index(signature[a]->type_num);
  for (int a = 0; a < ufunc->nin; ++a) {
    if (given[a] == &PyArray_PyLongDType || given[a] == &PyArray_PyFloatDType)
      kinds[a] = -2;
    else
      kinds[a] = given[a] == nullptr ? NPY_NOTYPE : given[a]->type_num;
  }
  int index = promote(kinds, ufunc->nin);
  if (index < 0) {
    for (int a = 0; a < ufunc->nin; ++a) {
      if (promote(kinds + a, 1) >= 0) continue;
      PyErr_Format(PyExc_TypeError,
                   "%s does not take %s; bool, integers, float16, float32 and float64 are "
                   "supported: convert with .astype()",
                   ufunc->name, reinterpret_cast<PyTypeObject*>(given[a])->tp_name);
      break;
    }
    return -1;
  }
  if (asked >= 0) index = asked;
  PyArray_Descr* descr = PyArray_DescrFromType(TYPE_NUMBERS[index]);
  for (int a = 0; a < ufunc->nargs; ++a) {
    chosen[a] = NPY_DTYPE(descr);
    Py_INCREF(chosen[a]);
  }
  Py_DECREF(descr);
  return 0;
}

inline void keep(NpyAuxData*) {}
inline NpyAuxData* same(NpyAuxData* aux) { return aux; }

inline int add_loops(PyObject* ufunc, Operation* op, const char* name) {
  for (int i = 0; i < DTYPES; ++i) {
    Operation::Entry& entry = op->entries[i];
    const int type = TYPE_NUMBERS[i];
    entry.base.free = keep;
    entry.base.clone = same;
    entry.operation = op;
    entry.is_double = type == NPY_DOUBLE;
    entry.layout.nin = op->nin;
    entry.layout.nout = op->nout;
    PyArray_Descr* descr = PyArray_DescrFromType(type);
    PyArray_DTypeMeta* dtypes[MAX_ARGS];
    for (int a = 0; a < op->nin + op->nout; ++a) {
      entry.layout.set(a, type, false, entry.is_double);
      dtypes[a] = NPY_DTYPE(descr);
    }
    PyType_Slot slots[] = {{NPY_METH_get_loop, reinterpret_cast<void*>(get_loop)}, {0, nullptr}};
    PyArrayMethod_Spec spec = {};
    spec.name = name;
    spec.nin = op->nin;
    spec.nout = op->nout;
    spec.casting = NPY_NO_CASTING;
    spec.flags = static_cast<NPY_ARRAYMETHOD_FLAGS>(NPY_METH_NO_FLOATINGPOINT_ERRORS |
                                                    NPY_METH_SUPPORTS_UNALIGNED);
    spec.dtypes = dtypes;
    spec.slots = slots;
    const int failed = PyUFunc_AddLoopFromSpec(ufunc, &spec);
    Py_DECREF(descr);
    if (failed < 0) return -1;
  }
  PyObject* any = PyTuple_New(op->nin + op->nout);
  if (any == nullptr) return -1;
  for (int a = 0; a < op->nin + op->nout; ++a) {
    PyObject* item = a < op->nin ? reinterpret_cast<PyObject*>(&PyArrayDescr_Type) : Py_None;
    Py_INCREF(item);
    PyTuple_SET_ITEM(any, a, item);
  }
  PyObject* capsule =
      PyCapsule_New(reinterpret_cast<void*>(promoter), "numpy._ufunc_promoter", nullptr);
  const int failed = capsule == nullptr ? -1 : PyUFunc_AddPromoter(ufunc, any, capsule);
  Py_XDECREF(capsule);
  Py_DECREF(any);
  return failed;
}

// A new ufunc; `name` and `doc` must live as long as the process, and so does the operation.
inline PyObject* make_ufunc(const char* name, const char* doc, int nin, int nout,
                            npy_intp parallel_from, PyObject* resolver) {
  Operation* op = new Operation{nin, nout, parallel_from, resolver};
  Py_INCREF(resolver);
  op->kernels[1].is_double = true;
  op->data[0] = op;
  PyObject* ufunc =
      PyUFunc_FromFuncAndData(nullptr, op->data, nullptr, 0, nin, nout, PyUFunc_None, name, doc, 0);
  if (ufunc != nullptr && add_loops(ufunc, op, name) < 0) Py_CLEAR(ufunc);
  return ufunc;
}

inline Operation* operation_of(PyObject* ufunc) {
  return static_cast<Operation*>(
      const_cast<void*>(reinterpret_cast<PyUFuncObject*>(ufunc)->data[0]));
}

}  // namespace fastact
