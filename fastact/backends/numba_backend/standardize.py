"""A whole row less its mean, over its standard deviation, in float64.

A first pass finds the mean, relative to a number that is close to it, and a second one the squares
of the deviations from it: each is read twice, and nothing cancels.
"""

import math

import numpy as np

from .intrinsics import mul_add, of_numbers, select, use_widest_vectors
from .lanes import LANES, filled_with, total
from .memory import lane_reader, lane_writer, reader, writer
from .number import square_root
from .vecmath import pairs
from .wide import DOUBLE, add, inline, narrowing, subtract, total_and_error, widening

# The arguments of the loop, as the engine gives them.
X, DY, Y, DX, WORK, EPS = range(6)
NAN = np.float32(np.nan)
SHORT = 4096  # elements that are summed plainly: rounding errors do not pile up

root = of_numbers(square_root)
exact_step = of_numbers(pairs.fused)


def _moments(real):
    """moments(args, start, n, eps, unit): mean, what it is off, 1/sqrt(variance + eps), variance.

    Of float32 a difference in float64 has digits enough; of float64 it comes with its error.
    """
    read_x, read_one = lane_reader(real, X, 0.0), reader(real, X)
    widen, zeros = widening(real), filled_with(DOUBLE, 0.0)
    ones, read_ones = filled_with(DOUBLE, 1.0), lane_reader(DOUBLE, WORK, 0.0)
    write_ones = lane_writer(DOUBLE, WORK)
    plain = real != DOUBLE

    @inline
    def deviations(args, start, i, count, unit, mean, low):
        """x - mean, and what that lacks of x - (mean + low); 0 past the end."""
        nothing = zeros()
        x = widen(read_x(args, start + i, count)) * unit
        if plain:
            d, error = x - mean, nothing
        else:
            d, error = subtract((x, mean))
            error = error - low
        if count < LANES:
            there = read_ones(args, 0, count) > 0.0
            d, error = select(there, d, nothing), select(there, error, nothing)
        return d, error

    @inline
    def shift_of(args, start, n, unit):
        """A number close to the mean, of few digits: sums of deviations from it are often exact,
        and an element that is the mean comes out as 0."""
        first, few = float(read_one(args, start)) * unit, min(n, 2 * LANES)
        sums = zeros()
        for i in range(0, few, LANES):
            d, _ = deviations(args, start, i, few - i, unit, first, 0.0)
            sums = sums + d
        shift = first + total(sums) / few
        return float(np.float32(shift)) if abs(shift) < 1e38 else shift

    @inline
    def sum_of(args, start, n, shift, unit):
        """The sum of the deviations, and what its rounding has lost."""
        whole, rest = 0.0, 0.0
        for begin in range(0, n, SHORT):
            nothing = zeros()
            sums, lost = nothing, nothing
            for i in range(begin, min(n, begin + SHORT), LANES):
                d, error = deviations(args, start, i, n - i, unit, shift, 0.0)
                if plain:
                    sums = sums + d
                else:
                    sums, error_of_sum = add((sums, d))
                    lost = lost + (error_of_sum + error)
            block, error_of_block = total_and_error(sums)
            whole, error_of_whole = add((whole, block))
            rest += total(lost) + (error_of_block + error_of_whole)
        return whole, rest

    @inline
    def mean_of(args, start, n, shift, unit):
        whole, rest = sum_of(args, start, n, shift, unit)
        off = whole / n
        # What the division leaves over, and all that the sums have lost.
        remainder = -exact_step((off, float(n), -whole))
        mean, low = add((shift, off))
        return mean, low + (remainder + rest) / n

    @inline
    def variance_of(args, start, n, mean, low, unit):
        variance, nothing = 0.0, zeros()
        for begin in range(0, n, SHORT):
            squares = nothing
            for i in range(begin, min(n, begin + SHORT), LANES):
                d, error = deviations(args, start, i, n - i, unit, mean, low)
                if not plain:
                    d = d + error
                squares = mul_add(d, d, squares)
            variance += total(squares)
        return variance / n

    @inline
    def moments(args, start, n, eps, unit):
        write_ones(args, 0, LANES, ones())
        mean, low = mean_of(args, start, n, shift_of(args, start, n, unit), unit)
        variance = variance_of(args, start, n, mean, low, unit)
        return mean, low, 1.0 / root((variance + eps * unit * unit,)), variance

    return moments


