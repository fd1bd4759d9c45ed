"""Projections of whole rows onto the simplex, whose results have zeros: sparsemax, 1.5-entmax.

A power of what an element has above a threshold; the sum of all is given. A temperature does not
divide x, it multiplies how far an element may be below the top, and to what the powers add up.
Blocks of a row in which no element can be above the threshold are passed over.
"""

import math

import numpy as np

from .intrinsics import select, use_widest_vectors
from .lanes import LANES, filled_with, larger, largest, total
from .memory import lane_reader, lane_writer, reader, writer
from .thresholds import one, square, thresholds
from .wide import (
    DOUBLE,
    inline,
    lane_bits,
    lowest_bit,
    narrowing,
    subtract,
    widening,
)

# The arguments of the loops, as the engine gives them.
X, DY, Y, DX, WORK, TEMPERATURE = range(6)
ZERO, ONE, NAN = np.float32(0), np.float32(1), np.float32(np.nan)


def _special_rows(real):
    """write(args, start, n, nan, wants_y, wants_dx): a row without a finite top."""
    read_x, read_dy = reader(real, X), reader(real, DY)
    write_y, write_dx = writer(real, Y), writer(real, DX)

    @inline
    def write(args, start, n, nan, wants_y, wants_dx):
        tops = 0
        for i in range(start, start + n):
            tops += read_x(args, i) == math.inf
        for i in range(start, start + n):
            is_top = read_x(args, i) == math.inf
            lost = nan or tops == 0 or (is_top and tops > 1)
            if wants_dx:
                slope = read_dy(args, i) - read_dy(args, i) if is_top else ZERO
                write_dx(args, i, NAN if lost else slope)
            if wants_y:
                write_y(args, i, NAN if lost else ONE if is_top else ZERO)

    return write


def _projection(real, power, reach):
    read_x, read_dy = lane_reader(real, X, -math.inf), lane_reader(real, DY, 0.0)
    write_y, write_dx = lane_writer(real, Y), lane_writer(real, DX)
    read_one, write_candidate = reader(real, X), writer(DOUBLE, WORK)
    read_candidates = lane_reader(DOUBLE, WORK, -math.inf)
    widen, narrow = widening(real), narrowing(real)
    zeros, lowest = filled_with(DOUBLE, 0.0), filled_with(real, -math.inf)
    no_lane = filled_with(real, 0.0)
    special_row = _special_rows(real)
    read_temperature = reader(DOUBLE, TEMPERATURE)
    margin, smallest = (2.0**-50, 2.0**-1074) if real == DOUBLE else (2.0**-22, 2.0**-148)

    @inline
    def from_row(args, start, i, count):
        return widen(read_x(args, start + i, count))

    @inline
    def from_work(args, start, i, count):
        return read_candidates(args, i, count)

    find_in_row = thresholds(from_row, power)
    find_in_work = thresholds(from_work, power)

    @inline
    def just_below(base, limit):
        """An x above base + limit, or that by rounding alone, is above this, too."""
        return real((base + limit) - (abs(base) * margin + abs(limit) * margin) - smallest)

    @inline
    def collect(args, start, n, base, limit, room):
        """The elements above the limit, less base, to WORK: their number, too large if no room."""
        found, least = 0, just_below(base, limit)
        for i in range(0, n, LANES):
            bits = lane_bits(read_x(args, start + i, n - i) > least)
            while bits != 0:
                d = float(read_one(args, start + i + lowest_bit(bits))) - base
                bits &= bits - 1
                if d > limit:
                    if found == room:
                        return room + 1
                    write_candidate(args, found, d)
                    found += 1
        return found

    @inline
    def height(x, base, high, low):
        """How far above the threshold (0: not at all), and what that has lost."""
        q, error = subtract((x - base, high))
        rest = error - low
        above = q + rest
        inside = above > 0.0
        nothing = zeros()
        return select(inside, above, nothing), select(inside, (q - above) + rest, nothing)

    @inline
    def mean_slope(args, start, n, base, high, low, unit):
        nothing, least = zeros(), just_below(base, high)
        dots, weights = nothing, nothing
        for i in range(0, n, LANES):
            if lane_bits(read_x(args, start + i, n - i) > least) == 0:
                continue
            above, error = height(from_row(args, start, i, n - i), base, high, low)
            _, _, weight = power(above, error)
            dy = widen(read_dy(args, start + i, n - i)) * unit
            weights = weights + weight
            dots = dots + select(above > 0.0, weight * dy, nothing)
        return total(dots) / total(weights)

    @inline
    def write_row(args, start, n, base, high, low, mean, unit, share, wants_y, wants_dx):
        nothing, least = zeros(), just_below(base, high)
        for i in range(0, n, LANES):
            if lane_bits(read_x(args, start + i, n - i) > least) == 0:
                if wants_dx:
                    write_dx(args, start + i, n - i, no_lane())
                if wants_y:
                    write_y(args, start + i, n - i, no_lane())
                continue
            above, error = height(from_row(args, start, i, n - i), base, high, low)
            value, lost, weight = power(above, error)
            if wants_dx:
                dy = widen(read_dy(args, start + i, n - i)) * unit
                slope = ((weight * share) * (dy - mean)) * (1.0 / unit)
                slope = select(above > 0.0, slope, nothing)
                write_dx(args, start + i, n - i, narrow(slope))
            if wants_y:
                # The remainder of `above` itself is at most half a last bit: it does not show.
                y = value + lost if reach > 1.0 else value
                write_y(args, start + i, n - i, narrow(y * share))

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n, room = dims[1], dims[2] - LANES
        wants_y, wants_dx = dims[3] > 0, dims[4] > 0
        farthest = reach * read_temperature(args, 0)
        target, target_low, _ = power(zeros() + farthest, zeros())
        sum_ = largest(target), largest(target_low), farthest * 2.0**-32
        share = 1.0 / sum_[0]
        for row in range(dims[0]):
            start = row * n
            best, odd = lowest(), no_lane()
            for i in range(0, n, LANES):
                x = read_x(args, start + i, n - i)
                best = larger(best, x)
                odd = select(x == x, odd, ONE)
            top = float(largest(best))
            nan = lane_bits(odd == ONE) != 0
            if nan or not abs(top) < math.inf:
                special_row(args, start, n, nan, wants_y, wants_dx)
                continue
            base = top if abs(top) >= 2.0 * farthest else 0.0
            limit = (top - base) - farthest * (1.0 + 2.0**-40)
            found = collect(args, start, n, base, limit, room)
            if found <= room:
                high, low = find_in_work(args, start, found, 0.0, limit, sum_)
            else:
                high, low = find_in_row(args, start, n, base, limit, sum_)
            mean, unit = 0.0, 1.0
            if wants_dx:
                mean = mean_slope(args, start, n, base, high, low, unit)
                if not abs(mean) < math.inf:  # of dy so large that only their sum overflows
                    unit = 2.0**-64
                    mean = mean_slope(args, start, n, base, high, low, unit)
            write_row(args, start, n, base, high, low, mean, unit, share, wants_y, wants_dx)

    return loop


def sparsemax(real):
    """max(x - tau, 0) / t: before the division the sum is t. The farthest is t below the top."""
    return _projection(real, one, 1.0)


def entmax15(real):
    """max(x - 2 tau, 0)**2 / (4 t**2), of no element more than 2 t below the top."""
    return _projection(real, square, 2.0)
