"""What a Python formula does with a block of rows, whatever they look like in the arrays."""

import numpy as np

#: Bytes of a block: hides NumPy's cost per call, while the temporaries stay in cache.
BLOCK = 524288


def rows_of(length, itemsize, share):
    """How many rows make a block, of which `share` blocks fit into the cache."""
    return int(BLOCK // (share * itemsize * length)) or 1


class Block:
    """What is done with some rows of a call, which are parts of its arrays."""

    def __init__(self, formula, weighted_formula, length, dtype, temperature):
        self.formula, self.weighted_formula = formula, weighted_formula
        self.length, self.dtype = length, dtype
        self.keywords = {} if temperature is None else {"temperature": temperature}

    def rows(self, part):
        """A part of an input as contiguous rows."""
        return np.ascontiguousarray(part, dtype=self.dtype).reshape(-1, self.length)

    def run(self, x, dy, where, y, dx, lengths, weights, sign):
        rows = self.rows(x)
        slopes = dy
        if dy is not None:
            slopes = np.ascontiguousarray(dy, dtype=self.dtype).reshape(len(rows), -1)
        present = presence(where, lengths, rows.shape)
        if present is not None:
            rows = np.where(present, rows, absent_input(self.formula)).astype(
                self.dtype, copy=False
            )
            if slopes is not None and slopes.shape == rows.shape:
                slopes = np.where(present, slopes, 0).astype(self.dtype, copy=False)
        targets = [(y, absent_value(self.formula)), (sign, 0), (dx, 0)]
        single = [t is not None and np.ndim(t) < np.ndim(x) for t, _ in targets]
        outputs = [
            None if t is None else room(t, (len(rows), 1) if one else rows.shape, self.dtype)
            for (t, _), one in zip(targets, single, strict=True)
        ]
        if weights is None:
            more = self.keywords if present is None else self.keywords | {"present": present}
            self.formula(rows, slopes, outputs[0], outputs[2], **more)
            if sign is not None:  # nothing but a sum of nothing is not positive
                value = outputs[0]
                outputs[1][...] = np.where(np.isnan(value), value, value > -np.inf)
        else:
            self.weighted_formula(rows, self.rows(weights), slopes, *outputs, **self.keywords)
        for (target, absent), one, values in zip(targets, single, outputs, strict=True):
            if target is None:
                continue
            if present is not None and one:
                values[~present.any(axis=1)] = 0 if target is sign else -np.inf
            elif present is not None:
                values[~present] = absent
            if not np.may_share_memory(values, target):
                target[...] = values.reshape(np.shape(target))


def presence(where, lengths, shape):
    """Which elements of a block are there; None: all of them."""
    present = None if where is None else np.asarray(where).reshape(shape)
    if lengths is None:
        return present
    within = np.arange(shape[1]) < np.reshape(lengths, (-1, 1))
    return within if present is None else present & within


class WholeRows(Block):
    """The same where `formula` needs the elements that are there, and no others, side by side."""

    def run(self, x, dy, where, y, dx, lengths, weights, sign):
        """Rows that leave out the same are done together."""
        rows, slopes = (None if a is None else self.rows(a) for a in (x, dy))
        present = presence(where, lengths, rows.shape)
        if present is None:
            present = np.ones((1, self.length), bool)
        elif (present == present[0]).all():
            present = present[:1]
        results = [None if t is None else np.zeros(rows.shape, self.dtype) for t in (y, dx)]
        for row, mask in enumerate(present):
            if not mask.any():
                continue
            here = slice(row, row + 1) if len(present) > 1 else slice(None)
            inputs = [
                a if a is None else np.ascontiguousarray(a[here][:, mask]) for a in (rows, slopes)
            ]
            outputs = [
                None if r is None else np.empty(inputs[0].shape, self.dtype) for r in results
            ]
            self.formula(*inputs, *outputs)
            for result, values in zip(results, outputs, strict=True):
                if result is not None:
                    result[here, mask] = values
        for target, result in zip((y, dx), results, strict=True):
            if target is not None:
                target[...] = result.reshape(target.shape)


def room(part, shape, dtype):
    """Where a formula writes: the output itself if it is contiguous and of the dtype."""
    if part.dtype == dtype and part.flags.c_contiguous and part.flags.aligned and part.ndim:
        return part.reshape(shape)
    return np.empty(shape, dtype)


def absent_input(formula):
    """What stands where nothing is: it must not count."""
    special = {"softmin": np.inf, "softmax_from_output": 0, "softmin_from_output": 0}
    return special.get(formula.__name__, -np.inf)


def absent_value(formula):
    # Of logsumexp, too: rows of one element are of the shape of their values.
    return -np.inf if formula.__name__ in ("log_softmax", "logsumexp", "logmeanexp") else 0
