"""What fastact.compat puts together takes the arrays that fastact does."""

import numpy as np
import pytest
from test_compat import X, close, keras_relu

from fastact.compat import jax_nn, keras_activations, torch_functional


def test_integers_are_real_numbers():
    x = np.array([1, 50, 200], "u1")
    close(keras_activations.relu(x, 0.1, threshold=100), keras_relu(x * 1.0, 0.1, threshold=100))
    for arguments in ((-1,), (300,), (0.5, 10)):
        close(
            torch_functional.softplus(x, *arguments), torch_functional.softplus(x * 1.0, *arguments)
        )


def test_softplus_of_torch_keeps_containers():
    x = np.ma.masked_array([-1.0, 1.0, 50.0, 60.0], [False, True, False, True])
    found = torch_functional.softplus(x, 2.0, 10.0)
    assert np.array_equal(found.mask, x.mask)
    close(found.compressed(), [np.log1p(np.exp(-2.0)) / 2, 50.0])
    da = pytest.importorskip("dask.array")
    lazy = torch_functional.softplus(da.from_array(X, 7), 2.0, 10.0)
    close(lazy.compute(), torch_functional.softplus(X, 2.0, 10.0))
    xr = pytest.importorskip("xarray")
    named = torch_functional.softplus(xr.DataArray(X, dims="k"))
    assert named.dims == ("k",)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_another_dtype_keeps_containers(name):
    function = getattr(torch_functional, name)
    x = np.ma.masked_array(X.astype("f4"), X > 1)
    found = function(x, 0, dtype="float64")
    assert found.dtype == "float64"
    assert np.array_equal(found.mask, x.mask)
    close(found.compressed(), function(x.astype("f8").compressed(), 0))
    da = pytest.importorskip("dask.array")
    lazy = function(da.from_array(X.astype("f4"), 7), 0, dtype="float64")
    assert isinstance(lazy, da.Array)
    close(lazy.compute(), function(X.astype("f4"), 0, dtype="float64"))


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
@pytest.mark.parametrize("dim", [None, (0, 1)])
def test_one_axis_as_of_torch(name, dim):
    with pytest.raises(TypeError, match=f"{name}: dim must be one axis"):
        getattr(torch_functional, name)(X.reshape(1, -1), dim)


def test_losses_refuse_what_torch_does():
    x = np.ones((2, 2))
    assert torch_functional.cross_entropy(x, x / 2, ignore_index=-7) == np.log(2.0)
    with pytest.raises(ValueError, match="ignore_index is for labels"):
        torch_functional.cross_entropy(x, x / 2, ignore_index=1)
    with pytest.raises(ValueError, match=r"target has shape \(2,\), input \(2, 2\)"):
        torch_functional.binary_cross_entropy_with_logits(x, x[0])


def test_softplus_of_torch_takes_a_data_frame():
    pandas = pytest.importorskip("pandas")
    found = torch_functional.softplus(pandas.DataFrame({"a": X}))
    close(found["a"].to_numpy(), torch_functional.softplus(X))


def test_standardize_of_jax_takes_no_masks_beside_its_own():
    with pytest.raises(TypeError, match="plain array"):
        jax_nn.standardize(np.ma.masked_array(X, X > 1), mean=0.0)
