"""The values of the softmax family, from x to y in one go, to the bits that the stages give.

The e of several rows are kept, as many as there is room for, and what follows from their sums is
computed for these rows side by side, a lane for each.
"""

import math

from . import row_logs
from .intrinsics import of_numbers, use_widest_vectors
from .lanes import LANES
from .memory import lane_reader, lane_writer, prefetcher, reader, writer
from .row_sums import inline, nothing, sums

X, Y, MEMORY = range(3)
# The memory has room for so many e; behind them are lanes for what is known of each row.
ROOM = 4096
TOP, REST, PEAK, LOW = (ROOM + k * LANES for k in range(4))
FACTOR = SHIFT = PEAK  # takes its place

_log_sum = of_numbers(row_logs.log_sum)
_log_sum_exp = of_numbers(row_logs.log_sum_exp)
_softmax_factor = of_numbers(row_logs.softmax_factor, 2)
_softmax_at = of_numbers(row_logs.softmax_at)
_log_softmax_shift = of_numbers(row_logs.log_softmax_shift, 2)
_log_softmax_at = of_numbers(row_logs.log_softmax_at)


def _groups_of_rows(real, finish, precisely=False, beside=nothing):
    """The loop: the sums of some rows, then `finish(args, first, count, n)` of these."""
    sum_row, write = sums(real, MEMORY, near=True, beside=beside), writer(real, MEMORY)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        rows, n = dims[0], dims[1]
        fit = ROOM // n if ROOM // n < LANES else LANES
        first = 0
        while first < rows:  # not range(): with such a step it may raise an exception
            count = fit if first + fit < rows else rows - first
            for k in range(count):
                top, rest, peak, _, _ = sum_row(args, (first + k) * n, k * n, n, precisely)
                write(args, TOP + k, top)
                write(args, REST + k, rest)
                write(args, PEAK + k, peak)
            finish(args, first, count, n)
            first += count

    return loop


def _lanes_of_rows(real):
    """known(args, count): top, rest and peak of some rows, a lane for each."""
    read = lane_reader(real, MEMORY, 1.0)

    @inline
    def known(args, count):
        return read(args, TOP, count), read(args, REST, count), read(args, PEAK, count)

    return known


def softmax_values(real):
    """x -> softmax(x), with memory."""
    known, write_rows = _lanes_of_rows(real), lane_writer(real, MEMORY)
    read, read_e = reader(real, MEMORY), lane_reader(real, MEMORY, 0.0)
    write, write_y = writer(real, Y), lane_writer(real, Y)

    @inline
    def at_infinity(e, top, rest):
        """One +inf takes all; of several each is as undefined as inf / inf."""
        if top > 0 and (rest == 0 or (rest == rest and e == 0)):
            return e
        return real(math.nan)

    @inline
    def finish(args, first, count, n):
        _, rest, peak = known(args, count)
        factor, low = _softmax_factor((rest, peak))
        write_rows(args, FACTOR, count, factor)
        write_rows(args, LOW, count, low)
        for k in range(count):
            e, y = k * n, (first + k) * n
            top = read(args, TOP + k)
            if abs(top) < math.inf:
                row = read(args, FACTOR + k), read(args, LOW + k)
                for i in range(0, n, LANES):
                    value = _softmax_at((read_e(args, e + i, n - i), *row))
                    write_y(args, y + i, n - i, value)
            else:
                for i in range(n):
                    value = at_infinity(read(args, e + i), top, read(args, REST + k))
                    write(args, y + i, value)

    return _groups_of_rows(real, finish, beside=prefetcher(real, Y))


def log_softmax_values(real):
    """x -> log_softmax(x), with memory."""
    known, write_rows = _lanes_of_rows(real), lane_writer(real, MEMORY)
    read, read_one, read_x = reader(real, MEMORY), reader(real, X), lane_reader(real, X, 0.0)
    write, write_y = writer(real, Y), lane_writer(real, Y)

    @inline
    def at_infinity(x, top, rest):
        """One +inf takes all; of several each is as undefined as inf - inf."""
        if top > 0 and rest == rest and x != top:
            return real(-math.inf)
        return real(0 if top > 0 and rest == 0 else math.nan)

    @inline
    def finish(args, first, count, n):
        top, rest, peak = known(args, count)
        high, low = _log_softmax_shift((top, _log_sum((top, rest, peak))))
        write_rows(args, SHIFT, count, high)
        write_rows(args, LOW, count, low)
        for k in range(count):
            start, top = (first + k) * n, read(args, TOP + k)
            if abs(top) < math.inf:
                shift = read(args, SHIFT + k), read(args, LOW + k)
                for i in range(start, start + n, LANES):
                    left = start + n - i
                    write_y(args, i, left, _log_softmax_at((read_x(args, i, left), *shift)))
            else:
                for i in range(start, start + n):
                    write(args, i, at_infinity(read_one(args, i), top, read(args, REST + k)))

    return _groups_of_rows(real, finish, precisely=True, beside=prefetcher(real, Y))


def logsumexp_values(real):
    """x -> logsumexp(x), one number for each row, with memory."""
    known, write_rows = _lanes_of_rows(real), lane_writer(real, Y)

    @inline
    def finish(args, first, count, n):
        write_rows(args, first, count, _log_sum_exp(known(args, count)))

    return _groups_of_rows(real, finish)
