"""What the caches do not keep, and the kernels store past them: the bits of small pieces.

Results of 34 MiB, or four arrays of 8, which together fill a third level of 32.
"""

import numpy as np
import places
import pytest
from ulp import assert_same_bits

import fastact as fa

BYTES, QUARTER = 34 << 20, 8 << 20
PIECE = 1 << 20  # bytes: these go through the caches

BACKENDS = [name for name, missing in fa.available_backends().items() if missing is None]
CYTHON = [name for name in BACKENDS if name.startswith("cython-")]  # "cython" is one of them


def numbers(dtype, skew=0, seed=1, of=BYTES):
    """x and room for its results, `skew` elements off the beginning of a cache line."""
    size = of // np.dtype(dtype).itemsize + 5
    x = np.resize(3 * np.random.default_rng(seed).standard_normal(100_003), size).astype(dtype)
    return x, places.room_for(size, dtype, skew)[0]


def in_pieces(function, *arrays):
    return places.in_pieces(function, PIECE // arrays[0].itemsize, *arrays)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("backend", CYTHON)
def test_bits(backend, dtype, threads):
    x, out = numbers(dtype, skew=3)
    dy, _ = numbers(dtype, seed=2)
    with fa.use_backend(backend), fa.threads(threads):
        for function in (fa.relu, fa.gelu, fa.softplus):
            assert_same_bits(function(x, out=out), in_pieces(function, x), f"{function}")
        backward = fa.tanh.backward
        assert_same_bits(backward(x, dy, out=out), in_pieces(backward, x, dy), "tanh.backward")


@pytest.mark.parametrize("skew", [0, 1, 4, 15])
def test_where_results_begin(skew):
    x, _ = numbers("float32")
    out, around = places.room_for(x.size, "float32", skew)
    assert_same_bits(fa.relu(x, out=out), in_pieces(fa.relu, x), f"{skew} elements off")
    assert all(np.all(guard == places.GUARD) for guard in around)


@pytest.mark.parametrize("skew", [0, 4, 5])
@pytest.mark.parametrize("size", [BYTES, QUARTER])
@pytest.mark.parametrize("backend", CYTHON)
def test_two_results(backend, size, skew):
    x, y = numbers("float32", 4, of=size)
    dy, dx = numbers("float32", 4 + skew, seed=2, of=size)
    with fa.use_backend(backend):
        both = fa.silu.forward_backward(x, dy, out=(y, dx))
        rights = in_pieces(fa.silu.forward_backward, x, dy)
    for result, right in zip(both, rights, strict=True):
        assert_same_bits(result, right, f"results {skew} elements apart in their lines")


@pytest.mark.parametrize("skew", [0, 4, 5])
@pytest.mark.parametrize("backend", CYTHON)
def test_rows_of_whole_lines(backend, skew):
    """Parts of rows, into an array that begins at a line, elsewhere in one, or anywhere."""
    x, _ = numbers("float32")
    part = x[: x.size // 65 * 65].reshape(-1, 65)[:, :-1]
    out, around = places.room_for(part.size, "float32", skew)
    with fa.use_backend(backend):
        for function in (fa.relu, fa.sigmoid):
            function(part, out=out.reshape(part.shape))
            assert_same_bits(out, in_pieces(function, part.ravel()), f"{function}")
    assert all(np.all(guard == places.GUARD) for guard in around)


def test_one_of_two_results_in_place():
    x, y = numbers("float64", of=QUARTER)
    dy, _ = numbers("float64", seed=2, of=QUARTER)
    right = in_pieces(fa.relu.forward_backward, x, dy)
    both = fa.relu.forward_backward(x, dy, out=(y, dy))
    for result, expected in zip(both, right, strict=True):
        assert_same_bits(result, expected, "the gradient in place of dy")


def test_gated():
    gate, out = numbers("float32", 4)
    value, _ = numbers("float32", seed=2)
    assert_same_bits(fa.swiglu(gate, value, out=out), in_pieces(fa.swiglu, gate, value), "swiglu")


def test_in_place_and_unaligned():
    x, out = numbers("float32")
    right = in_pieces(fa.tanh, x)
    odd = np.empty(x.nbytes + 1, "u1")[1:].view("float32")
    assert_same_bits(fa.tanh(x, out=odd), right, "unaligned")
    changed = x.copy()
    assert_same_bits(fa.tanh(changed, out=changed), right, "in place")
    out[:] = x
    overlapping = in_pieces(fa.tanh, out[:-1].copy())
    assert_same_bits(fa.tanh(out[:-1], out=out[1:]), overlapping, "overlapping")


def test_integers_and_broadcasts():
    x, _ = numbers("float64")
    whole = x.astype("int32")
    assert_same_bits(fa.tanh(whole), in_pieces(fa.tanh, whole), "int32")
    rows = x[: x.size // 1000 * 1000].reshape(-1, 1000)
    slopes = np.linspace(0, 1, 1000)
    right = np.concatenate([fa.leaky_relu(r, slopes) for r in np.array_split(rows, 50)])
    assert_same_bits(fa.leaky_relu(rows, slopes), right, "a slope per column")
