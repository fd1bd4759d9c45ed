"""Calls that once went wrong: few long rows, outputs over inputs, odd bytes, small stacks."""

import threading

import numpy as np
import pytest
from row_oracle import REDUCING
from ulp import assert_same_bits

import fastact as fa


def numbers(shape):
    return np.random.default_rng(3).standard_normal(shape)


@pytest.mark.parametrize("shape", [(4, 10_000), (5, 9_000), (8, 20_000), (3, 50_000)])
def test_few_long_rows_on_several_threads(shape, variant):
    x = numbers(shape).astype("f")
    with fa.use_backend(variant):
        with fa.threads(1):
            expected = fa.softmax(x)
        for threads in (2, 3, 4):
            with fa.threads(threads):
                assert_same_bits(fa.softmax(x), expected, f"{shape} on {threads} threads")


@pytest.mark.parametrize("n", [5, 9_000])
def test_a_fused_output_over_an_input(n, rowwise, variant):
    if rowwise in REDUCING:
        pytest.skip("its value has another shape")
    operation = getattr(fa, rowwise).forward_backward
    x, dy = numbers((2, 3, n)).astype("f")
    with fa.use_backend(variant):
        expected = operation(x, dy)
        for place in range(4):
            x_copy, dy_copy = x.copy(), dy.copy()
            out = [(None, x_copy), (x_copy, None), (None, dy_copy), (dy_copy, None)][place]
            for got, right in zip(operation(x_copy, dy_copy, out=out), expected, strict=True):
                assert_same_bits(got, right, f"out= place {place}")


def test_outputs_over_each_other_are_written_in_order(variant):
    x = numbers((3, 40))
    with fa.use_backend(variant):
        expected = fa.softmax.forward_backward(x, x)
        buffer = np.empty((4, 40))
        fa.softmax.forward_backward(x, x, out=(buffer[:-1], buffer[1:]))
        assert_same_bits(buffer[1:], expected[1], "the last output")


@pytest.mark.parametrize("n", [10, 20_000])
def test_any_byte_but_zero_is_true(n, variant):
    odd = np.full(n, 2, np.uint8).view(bool)
    odd[1] = False
    true = odd.astype(np.uint8).astype(bool)
    with fa.use_backend(variant):
        assert_same_bits(fa.tanh(odd), fa.tanh(true.astype("d")), "elementwise")
        assert_same_bits(fa.softmax(odd), fa.softmax(true.astype("d")), "row-wise")


def test_a_wider_output_gets_what_the_loop_would_return(variant):
    for n in (1_000, 20_000):
        x = numbers(n).astype("e")
        out = np.empty(n, "f")
        with fa.use_backend(variant):
            assert_same_bits(fa.sigmoid(x, out=out), fa.sigmoid(x).astype("f"), f"{n} elements")


def test_accumulate_reads_what_it_wrote(variant):
    with fa.use_backend(variant):
        ufunc = fa.tanh.backward.ufunc
        got = ufunc.accumulate(np.array([0.5, 0.25, 2.0]))
        first = ufunc(0.5, 0.25)
        np.testing.assert_array_equal(got, [0.5, first, ufunc(first, 2.0)])


def test_small_thread_stacks():
    a, b = numbers((2, 500, 500))
    expected = fa.sigmoid.backward(a, b)
    results = []
    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(
            target=lambda: results.append(fa.sigmoid.backward(np.asfortranarray(a), b))
        )
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert_same_bits(results[0], expected, "on a small stack")


def test_a_masked_result_has_its_own_mask():
    x = np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])
    y = fa.softmax(x)
    y[0] = np.ma.masked
    assert x.mask.tolist() == [False, True, False]
    np.testing.assert_allclose(fa.softmax(x).compressed(), fa.softmax(np.array([1.0, 3.0])))


def test_a_number_as_a_row():
    zero = np.zeros((), "f")
    y, dx = fa.softmax.forward_backward(np.float32(3), out=(None, zero))
    assert y == 1
    assert dx is zero
    with pytest.raises(TypeError):
        fa.softmax(np.array(3.0), out=[1])


def test_keepdims_gradients():
    shape = fa.logsumexp.backward(np.ones((3, 4)), np.ones((1, 1)), keepdims=True).shape
    assert shape == (3, 4)
