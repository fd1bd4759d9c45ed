"""A formula of one's own as the numpy backend's loops: functions that fill their last arguments."""

import numpy as np

__all__ = ["computed", "formula_of"]


def fill(definition, what, found, block):
    """`found`, which the formula returned, into a block; it must be one number per element."""
    array = np.asarray(found)
    if array.shape not in ((), block.shape) or array.dtype.kind not in "biuf":
        kind = type(found).__name__
        if array.dtype.kind in "biuf":
            kind = f"shape {array.shape}"
        elif isinstance(found, np.ndarray):
            kind = f"dtype {array.dtype}"
        raise TypeError(
            f"{definition.name}: the formula of the {what} returned {kind} for x of shape "
            f"{block.shape}; it must return a real number for each element, as NumPy's functions do"
        )
    np.copyto(block, array, casting="unsafe")


def computed(definition, inputs, value=None, slope=None):
    """Fill what is given of `value` and `slope`."""
    with np.errstate(all="ignore"):
        if definition.gives_both:
            found = definition.formula(*inputs)
            if not (isinstance(found, tuple) and len(found) == 2):
                raise TypeError(
                    f"{definition.name}: the formula returned {type(found).__name__}; a value and "
                    "a slope are needed, as when it was defined"
                )
        else:
            found = (
                None if value is None else definition.formula(*inputs),
                None if slope is None else definition.slope(*inputs),
            )
        for what, one, block in zip(("value", "slope"), found, (value, slope), strict=True):
            if block is not None:
                fill(definition, what, one, block)


def formula_of(definition, operation):
    """The formula of one operation: inputs, then the arrays to fill."""

    def forward(*arrays):
        *inputs, y = arrays
        computed(definition, inputs, value=y)

    def derivative(*arrays):
        *inputs, out = arrays
        computed(definition, inputs, slope=out)

    def backward(x, dy, *rest):
        *parameters, dx = rest
        computed(definition, (x, *parameters), slope=dx)
        with np.errstate(all="ignore"):
            np.multiply(dx, dy, out=dx)

    def forward_backward(x, dy, *rest):
        *parameters, y, dx = rest
        computed(definition, (x, *parameters), value=y, slope=dx)
        with np.errstate(all="ignore"):
            np.multiply(dx, dy, out=dx)

    made = {
        "forward": forward,
        "derivative": derivative,
        "backward": backward,
        "forward_backward": forward_backward,
    }
    return made[operation]
