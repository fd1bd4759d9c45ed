"""Row-wise functions of xarray's arrays, through `xarray.apply_ufunc`."""

import numpy as np
import xarray as xr


def call(operation, x, dy, axis, keepdims, where, keywords):
    """The operation on a DataArray, Variable or Dataset; `axis` may also name dimensions."""
    if isinstance(x, xr.Dataset):
        return of_dataset(operation, x, dy, axis, keepdims, where, dict(keywords))
    if not isinstance(x, (xr.DataArray, xr.Variable)):
        raise TypeError(f"{operation.__qualname__} does not take {type(x).__name__} of xarray")
    core = core_dims(operation.__qualname__, x, axis)
    rows = [d for d in x.dims if d not in core]
    keywords = dict(keywords)
    if keywords.get("causal") and (list(core) != list(x.dims[-1:]) or len(x.dims) < 2):
        raise ValueError(
            f"{operation.__qualname__}: causal=True is for scores of shape (..., n, m) along the "
            f"last axis, not for dimensions {x.dims} along {', '.join(map(str, core))}"
        )
    reduces = operation.activation in ("logsumexp", "logmeanexp")
    arrays, dims = {"x": x}, [core]
    per_row = {"dy"} if reduces else set()
    lengths = keywords.pop("lengths", None)
    for name, given in (("dy", dy), ("where", where), ("b", keywords.pop("b", None))):
        if given is None or (np.ndim(given) == 0 and name == "dy"):
            continue
        arrays[name] = labelled(given, x, rows if name in per_row else x.dims, core)
        dims.append([] if name in per_row else core)
    if lengths is not None:
        arrays["lengths"] = labelled(lengths, x, rows, core)
        dims.append([])
    outputs = [[] if reduces else core] * (
        operation.operation != "backward" and operation.operation != "backward_from_output"
    )
    outputs += [[]] if keywords.get("return_sign") else []
    outputs += [core] if operation.operation != "forward" else []

    def run(*blocks):
        given = dict(zip(arrays, blocks, strict=True))
        first = [given.pop("x")]
        if operation.operation != "forward":
            first.append(given.pop("dy", 1 if dy is None else dy))
        axes = tuple(range(-len(core), 0))
        return operation(*first, axis=axes, **given, **keywords)

    result = xr.apply_ufunc(
        run,
        *arrays.values(),
        input_core_dims=dims,
        output_core_dims=outputs,
        dask="allowed",
        keep_attrs=True,
    )
    results = result if isinstance(result, tuple) else (result,)
    ordered = []
    for one, dims_of_one in zip(results, outputs, strict=True):
        if reduces and keepdims and not dims_of_one:
            one = (
                one.expand_dims(dict.fromkeys(core, 1))
                if isinstance(one, xr.DataArray)
                else (one.set_dims({**dict.fromkeys(core, 1), **one.sizes}))
            )
        ordered.append(one.transpose(*[d for d in x.dims if d in one.dims], ...))
    return tuple(ordered) if len(ordered) > 1 else ordered[0]


def of_dataset(operation, x, dy, axis, keepdims, where, keywords):
    """The operation on each variable: a Dataset for each result."""

    def of_variable(array):
        given = {"dy": dy, "where": where, **keywords}
        given = {k: v[array.name] if isinstance(v, xr.Dataset) else v for k, v in given.items()}
        dy_of_it, where_of_it = given.pop("dy"), given.pop("where")
        found = call(operation, array, dy_of_it, axis, keepdims, where_of_it, given)
        return found if isinstance(found, tuple) else (found,)

    found = {name: of_variable(array) for name, array in x.data_vars.items()}
    results = 1 + (operation.operation == "forward_backward") + bool(keywords.get("return_sign"))
    several = tuple(x.map(lambda array, k=k: found[array.name][k]) for k in range(results))
    return several if results > 1 else several[0]


def core_dims(function, x, axis):
    """The dimensions that a row runs along."""
    if axis is None:
        return list(x.dims)
    given = axis if isinstance(axis, (tuple, list)) and axis not in x.dims else [axis]
    names = []
    for one in given:
        if one not in x.dims:
            if isinstance(one, str):
                there = ", ".join(map(str, x.dims)) or "none"
                raise ValueError(f"{function}: x has no dimension {one!r}; there are {there}")
            (position,) = np.lib.array_utils.normalize_axis_tuple((one,), len(x.dims))
            one = x.dims[position]
        names.append(one)
    if len(set(names)) < len(names):
        raise ValueError(f"{function}: axis={axis!r} gives a dimension more than once")
    return [d for d in x.dims if d in names]


def labelled(given, x, dims, core):
    """An argument beside x with dimensions: its own, or x's, against which it broadcasts."""
    if isinstance(given, (xr.DataArray, xr.Variable)):
        if set(core) & set(given.dims) and set(core) - set(dims):
            given = given.squeeze([d for d in core if d in given.dims])  # dy with keepdims
        missing = {d: n for d, n in x.sizes.items() if d in dims and d not in given.dims}
        return given.expand_dims(missing) if isinstance(given, xr.DataArray) and missing else given
    array = given if hasattr(given, "dask") else np.asarray(given)
    if array.ndim == x.ndim and len(dims) < x.ndim:
        array = array.squeeze(axis=tuple(k for k, d in enumerate(x.dims) if d in core))
    shape = tuple(x.sizes[d] for d in dims)
    if not hasattr(given, "dask"):
        array = np.broadcast_to(array, shape)
    return xr.Variable(tuple(dims), array)
