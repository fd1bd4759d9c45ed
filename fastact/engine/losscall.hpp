// From NumPy arrays to a CrossEntropyJob.
#pragma once

#include <Python.h>
#include <numpy/arrayobject.h>

#include "crossentropy.hpp"
#include "rowcall.hpp"

namespace fastact {

class CrossEntropyCall {
 public:
  // The shape is that of `logits`; a row runs along `axis`.
  CrossEntropyCall(PyObject* logits, int axis, bool is_double)
      : ndim_(PyArray_NDIM(reinterpret_cast<PyArrayObject*>(logits))),
        axis_(axis),
        is_double_(is_double) {
    PyArrayObject* x = reinterpret_cast<PyArrayObject*>(logits);
    space_.outer_ndim = 0;
    space_.inner_ndim = 1;
    for (int d = 0; d < ndim_; ++d)
      (d == axis ? space_.inner_shape[0] : space_.outer_shape[space_.outer_ndim++]) =
          PyArray_DIM(x, d);
    targets.n = space_.inner_shape[0];
  }

  Targets targets;

  // An array of the logits' shape, or without their axis: a value per row. Labels and dy are read
  // as float64. False: no conversion for its dtype.
  bool set(int role, PyObject* object) {
    PyArrayObject* array = reinterpret_cast<PyArrayObject*>(object);
    RowArray& a = space_.arrays[role];
    const bool wide = role == LABELS || role == DY || is_double_;
    const bool per_row = PyArray_NDIM(array) != ndim_;
    hold(a, array, wide);
    if (role == LABELS)
      targets.shares_as_logits = !targets.classes && !is_double_ &&
                                 PyArray_TYPE(array) == NPY_FLOAT && !PyArray_ISBYTESWAPPED(array);
    a.inner[0] = per_row ? 0 : PyArray_STRIDE(array, axis_);
    for (int d = 0, outer = 0; d < ndim_; ++d)
      if (d != axis_) a.outer[outer] = PyArray_STRIDE(array, per_row ? outer : d), ++outer;
    return role == LOSS || role == GRADIENT ? a.scatter != nullptr : a.gather != nullptr;
  }

  // The rows that are not ignored, or what their labels weigh.
  double count = 0;

  // Looks at all labels; the first that names no class, or -1.
  npy_intp first_bad_label() {
    const FpGuard guard;
    RowSpace labels;
    labels.outer_ndim = space_.outer_ndim;
    labels.inner_ndim = 0;
    std::copy(space_.outer_shape, space_.outer_shape + space_.outer_ndim, labels.outer_shape);
    labels.arrays[LABELS] = space_.arrays[LABELS];
    labels.coalesce();
    const RowArray& array = labels.arrays[LABELS];
    const npy_intp stride = labels.outer_ndim ? array.outer[labels.outer_ndim - 1] : 0;
    CompensatedSum sum;
    npy_intp unweighted = 0;
    double block[256];
    for (npy_intp row = 0; row < labels.rows;) {
      const npy_intp m = std::min({npy_intp(256), labels.rows - row, labels.run_of_rows(row)});
      array.gather(labels.row_pointer(array, row), stride, block, m);
      // Without a branch for each: nearly always all are good.
      const bool ignores = targets.ignores;
      const double ignored = targets.ignored, n = double(targets.n);
      npy_intp named = 0, left_out = 0;
      for (npy_intp i = 0; i < m; ++i) {
        const bool out = ignores & (block[i] == ignored);
        left_out += out;
        named += !out & (block[i] >= 0) & (block[i] < n);
      }
      if (named + left_out < m)
        return row + (std::find_if(block, block + m, [&](double v) { return is_bad(v); }) - block);
      unweighted += named;
      for (npy_intp i = 0; i < m && targets.weights != nullptr; ++i)
        if (!is_ignored(block[i])) sum.add(targets.weights[npy_intp(block[i])]);
      row += m;
    }
    count = targets.weights != nullptr ? sum.value() : double(unweighted);
    return -1;
  }

  // The sum of the losses, all else being written; without the GIL. False if memory ran out.
  bool run(const RowBackend& backend, npy_intp parallel_from, double* sum) {
    space_.coalesce();
    const RowKernels& kernels = backend.kernels[is_double_];
    return is_double_ ? run_as<double>(kernels, parallel_from, sum)
                      : run_as<float>(kernels, parallel_from, sum);
  }

 private:
  bool is_ignored(double label) const { return targets.ignores && label == targets.ignored; }

  bool is_bad(double label) const {
    return !is_ignored(label) && !(label >= 0 && label < double(targets.n));
  }

  template <class T>
  bool run_as(const RowKernels& kernels, npy_intp parallel_from, double* sum) {
    CrossEntropyJob<T> job(space_, kernels, targets);
    *sum = job.run(thread_count(), parallel_from);
    return !job.failed();
  }

  RowSpace space_;
  int ndim_, axis_;
  bool is_double_;
};

}  // namespace fastact
