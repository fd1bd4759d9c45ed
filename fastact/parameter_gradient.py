"""The gradient of a trainable parameter: dy times the slope in the parameter, summed to its shape.

The engine computes the products block by block; the sums are taken in float64, in an order that
depends on the shape alone, not on memory layout or threads.
"""

import math

import numpy as np

from fastact.engine import _engine
from fastact.engine.introduction import Introducing

__all__ = ["ParameterBackward"]

#: Elements of a block: what is allocated besides the result.
BLOCK = 65536


class ParameterBackward(Introducing):
    """`parameter_backward` of an activation; callable."""

    def __init__(self, operation, option, home):
        self.operation = operation  # the engine's: dy * df/dparameter, element by element
        self.option = option
        self.home = home

    def ufunc_of(self, backend):
        """The NumPy ufunc, before the sums, of a backend by name."""
        return self.operation.ufunc_of(backend)

    def __repr__(self):
        return f"<fastact {self.__qualname__}({', '.join(self.operation.inputs)})>"

    def __reduce__(self):
        return getattr, self.home

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __call__(self, *arguments, **keywords):
        x, dy, parameter = self.inputs(arguments, keywords)
        shape = np.shape(parameter)
        if self.option is not None and keywords.get(self.option.name) is not None:
            value = keywords[self.option.name]
            parameter = self.option.arrange(self.__qualname__, x, parameter, value)
        with np.errstate(all="ignore"):
            if any(elsewhere(a) for a in (x, dy, parameter)):
                slopes = self.operation(x, dy, parameter)
                return sum_elsewhere(slopes, np.shape(parameter)).reshape(shape)
            return self.summed(x, dy, parameter, shape)

    def inputs(self, arguments, keywords):
        """x, dy and the parameter out of a call's arguments."""
        names, defaults = self.operation.inputs, self.operation.default_values
        if len(arguments) == len(names) and not keywords:
            return arguments
        if len(arguments) > len(names):
            raise TypeError(
                f"{self.__qualname__} takes {len(names)} positional arguments "
                f"({', '.join(names)}), {len(arguments)} were given"
            )
        found = dict(zip(names, arguments, strict=False))
        option = () if self.option is None else (self.option.name,)
        for name, value in keywords.items():
            if name not in names and name not in option:
                raise TypeError(
                    f"{self.__qualname__} has no keyword {name!r}; there are "
                    f"{', '.join((*names, *option))}"
                )
            if name in found:
                raise TypeError(f"{self.__qualname__} got {name} twice")
            found[name] = value
        known = dict(zip(names, defaults, strict=True)) | found
        missing = [name for name in names if name not in found and known[name] is None]
        if missing:
            raise TypeError(f"{self.__qualname__} needs {' and '.join(missing)}")
        return [known[name] for name in names]

    def summed(self, x, dy, parameter, shape):
        mask = masked(x, dy, parameter)
        given = [a if type(a) in (int, float) else np.asarray(a) for a in (x, dy, parameter)]
        dtype = self.dtype_of(given)
        x, dy, parameter = (np.asarray(a, dtype) if type(a) in (int, float) else a for a in given)
        whole = np.broadcast(x, dy, parameter, mask).shape
        result = (1,) * (len(whole) - parameter.ndim) + parameter.shape
        if result == whole and mask is False:
            return np.reshape(self.operation(x, dy, parameter), shape)[()]
        axes = tuple(d for d, (n, m) in enumerate(zip(result, whole, strict=True)) if n != m)
        if dtype == np.float16:  # rounded once, at the end
            parameter = parameter.astype(np.float32)
        operands = x, dy, parameter, mask
        if math.prod(whole) <= BLOCK:
            total = self.block_sum(operands, np.empty(whole), axes)
        else:
            from fastact.backends.numpy_backend.exact import two_sum  # nobody else imports it

            total, lost = np.zeros(result), np.zeros(result)
            memory = np.empty(BLOCK)
            for place, block in blocks(whole):
                products = memory[: math.prod(block)].reshape(block)
                more = self.block_sum([part(a, place) for a in operands], products, axes)
                target, missing = part(total, place), part(lost, place)
                with np.errstate(all="ignore"):
                    target[...], error = two_sum(target, more)
                    missing += error
            total += lost
        return total.reshape(shape).astype(dtype)[()]

    def block_sum(self, operands, products, axes):
        x, dy, parameter, mask = operands
        self.operation(x, dy, parameter, out=products)
        if mask is not False:
            np.copyto(products, 0, where=mask)
        return sums_over(products, axes)

    def dtype_of(self, given):
        """The dtype of a call; what the engine does not take is its error."""
        found = {a.dtype for a in given if isinstance(a, np.ndarray)}
        if len(found) == 1 and (dtype := found.pop()).char in "efd":
            return np.dtype(dtype.char)
        empty = (np.empty(0, a.dtype) if isinstance(a, np.ndarray) else a for a in given)
        return self.operation(*empty).dtype


def sums_over(products, axes):
    """Their sums over these axes; what adding up equal numbers would lose is kept."""
    shape = products.shape
    kept = [d for d in range(len(shape)) if d not in axes and shape[d] != 1] or [len(shape)]
    first, last = kept[0], kept[-1] + 1
    if any(d in axes and shape[d] != 1 for d in range(first, last)):
        return np.add.reduce(products, axis=axes, keepdims=True)
    outer, n, inner = map(math.prod, (shape[:first], shape[first:last], shape[last:]))
    sums = _engine.column_sums(products, outer, n, inner)
    return sums.reshape([1 if d in axes else m for d, m in enumerate(shape)])


def masked(*operands):
    """Where an element does not count; False: all do."""
    mask = False
    for a in operands:
        if isinstance(a, np.ma.MaskedArray):
            mask = mask | np.ma.getmaskarray(a)
    return mask


def blocks(shape):
    """(slices, shape) of blocks of at most BLOCK elements that cut an array of this shape in C
    order."""
    axis, inner = len(shape), 1
    while inner * shape[axis - 1] <= BLOCK:
        axis -= 1
        inner *= shape[axis]
    axis -= 1  # the one to be cut; each of those before it is taken one by one
    step = BLOCK // inner
    for outer in np.ndindex(shape[:axis]):
        for start in range(0, shape[axis], step):
            stop = min(start + step, shape[axis])
            place = (*(slice(i, i + 1) for i in outer), slice(start, stop))
            rest = shape[axis + 1 :]
            yield (
                place + (slice(None),) * len(rest),
                (1,) * axis + (stop - start,) + rest,
            )


def part(array, place):
    """A block of an operand, whose axes are the last ones of the whole."""
    if np.ndim(array) == 0:
        return array
    own = place[len(place) - array.ndim :]
    return array[
        tuple(cut if n != 1 else slice(None) for cut, n in zip(own, array.shape, strict=True))
    ]


def elsewhere(array):
    """Whether this is an array of another library, such as Dask's or xarray's."""
    return hasattr(array, "__array_ufunc__") and not isinstance(array, (np.ndarray, np.generic))


def sum_elsewhere(slopes, shape):
    if not (type(slopes).__module__ or "").startswith("dask."):
        slopes = np.asarray(slopes)  # xarray and pandas would leave NaNs out
    first = slopes.ndim - len(shape)
    axes = (*range(first), *(first + d for d, n in enumerate(shape) if n == 1))
    return slopes.sum(axis=axes, dtype=np.float64).astype(slopes.dtype)
