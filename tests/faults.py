"""Ways to be wrong: each takes a true operation and gives a faulty one."""

import numpy as np


def off_by(units):
    """Every result some units in the last place too large."""

    def fault(true):
        def faulty(*arguments, **keywords):
            y = true(*arguments, **keywords)
            return (y + units * np.spacing(y)).astype(y.dtype)

        return faulty

    return fault


def off_at_one(x_value, by):
    """Wrong for one input only."""
    return lambda true: (
        lambda x, *rest, **keywords: (
            true(x, *rest, **keywords) + np.where(x == x_value, x.dtype.type(by), x.dtype.type(0))
        )
    )


def flushes_to_zero(true):
    """As a processor does that is told to."""

    def faulty(x, *rest, **keywords):
        y = true(x, *rest, **keywords)
        return np.where(np.abs(y) < np.finfo(y.dtype).tiny, np.copysign(0, y), y)

    return faulty


def loses_the_sign_of_zero(true):
    return lambda x, *rest, **keywords: true(x, *rest, **keywords) + x.dtype.type(0)


def wrong_at_odd_lengths(true):
    def faulty(x, *rest, **keywords):
        y = np.array(true(x, *rest, **keywords))
        if x.size % 2:
            y.flat[-1] += 1
        return y

    return faulty


def wrong_if_not_contiguous(true):
    def faulty(x, *rest, **keywords):
        y = true(x, *rest, **keywords)
        return y if x.flags.c_contiguous else y[::-1]

    return faulty


def ignores(keyword):
    """Accepts the keyword and does as if it had not come."""

    def fault(true):
        def faulty(*arguments, **keywords):
            keywords.pop(keyword, None)
            return true(*arguments, **keywords)

        return faulty

    return fault


def reads_after_writing(true):
    """Writes its output before it has read its input, as a loop does that overlaps itself."""

    def faulty(x, *rest, out=None, **keywords):
        if out is not None:
            x[1:] = x[0]
        return true(x, *rest, out=out, **keywords)

    return faulty


def swaps_low_bits(true):
    """A fused result whose last bit differs, as from another rounding."""

    def faulty(*arguments, **keywords):
        value, product = true(*arguments, **keywords)
        product = product.copy()
        product.view(np.uint32)[...] ^= 1
        return value, product

    return faulty


def in_single_precision(true):
    """Integers take the way through float32."""

    def faulty(x, *rest, **keywords):
        narrow = x if x.dtype.kind == "f" else x.astype("f").astype("d")
        return true(narrow, *rest, **keywords)

    return faulty


def as_float64(true):
    return lambda *arguments, **keywords: np.asarray(true(*arguments, **keywords), np.float64)


def adds_to_dy(true):
    return lambda x, dy, *rest, **keywords: true(x, dy + x.dtype.type(1), *rest, **keywords)


def scaled(factor):
    return lambda true: (
        lambda *arguments, **keywords: true(*arguments, **keywords) * np.float32(factor)
    )


def without_maximum(true):
    """The textbook softmax that subtracts nothing and overflows."""

    def faulty(x, **keywords):
        with np.errstate(all="ignore"):
            e = np.exp(x)
            return e / e.sum(axis=-1, keepdims=True)

    return faulty


def position_matters(true):
    return lambda x, **keywords: (
        true(x, **keywords) * np.linspace(1, 1.001, x.shape[-1], dtype=x.dtype)
    )


def neighbours_matter(true):
    return lambda x, *rest, **keywords: true(x, *rest, **keywords) * x.dtype.type(len(x))


def threshold_off(by):
    """Every element that is not 0 too large by as much."""

    def fault(true):
        def faulty(x, *rest, **keywords):
            y = true(x, *rest, **keywords)
            return np.where(y > 0, y + y.dtype.type(by), y)

        return faulty

    return fault
