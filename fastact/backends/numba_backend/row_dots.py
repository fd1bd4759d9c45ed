"""What a row's e and dy make together: the sums that the gradients of (log_)softmax need."""

import math

from .intrinsics import mul_add, select, use_widest_vectors
from .lane_sums import pauses, totals, wide_zeros
from .lanes import LANES, filled_with, larger, largest
from .memory import lane_reader, prefetcher, reader, writer
from .row_sums import MINUS_INFINITY, ZERO, inline, row_writer, sums
from .wide import lane_bits


def _reference_finder(real, e_at=0, dy_at=1):
    """find(args, start, n, peak): the largest dy where e is the peak; their arguments' numbers."""
    read_e, read_dy = lane_reader(real, e_at, 0.0), lane_reader(real, dy_at, 0.0)
    lowest = filled_with(real, -math.inf)

    @inline
    def find(args, start, n, peak):
        best = lowest()
        for i in range(0, n, LANES):
            at_peak = read_e(args, start + i, n - i) == peak
            if lane_bits(at_peak) != 0:  # of most rows once: dy is not read for the others
                dy = read_dy(args, start + i, n - i)
                best = larger(best, select(at_peak, dy, MINUS_INFINITY))
        reference = largest(best)
        return select(reference == MINUS_INFINITY, ZERO, reference)

    return find


def _row_dot(real, e_at=0, dy_at=1):
    """dot_of(args, start, n, peak, rest): a row's reference, and sum(e * (dy - reference)).

    The dy of its largest element pays as a reference where that has more than half of the sum;
    elsewhere, being large, it would take the digits of the rest.
    """
    find_reference = _reference_finder(real, e_at, dy_at)
    read_e, read_dy = lane_reader(real, e_at, 0.0), lane_reader(real, dy_at, 0.0)
    zeros, pause, total_of = filled_with(real, 0.0), pauses(real), totals(real)

    @inline
    def dot_of(args, start, n, peak, rest):
        reference = real(find_reference(args, start, n, peak)) if rest < peak else real(0)
        products, wide = zeros(), wide_zeros()
        for i in range(0, n, LANES):
            e = read_e(args, start + i, n - i)
            dy = read_dy(args, start + i, n - i)
            products, wide = pause(i, mul_add(e, dy - reference, products), wide)
        return reference, real(total_of(products, wide))

    return dot_of


def _row_others(real, e_at=0, dy_at=1):
    """others_of(args, start, n, peak, rest): a row's reference, the sum of all its other dy."""
    find_reference = _reference_finder(real, e_at, dy_at)
    read_e, read_dy = lane_reader(real, e_at, 0.0), lane_reader(real, dy_at, 0.0)
    zeros, pause, total_of = filled_with(real, 0.0), pauses(real), totals(real)

    @inline
    def others_of(args, start, n, peak, rest):
        reference = find_reference(args, start, n, peak)
        elsewhere, at_peaks = zeros(), zeros()
        wide, wide_at_peaks = wide_zeros(), wide_zeros()
        for i in range(0, n, LANES):
            e = read_e(args, start + i, n - i)
            dy = read_dy(args, start + i, n - i)
            elsewhere, wide = pause(i, elsewhere + select(e == peak, ZERO, dy), wide)
            at_peaks, wide_at_peaks = pause(
                i, at_peaks + select(e == peak, dy, ZERO), wide_at_peaks
            )
        rest = total_of(at_peaks, wide_at_peaks) - reference
        return reference, real(total_of(elsewhere, wide) + rest)

    return others_of


def _sum_of_slopes(of_row, real):
    """The loop of e, dy, peak, rest -> reference, sum."""
    read_peak, read_rest = reader(real, 2), reader(real, 3)
    write_reference, write_sum = writer(real, 4), writer(real, 5)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            peak, rest = read_peak(args, row), read_rest(args, row)
            reference, found = of_row(args, row * n, n, peak, rest)
            write_reference(args, row, reference)
            write_sum(args, row, found)

    return loop


def dot(real):
    """e, dy, peak, rest -> reference, dot = sum(e * (dy - reference))."""
    return _sum_of_slopes(_row_dot(real), real)


def others(real):
    """e, dy, peak, rest -> reference, others = the sum of all dy but that, one of the peaks'."""
    return _sum_of_slopes(_row_others(real), real)


def _exp_sum_and(of_row, real):
    """The loop of x, ..., exponent, dy -> the results of exp_sum, then reference and sum, by rows.

    A row's e are still in the first cache then; dy comes to it while they are made, and the memory
    that arguments 10 and 11 say will be written next.
    """
    sum_row, write_sums = sums(real, beside=prefetcher(real, 7, 10, 11)), row_writer(real)
    write_reference, write_sum = writer(real, 8), writer(real, 9)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            known = sum_row(args, row * n, row * n, n, data != 0)
            write_sums(args, row, known)
            reference, found = of_row(args, row * n, n, known[2], known[1])
            write_reference(args, row, reference)
            write_sum(args, row, found)

    return loop


def exp_sum_dot(real):
    """The stages exp_sum and dot."""
    return _exp_sum_and(_row_dot(real, 1, 7), real)


def exp_sum_others(real):
    """The stages exp_sum and others."""
    return _exp_sum_and(_row_others(real, 1, 7), real)
