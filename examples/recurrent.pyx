# cython: language_level=3, boundscheck=False, wraparound=False
"""A recurrent network in Cython: each step needs the one before, so Python would wait in between.

    pip install cython
    cythonize -i examples/recurrent.pyx
    cd examples && python -c "import recurrent; recurrent.main()"
"""

import numpy as np

import fastact as fa

ctypedef void (*Loop)(char**, Py_ssize_t*, Py_ssize_t*, void*) noexcept nogil


def states(const double[:, ::1] inputs, const double[:, ::1] weights, activation=fa.tanh):
    """h[t] = activation(inputs[t] + weights @ h[t - 1]), from h = 0 on."""
    cdef Loop loop = <Loop><size_t>fa.loop_address(activation, np.float64)
    cdef Py_ssize_t size = weights.shape[0], t, i, j
    if activation.inputs != ("x",):
        raise ValueError("an activation without parameters is needed")
    if inputs.shape[1] != size or weights.shape[1] != size:
        raise ValueError("the weights must be square, and inputs as wide as they are")
    result = np.array(inputs)
    cdef double[:, ::1] h = result
    cdef double total
    cdef char* args[2]
    cdef Py_ssize_t* dims = [size, 1]
    cdef Py_ssize_t* steps = [sizeof(double), sizeof(double), 0, 0]
    with nogil:
        for t in range(h.shape[0]):
            for i in range(size if t > 0 else 0):
                total = h[t, i]
                for j in range(size):
                    total = total + weights[i, j] * h[t - 1, j]
                h[t, i] = total
            args[0] = args[1] = <char*>&h[t, 0]  # in place
            loop(args, dims, steps, NULL)
    return result


def in_python(inputs, weights, activation=fa.tanh):
    """The same."""
    h = np.array(inputs)
    for t in range(len(h)):
        activation(h[t] + (weights @ h[t - 1] if t > 0 else 0), out=h[t])
    return h


def main():
    from timeit import repeat

    random = np.random.default_rng(0)
    inputs, weights = random.standard_normal((1000, 16)), random.standard_normal((16, 16)) / 4
    assert np.allclose(states(inputs, weights), in_python(inputs, weights))
    for function in (states, in_python):
        best = min(repeat(lambda: function(inputs, weights), number=10, repeat=5)) / 10
        print(f"{function.__name__:<10}{best * 1e6:8.0f} us for 1,000 steps of 16 neurons")
