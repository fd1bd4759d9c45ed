"""Where the loops of functions come from that see a row as a whole."""

from functools import partial

from fastact import dispatch
from fastact.engine import _engine
from fastact.engine.numbers import real_number
from fastact.engine.rowformula import by_rows


class WholeRowMaker:
    """The name of a backend -> what the engine runs; for one value of the parameter, if any."""

    def __init__(self, activation, parameter=None, value=None):
        self.activation = activation
        self.parameter = parameter
        self.value = parameter.default if value is None and parameter is not None else value

    def __call__(self, backend):
        table = dispatch.table(backend)
        if hasattr(table, "whole_row_formula"):
            formula, share = table.whole_row_formula(self.activation)
            bound = {} if self.parameter is None else {self.parameter.name: self.value}
            return by_rows(partial(formula, **bound), whole=True, share=share)

        def resolve(dtype):
            return {"whole_row": table.whole_row_loop(self.activation, dtype)}, table.strict

        return _engine.RowLoops(resolve, parameter=0 if self.value is None else self.value)

    def with_parameter(self, value):
        """A maker for another value of the parameter; this one if it is the same."""
        name = f"{self.activation}: {self.parameter.name}="
        try:
            number = real_number(value)
        except TypeError:
            raise TypeError(f"{name} must be a number, not {value!r}") from None
        least, most = self.parameter.least, self.parameter.most
        if not least <= number <= most:
            wanted = "finite and at least 0" if least == 0 else f"from {least:.3g} to {most:.3g}"
            raise ValueError(f"{name} must be {wanted}, not {value!r}")
        if number == self.value:
            return self
        return WholeRowMaker(self.activation, self.parameter, number)