def _slope_means(real, standardized):
    """slope_means(args, start, n, moments, unit): of dy and of dy * y, times unit."""
    read_dy, widen, zeros = lane_reader(real, DY, 0.0), widening(real), filled_with(DOUBLE, 0.0)

    @inline
    def slope_means(args, start, n, mean, low, scale, unit, small):
        dy_sum, dot_sum, nothing = 0.0, 0.0, zeros()
        for begin in range(0, n, SHORT):
            sums, dots = nothing, nothing
            for i in range(begin, min(n, begin + SHORT), LANES):
                dy = widen(read_dy(args, start + i, n - i)) * small
                sums = sums + dy
                y = standardized(args, start + i, n - i, mean, low, scale, unit)
                if n - i < LANES:  # past the end 0 may be infinitely far from the mean
                    y = select(dy == 0.0, nothing, y)
                dots = mul_add(dy, y, dots)
            dy_sum += total(sums)
            dot_sum += total(dots)
        return dy_sum / n, dot_sum / n

    return slope_means


def standardize(real):
    """(x - mean) / sqrt(variance + eps)."""
    read_x, read_dy = lane_reader(real, X, 0.0), lane_reader(real, DY, 0.0)
    write_y, write_dx = lane_writer(real, Y), lane_writer(real, DX)
    write_one_y, write_one_dx = writer(real, Y), writer(real, DX)
    read_eps, widen, narrow = reader(DOUBLE, EPS), widening(real), narrowing(real)
    moments = _moments(real)

    plain = real != DOUBLE

    @inline
    def standardized(args, position, count, mean, low, scale, unit):
        if plain:
            return ((widen(read_x(args, position, count)) * unit - mean) - low) * scale
        d, error = subtract((widen(read_x(args, position, count)) * unit, mean))
        return (d + (error - low)) * scale

    slope_means = _slope_means(real, standardized)

    @inline
    def write_row(args, start, n, mean, low, scale, unit, means, wants_y, wants_dx):
        dy_mean, dot_mean, small = means
        for i in range(0, n, LANES):
            y = standardized(args, start + i, n - i, mean, low, scale, unit)
            if wants_dx:
                dy = widen(read_dy(args, start + i, n - i)) * small
                slope = mul_add(-y, dot_mean, dy - dy_mean)
                write_dx(args, start + i, n - i, narrow(slope * scale * unit * (1.0 / small)))
            if wants_y:
                write_y(args, start + i, n - i, narrow(y))

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n, eps = dims[1], read_eps(args, 0)
        wants_y, wants_dx = dims[3] > 0, dims[4] > 0
        for row in range(dims[0]):
            start, unit = row * n, 1.0
            mean, low, scale, variance = moments(args, start, n, eps, unit)
            if not variance < math.inf:  # squares that overflow, or no numbers
                unit = 2.0**-600
            elif scale > 2.0**450 and abs(mean) < 2.0**-300:  # and that underflow
                unit = 2.0**600
            if unit != 1.0:
                mean, low, scale, variance = moments(args, start, n, eps, unit)
            if not variance < math.inf:
                for i in range(start, start + n):
                    if wants_y:
                        write_one_y(args, i, NAN)
                    if wants_dx:
                        write_one_dx(args, i, NAN)
                continue
            dy_mean, dot_mean, small = 0.0, 0.0, 1.0
            if wants_dx:
                dy_mean, dot_mean = slope_means(args, start, n, mean, low, scale, unit, small)
                if not abs(dy_mean) + abs(dot_mean) < math.inf:  # only their sums overflow
                    small = 2.0**-128
                    dy_mean, dot_mean = slope_means(args, start, n, mean, low, scale, unit, small)
            means = dy_mean, dot_mean, small
            write_row(args, start, n, mean, low, scale, unit, means, wants_y, wants_dx)

    return loop
