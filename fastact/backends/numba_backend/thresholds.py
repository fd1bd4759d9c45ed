"""The threshold above which powers of what is above it add up to a given sum.

Newton's steps from the left find it, in float64; then what its rounding has lost is found, so that
the elements next to it keep their digits.
"""

from .intrinsics import select
from .lanes import LANES, filled_with, larger, total
from .wide import DOUBLE, inline, multiply, subtract, total_and_error


@inline
def one(q, error):
    """q to the power of 1, what that has lost, and its slope."""
    return q, error, select(q > 0.0, 1.0, q * 0.0)


@inline
def square(q, error):
    """The same for a power of 2."""
    value, lost = multiply((q, q))
    return value, lost + (q + q) * error, q + q


def thresholds(read, power):
    """find(args, start, n, base, first, sum_): the root, and what it is off.

    `sum_`: what the powers add up to, what that is off, and which step is small.

    `read(args, start, i, count)` gives elements.
    """
    zeros = filled_with(DOUBLE, 0.0)

    @inline
    def newton_step(args, start, n, base, threshold, target):
        nothing = zeros()
        values, slopes = nothing, nothing
        for i in range(0, n, LANES):
            q = larger(nothing, (read(args, start, i, n - i) - base) - threshold)
            value, _, slope = power(q, nothing)
            values = values + value
            slopes = slopes + slope
        return (total(values) - target) / total(slopes)

    @inline
    def exact_step(args, start, n, base, high, low, sum_):
        nothing = zeros()
        values, lost, slopes, count = nothing, nothing, nothing, nothing
        for i in range(0, n, LANES):
            q, error = subtract((read(args, start, i, n - i) - base, high))
            height = q + (error - low)
            above = height > 0.0
            value, value_error, _ = power(q, error)
            _, _, slope = power(height, nothing)
            sums = values + select(above, value, nothing)
            back = sums - values
            lost = lost + ((values - (sums - back)) + (select(above, value, nothing) - back))
            values = sums
            lost = lost + select(above, value_error, nothing)
            slopes = slopes + select(above, slope, nothing)
            count = count + select(above, nothing + 1.0, nothing)
        whole, rest = total_and_error(values)
        rest = (rest + total(lost)) - sum_[1]
        return ((whole - sum_[0]) + rest) / total(slopes), total(count)

    @inline
    def find(args, start, n, base, first, sum_):
        high, low = first, 0.0
        for _ in range(200):  # from afar each halves the way that is left
            step = newton_step(args, start, n, base, high, sum_[0])
            if not high + step > high:
                break
            high = high + step
            if step < sum_[2]:
                break
        count = -1.0
        for _ in range(16):  # the last digits can move an element or two across the threshold
            correction, now = exact_step(args, start, n, base, high, low, sum_)
            if now == 0.0:
                break
            corrected = high + correction
            low = (high - corrected) + correction
            high = corrected
            if now == count:
                break
            count = now
        return high, low

    return find
