"""The activations as objects: what a call, backward, forward_backward and derivative do."""

from functools import partial

from fastact import dispatch, ufuncs
from fastact.activations import CATALOGUE
from fastact.docs import docstring
from fastact.engine import _engine
from fastact.engine.rowformula import by_rows
from fastact.gated_unit import OPERATIONS as GATED_OPERATIONS
from fastact.gated_unit import gated
from fastact.losses import make_loss
from fastact.options import OPTIONS
from fastact.parameter_gradient import ParameterBackward
from fastact.signatures import introduce, signature
from fastact.wholerows import WholeRowMaker

#: Bytes of x from which threads that are awake pay, by cost; a light function is bound by memory,
#: not by arithmetic. `fastact tune --thresholds` measures what these are taken from. Whether to
#: wake threads that sleep the pool finds out for each job.
PARALLEL_FROM = {"light": 262144, "heavy": 65536, "rows": 65536}
_engine.set_rows_parallel_from(PARALLEL_FROM["rows"])
FAMILIES = {
    "softmax": 0,
    "softmin": 0,
    "log_softmax": 1,
    "logsumexp": 2,
    "logmeanexp": 2,
    "hardmax": 3,
}
WHOLE_ROW = 4  # the engine's number for functions that see a row at once

OPERATIONS = (
    "forward",
    "backward",
    "forward_backward",
    "derivative",
    "parameter_backward",
    "backward_from_output",
)


def ufunc_name(activation, operation, backend):
    """The name of a bare ufunc: an attribute of `fastact.ufuncs`, by which it is pickled.

    It begins with the package's name, since pickle looks for it in every module.
    """
    base = activation if operation == "forward" else f"{activation}_{operation}"
    suffix = "" if backend == "cython" else f"__{backend.replace('-', '_')}"
    return f"fastact_{base}{suffix}"


def elementwise(entry, maker, describe):
    """An entry as a callable with its operations attached; `maker` as ufunc_maker below."""
    parameters = tuple(p.name for p in entry.parameters)
    defaults = tuple(p.default for p in entry.parameters)
    inputs = {
        "forward": (("x", *parameters), (None, *defaults), 1),
        "derivative": (("x", *parameters), (None, *defaults), 1),
        "backward": (("x", "dy", *parameters), (None, None, *defaults), 1),
        "forward_backward": (("x", "dy", *parameters), (None, 1.0, *defaults), 2),
    }
    trainable = any(p.trainable for p in entry.parameters)
    if trainable:
        inputs["parameter_backward"] = (*inputs["forward_backward"][:2], 1)
    if entry.output_gradient:
        inputs["backward_from_output"] = (("y", "dy"), (None, None), 1)
    main = None
    made = {}
    for operation, (names, values, nout) in inputs.items():
        kind = _engine.Elementwise if operation == "forward" else _engine.Operation
        home = None if operation == "forward" else (main, operation)
        made[operation] = kind(
            entry.name,
            operation,
            names,
            values,
            nout,
            maker(entry, operation, names, nout),
            home,
        )
        if operation != "backward_from_output":
            made[operation].parameters_from = len(names) - len(entry.parameters)
        if operation == "forward":
            main = made[operation]
        describe(made[operation], entry, operation)
    gradient = None
    if trainable:
        option = OPTIONS.get(entry.name)
        home = (main, "parameter_backward")
        gradient = ParameterBackward(made["parameter_backward"], option, home)
        describe(gradient, entry, "parameter_backward")
    main.attach(
        made["backward"],
        made["forward_backward"],
        made["derivative"],
        gradient,
        made.get("backward_from_output"),
    )
    return main


def operation_of(main, operation):
    return main if operation == "forward" else getattr(main, operation, None)


def add_options(made):
    """The keywords that are no inputs, on every operation of what `build` has made."""
    for name, option in OPTIONS.items():
        kind = CATALOGUE[name].kind
        for operation in GATED_OPERATIONS if kind == "gated" else OPERATIONS[:4]:
            choices = option.choices and {
                value: operation_of(made[other], operation)
                for value, other in option.choices.items()
            }
            operation_of(made[name], operation).add_option(option.name, choices, option.arrange)


