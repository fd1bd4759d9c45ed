// From NumPy arrays to a RowJob.
#pragma once

#include <Python.h>
#include <numpy/arrayobject.h>

#include "rowjob.hpp"
#include "threads.hpp"
#include "wholerow.hpp"

namespace fastact {

// One backend's row loops.
struct RowBackend {
  RowKernels kernels[2];  // float, double
  WholeRowLoop whole_row[2];

  void set(bool is_double, int stage, size_t address) {
    kernels[is_double].stages[stage] = reinterpret_cast<Loop>(address);
  }
  void set_whole_row(bool is_double, size_t address, double parameter, bool strict) {
    whole_row[is_double] = {reinterpret_cast<Loop>(address), parameter, strict};
  }
  void set_strict(bool is_double, bool strict) { kernels[is_double].strict = strict; }
};

// Everything about an array but its strides.
inline void hold(RowArray& a, PyArrayObject* array, bool is_double) {
  const int type = PyArray_TYPE(array);
  const bool swapped = PyArray_ISBYTESWAPPED(array);
  a.base = PyArray_BYTES(array);
  a.size = PyArray_ITEMSIZE(array);
  a.native = !swapped && type == (is_double ? NPY_DOUBLE : NPY_FLOAT);
  a.gather = find_gather(type, swapped, is_double);
  a.scatter = find_scatter(type, swapped, is_double);
}

class RowCall {
 public:
  // `x` decides the shape; `reduced[d]` says which of its axes a row runs along.
  RowCall(PyObject* x_object, const bool* reduced, bool is_double) : is_double_(is_double) {
    PyArrayObject* x = reinterpret_cast<PyArrayObject*>(x_object);
    ndim_ = PyArray_NDIM(x);
    space_.outer_ndim = space_.inner_ndim = 0;
    for (int d = 0; d < ndim_; ++d) {
      reduced_[d] = reduced[d];
      if (reduced[d])
        space_.inner_shape[space_.inner_ndim++] = PyArray_DIM(x, d);
      else
        space_.outer_shape[space_.outer_ndim++] = PyArray_DIM(x, d);
    }
  }

  // An array of x's shape, or (`per_row`) of the shape that is left, with or without the reduced
  // axes as axes of length one. False: no conversion for its dtype.
  bool set(int role, PyObject* array_object, bool per_row) {
    PyArrayObject* array = reinterpret_cast<PyArrayObject*>(array_object);
    RowArray& a = space_.arrays[role];
    hold(a, array, is_double_);
    const bool squeezed = per_row && PyArray_NDIM(array) != ndim_;
    int outer = 0, inner = 0, axis = 0;
    for (int d = 0; d < ndim_; ++d) {
      if (reduced_[d])
        a.inner[inner++] = per_row ? 0 : PyArray_STRIDE(array, d);
      else
        a.outer[outer++] = PyArray_STRIDE(array, squeezed ? axis++ : d);
    }
    if (role == MASK || role == LENGTHS) return true;
    return role == X || role == DY || role == WEIGHTS ? a.gather != nullptr : a.scatter != nullptr;
  }

  // Runs without the GIL. False if memory ran out.
  bool run(Family family, const RowBackend& backend, npy_intp parallel_from,
           const RowOptions& options) {
    space_.coalesce();
    if (space_.rows == 0 || space_.n == 0) return true;
    const int threads = thread_count();
    if (family == WHOLE_ROW) {
      const WholeRowLoop& loop = backend.whole_row[is_double_];
      return is_double_ ? WholeRowJob<double>(space_, loop).run(threads, parallel_from)
                        : WholeRowJob<float>(space_, loop).run(threads, parallel_from);
    }
    const RowKernels& kernels = backend.kernels[is_double_];
    return is_double_ ? RowJob<double>(space_, kernels, family, options).run(threads, parallel_from)
                      : RowJob<float>(space_, kernels, family, options).run(threads, parallel_from);
  }

 private:
  RowSpace space_;
  int ndim_;
  bool is_double_;
  bool reduced_[NPY_MAXDIMS];
};

}  // namespace fastact
