"""An activation's operations out of its formulas."""

from functools import wraps

import numpy as np

from fastact.engine.silence import SILENT, STRICT

# By the size of an item: NumPy makes an array of a Python number anew for every call.
ZERO = {4: np.zeros((), np.float32), 8: np.zeros(())}
ONE = {4: np.ones((), np.float32), 8: np.ones(())}


def quiet(formula):
    """`formula` without warnings."""
    fresh = SILENT.copy

    @wraps(formula)
    def silent(*arrays):
        fresh().run(formula, *arrays)

    return silent


def unless_out_of_range(usual, careful):
    """`usual`, and once more `careful` if NumPy notices that something overflows or is undefined.

    Where nothing does, both give the same bits.
    """
    fresh = STRICT.copy
    silent = quiet(careful)

    @wraps(usual)
    def formula(*arrays):
        try:
            fresh().run(usual, *arrays)
        except FloatingPointError:
            silent(*arrays)

    return formula


def in_vector_instructions(name):
    """Whether NumPy's ufunc has vector instructions here for more than its baseline; without, it
    may go number by number through the C library."""
    introspect = getattr(np.lib, "introspect", None)  # the first NumPy 2 may lack it
    if introspect is None:
        return False
    found = introspect.opt_func_info(func_name=f"^{name}$", signature="float32")
    targets = [target["current"] for loops in found.values() for target in loops.values()]
    return any(not target.startswith(("baseline", "none")) for target in targets)


def in_double(formula):
    """A formula that returns its result, for float64, as one that fills its last argument.

    float32 is computed in float64 and rounded once: no intermediate result loses a digit of it.
    """

    @wraps(formula)
    def filling(*arrays):
        *inputs, out = arrays
        out[...] = formula(*(given.astype(np.float64, copy=False) for given in inputs))

    return filling


def operations(
    value, slope, parameter=None, *, backward=None, forward_backward=None, keep_nan=False
):
    """All operations out of formulas that fill their last argument.

    `value(x, *parameters, y)`, `slope(x, *parameters, s)` and, where a parameter can be trained,
    `parameter(x, *parameters, s)`: the slope with respect to it. Of slopes that do not see it the
    engine can `keep_nan`: give NaN where x is NaN.
    """

    def by_slope(x, dy, *rest):
        dx = rest[-1]
        slope(x, *rest)
        np.multiply(dx, dy, dx)

    backward = backward or by_slope

    def one_by_one(x, dy, *rest):
        *parameters, y, dx = rest
        value(x, *parameters, y)
        backward(x, dy, *parameters, dx)

    def parameter_backward(x, dy, *rest):
        out = rest[-1]
        parameter(x, *rest)
        np.multiply(out, dy, out)

    slopes = {
        "derivative": slope,
        "backward": backward,
        "forward_backward": forward_backward or one_by_one,
    }
    formulas = {"forward": direct(value)}
    formulas |= {operation: direct(formula, keep_nan) for operation, formula in slopes.items()}
    if parameter is not None:
        formulas["parameter_backward"] = direct(parameter_backward)
    return formulas


# What an operation reads before the parameters, and how many results it has.
ARGUMENTS = {
    "forward": (1, 1),
    "derivative": (1, 1),
    "backward": (2, 1),
    "forward_backward": (2, 2),
    "parameter_backward": (2, 1),
}


def keeping_nan(operation, answer):
    """What `loop` answers for an activation with parameters: NaN of an element of one that is."""
    formula, *traits = answer if isinstance(answer, tuple) else (answer, "direct")
    inputs, results = ARGUMENTS[operation]

    @wraps(formula)
    def filling(*arrays):
        formula(*arrays)
        for parameter in arrays[inputs:-results]:
            if parameter.ndim and np.isnan(np.min(parameter)):
                for out in arrays[-results:]:
                    np.copyto(out, np.nan, where=np.isnan(parameter))

    return filling, *traits


def direct(formula, keep_nan=False):
    """As the engine takes it: `formula` on the arrays of the call themselves, without warnings."""
    return (formula, "direct", SILENT, "keep_nan") if keep_nan else (formula, "direct", SILENT)


def in_double_operations(*formulas):
    """`operations` of formulas that return their results in float64.

    They get arrays of their own: some want parameters of the shape of x.
    """
    made = operations(*(in_double(formula) for formula in formulas))
    return {operation: (formula, SILENT) for operation, (formula, *_) in made.items()}


def keep_nan(x, out):
    if np.isnan(np.min(x)):
        np.copyto(out, x, where=np.isnan(x))