def ufunc_maker(entry, operation, names, nout):
    def make(backend):
        table = dispatch.table(backend)
        manner = "strict" if getattr(table, "strict", False) else None
        manner = "rows" if getattr(table, "takes_rows", False) else manner

        def resolve(dtype):
            try:
                loop = table.loop(entry.name, operation, dtype)
            except KeyError:
                raise NotImplementedError(
                    f"the {backend} backend has no {operation} of {entry.name}"
                ) from None
            return (loop, manner) if manner else loop

        name = ufunc_name(entry.name, operation, backend)
        summary = f"{name}({', '.join(names)})\n\n{entry.summary} {operation}, {backend} backend."
        ufunc = _engine.new_ufunc(
            name, summary, len(names), nout, PARALLEL_FROM[entry.cost], resolve
        )
        setattr(ufuncs, name, ufunc)
        return ufunc

    return make


def rowwise(entry):
    """The catalogue's row-wise entry as a callable with its operations attached."""
    main = None
    made = {}
    operations = ["forward", "backward", "forward_backward"]
    if entry.output_gradient:
        operations.append("backward_from_output")
    for operation in operations:
        kind = _engine.Rowwise if operation == "forward" else _engine.RowOperation
        home = None if operation == "forward" else (main, operation)
        made[operation] = (
            kind(entry.name, operation, FAMILIES[entry.name], loops_maker(entry, operation), home)
            if entry.name in FAMILIES
            else whole_rows(kind, entry, operation, home)
        )
        if operation == "forward":
            main = made[operation]
        describe(made[operation], entry, operation)
    main.attach(*(made[operation] for operation in operations[1:]))
    return main


def whole_rows(kind, entry, operation, home):
    parameter = entry.parameters[0] if entry.parameters else None
    maker = WholeRowMaker(entry.name, parameter)
    name = parameter and parameter.name
    return kind(entry.name, operation, WHOLE_ROW, maker, home, name)


def loops_maker(entry, operation):
    def make(backend):
        table = dispatch.table(backend)
        if hasattr(table, "row_formula"):
            return by_rows(
                table.row_formula(entry.name, operation),
                table.weighted_row_formula(entry.name),
                share=table.row_share(entry.name),
            )
        return _engine.RowLoops(
            lambda dtype: (table.row_loops(dtype, entry.name), table.strict),
            table.further_row_loops,
        )

    return make


def loss(entry):
    """The catalogue's loss as a callable with its operations attached."""
    return make_loss(entry, ufunc_maker)


def describe(made, entry, operation):
    qualname = entry.name if operation == "forward" else f"{entry.name}.{operation}"
    further = getattr(made, "further", ())
    about = entry, operation, further
    introduce(made, qualname, partial(signature, *about), partial(docstring, *about))


def build():
    """Every public name of the catalogue, aliases included."""
    makers = {
        "elementwise": lambda entry: elementwise(entry, ufunc_maker, describe),
        "rowwise": rowwise,
        "loss": loss,
        "gated": lambda entry: gated(entry, ufunc_maker),
    }
    made = {}
    for entry in CATALOGUE.values():
        activation = makers[entry.kind](entry)
        for name in (entry.name, *entry.aliases):
            made[name] = activation
    add_options(made)
    return made


ACTIVATIONS = build()


def find_ufunc(name):
    """The ufunc that `ufunc_name` gives this name, or None."""
    if "@" in name:
        from fastact.own.define import find_own_ufunc

        return find_own_ufunc(name)
    base, _, suffix = name.partition("__")
    backend = suffix.replace("_", "-") or "cython"
    operations = {"gated": GATED_OPERATIONS, "rowwise": ()}
    for activation in CATALOGUE.values():
        for operation in operations.get(activation.kind, OPERATIONS):
            if ufunc_name(activation.name, operation, "cython") == base:
                found = operation_of(ACTIVATIONS[activation.name], operation)
                there = hasattr(found, "ufunc_of") and backend in dispatch.names()
                return found.ufunc_of(backend) if there else None
    return None
