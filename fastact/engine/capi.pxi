# What the engine takes from CPython, NumPy and its own headers.

from cpython.mem cimport PyMem_Malloc
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF, Py_XDECREF
from libc.math cimport copysign
from libc.string cimport strcpy

import numpy as np

cimport numpy as cnp

cnp.import_array()
cnp.import_umath()

cdef extern from *:
    """
    typedef PyObject* (*fastact_vectorcall)(PyObject*, PyObject**, size_t, PyObject*);

    // Cython has no syntax for a vectorcall slot of an extension type.
    static void fastact_enable_vectorcall(PyTypeObject* type, Py_ssize_t offset) {
        type->tp_vectorcall_offset = offset;
        type->tp_call = PyVectorcall_Call;
        type->tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL;
        PyType_Modified(type);
    }
    """
    ctypedef PyObject* (*fastact_vectorcall)(PyObject*, PyObject**, size_t, PyObject*) except NULL
    void fastact_enable_vectorcall(type, Py_ssize_t offset)
    object PyObject_Vectorcall(PyObject*, PyObject**, size_t, PyObject*)
    object PyVectorcall_Call(object, object, object)
    int PyContextVar_Get(object, PyObject*, PyObject**) except -1
    bint PyFloat_CheckExact(PyObject*)
    bint PyLong_CheckExact(PyObject*)
    double PyFloat_AsDouble(PyObject*) except? -1.0
    Py_ssize_t PyTuple_GET_SIZE(PyObject*)
    PyObject* PyTuple_GET_ITEM(PyObject*, Py_ssize_t)
    PyObject* Py_None

cdef extern from "drive.hpp" namespace "fastact":
    cdef cppclass Operation_ "fastact::Operation":
        int nin
    object make_ufunc(const char*, const char*, int, int, Py_ssize_t, object)
    Operation_* operation_of(PyObject*)
    int drive_simple(Operation_*, PyObject**, PyObject**, PyObject**) except -1
    int drive(Operation_*, PyObject**, PyObject**, PyObject**) except -1
    int dtype_index(int)
    int promote(const int*, int)

cdef extern from "threads.hpp" namespace "fastact":
    cdef cppclass atomic_int "std::atomic<int>":
        int load()
        void store(int)
    atomic_int process_threads
    int context_threads
    int thread_count() nogil

cdef extern from "cpu.hpp" namespace "fastact":
    int detect_level()

cdef extern from "numpy/arrayobject.h":
    bint PyArray_CheckExact(PyObject*)
    bint is_array "PyArray_Check"(PyObject*)

cdef extern from *:
    """
    static inline int fastact_type(PyObject* a) { return PyArray_TYPE((PyArrayObject*)a); }
    static inline npy_intp fastact_size(PyObject* a) { return PyArray_SIZE((PyArrayObject*)a); }
    static inline int fastact_ndim(PyObject* a) { return PyArray_NDIM((PyArrayObject*)a); }
    """
    int fastact_type(PyObject*)
    Py_ssize_t fastact_size(PyObject*)
    int fastact_ndim(PyObject*)
