"""Numbers that are none, or that no float holds: the errors name the argument."""

import numpy as np
import pytest

import fastact as fa

X = np.array([[0.5, 1.0, -2.0]])
HUGE = 10**400


@pytest.mark.parametrize("index", [np.array([1, 2]), np.array([0.5]), np.array(None), "0", True])
def test_ignore_index(index):
    with pytest.raises(TypeError, match=r"softmax_cross_entropy: ignore_index must be an integer"):
        fa.softmax_cross_entropy(X, [0], ignore_index=index)


def test_an_ignore_index_of_numpy():
    expected = fa.softmax_cross_entropy([X[0], X[0]], [0, 1], ignore_index=1)
    for index in (np.int8(1), np.array(1), np.uint64(1)):
        assert fa.softmax_cross_entropy([X[0], X[0]], [0, 1], ignore_index=index) == expected


def test_what_no_float_holds():
    with pytest.raises(ValueError, match=r"label_smoothing must be a number from 0 to 1"):
        fa.softmax_cross_entropy(X, [0], label_smoothing=HUGE)
    with pytest.raises(ValueError, match=r"standardize: eps= must be finite"):
        fa.standardize(X, eps=HUGE)
    for name in ("softmax", "entmax15"):
        with pytest.raises(ValueError, match=rf"{name}.*temperature"):
            getattr(fa, name)(X, temperature=HUGE)


@pytest.mark.parametrize("count", [np.array([1, 2]), np.array([]), np.array(None), 1.0, "2", True])
def test_number_of_threads(count):
    before = fa.get_num_threads()
    with pytest.raises(TypeError, match="the number of threads must be an integer"):
        fa.set_num_threads(count)
    assert fa.get_num_threads() == before
    with fa.threads(np.int64(3)):
        assert fa.get_num_threads() == 3


def test_an_approximation_that_is_none():
    for value in ([], {}, "erf"):
        with pytest.raises(ValueError, match="approximate must be one of"):
            fa.bias_act(X, np.zeros(3), "gelu", approximate=value)


@pytest.mark.parametrize("backend", ["numpy", "numba", "cython"])
def test_quotients_by_a_temperature_that_are_no_numbers(backend):
    inf = np.inf
    with fa.use_backend(backend):
        assert list(fa.softmax([1e300, inf], temperature=1e-30)) == [0, 1]
        assert list(fa.log_softmax([-1e300, 5], temperature=1e-30)) == [-inf, 0]
        assert fa.logsumexp([-1e308], temperature=1e-30) == -inf
        assert fa.logmeanexp([-1e308, -1e308], temperature=1e-30) == -inf
        assert fa.logsumexp([-1e308, -1e308], b=[1, 2], temperature=1e-30) == -inf
        assert fa.logsumexp([1e308], temperature=1e-30) == inf
        for name in ("logsumexp", "logmeanexp"):
            dx = getattr(fa, name).backward([1e38], 1.0, temperature=1e30)
            np.testing.assert_allclose(dx, [1e-30], rtol=1e-15)


def test_masked_keywords_are_absent(variant):
    where = np.ma.array([[True, True, False]], mask=[[False, True, False]])
    lengths = np.ma.array([3, 2], mask=[False, True])
    x = np.repeat(X, 2, 0)
    with fa.use_backend(variant):
        np.testing.assert_array_equal(fa.softmax(X, where=where), [[1, 0, 0]])
        np.testing.assert_array_equal(fa.softmax(x, lengths=lengths)[1], [0, 0, 0])


def test_shapes_of_row_keywords_are_named():
    calls = {
        r"softmax: where of shape \(2, 3\) .* \(3,\)": lambda: fa.softmax(
            X[0], where=[[True] * 3] * 2
        ),
        r"logsumexp: b of shape \(2,\) .* \(1, 3\)": lambda: fa.logsumexp(X, b=[1.0, 2.0]),
    }
    for words, call in calls.items():
        with pytest.raises(ValueError, match=words):
            call()
    with pytest.raises(IndexError, match="softmax: lengths is 4; a row of x has 3"):
        fa.softmax(X[0], lengths=4)


@pytest.mark.parametrize("weight", [np.nan, np.inf])
def test_a_weight_of_a_class_that_no_label_names(weight, variant):
    loss, given = fa.softmax_cross_entropy, {"weight": [1, 1, weight]}
    with fa.use_backend(variant):
        for operation in (loss, loss.backward):
            np.testing.assert_array_equal(operation(X, [0], **given), operation(X, [0]))
