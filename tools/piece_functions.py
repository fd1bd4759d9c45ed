"""What derive_pieces.py approximates, and what an error of it counts."""

from functools import cache

import mpmath as mp


@cache
def normal_below(t):
    """Phi(-t)."""
    return mp.erfc(t / mp.sqrt(2)) / 2


@cache
def gelu_slope(t):
    """Phi(-t) - t phi(t), the slope of gelu at -t."""
    return normal_below(t) - t * mp.exp(-(t**2) / 2) / mp.sqrt(2 * mp.pi)


@cache
def value_over_exp(t):
    """t Phi(-t) exp(t**2/2)."""
    return t * normal_below(t) * mp.exp(t**2 / 2)


@cache
def slope_over_exp(t):
    """gelu'(-t) exp(t**2/2)."""
    return gelu_slope(t) * mp.exp(t**2 / 2)


@cache
def tanh_rest(t):
    """1 - tanh(t)."""
    return 2 / (mp.exp(2 * t) + 1)


def tanh_rise(center, d):
    """(tanh(center + d) - tanh(center))/d."""
    return (mp.tanh(center + d) - mp.tanh(center)) / d if d else 1 - mp.tanh(center) ** 2


def rise_weight(center, d):
    """What an error of the rise counts in the smaller of tanh and 1 - tanh, which it is part of."""
    t = center + d
    return abs(d) / min(mp.tanh(t), tanh_rest(t)) if d else mp.mpf(0 if center else 1)


@cache
def far_value(v):
    """t Phi(-t) exp(t**2/2), v = 1/t**2."""
    return value_over_exp(1 / mp.sqrt(v))


@cache
def far_slope(v):
    """-gelu'(-t) exp(t**2/2)/t, v = 1/t**2."""
    t = 1 / mp.sqrt(v)
    return -slope_over_exp(t) / t


def relative(function):
    return lambda t: 1 / abs(function(t))


def bent_relative(slope):
    """Near the slope's zero an error counts in units of the last place of 1/16."""
    return lambda t: 1 / max(abs(slope(t)), mp.mpf(1) / 16 if abs(t) < 2 else 0)


def value_weight(t):
    """An error next to 0, where the value is t/2, is one of that half."""
    return 1 / max(value_over_exp(t), mp.mpf(2) ** -12)


def slope_weight(t):
    return bent_relative(gelu_slope)(t) * mp.exp(-(t**2) / 2)


def normal_rate(t):
    """-d log Phi(-t)/dt."""
    return mp.exp(-(t**2) / 2) / mp.sqrt(2 * mp.pi) / normal_below(t)


@cache
def gate_exponent(t):
    """2 sqrt(2/pi) (t + 0.044715 t**3)."""
    return mp.sqrt(8 / mp.pi) * (t + mp.mpf("0.044715") * t**3)


@cache
def gate_below(t):
    """The sigmoid of -2 sqrt(2/pi) (t + 0.044715 t**3)."""
    return 1 / (1 + mp.exp(gate_exponent(t)))


def gate_rate(t):
    """-d log gate_below(t)/dt."""
    bend = 3 * mp.mpf("0.044715") * t**2
    return mp.sqrt(8 / mp.pi) * (1 + bend) * (1 - gate_below(t))


@cache
def gelu_tanh_slope(t):
    """The slope of gelu_tanh at -t."""
    return gate_below(t) * (1 - t * gate_rate(t))


@cache
def mish_gate(x):
    """tanh(log(1 + exp(x)))."""
    return mp.tanh(mp.log1p(mp.exp(x)))


def mish_rate(x):
    """-d log mish_gate(x)/dx."""
    gate = mish_gate(x)
    return -(1 / gate - gate) / (1 + mp.exp(-x))


@cache
def mish_slope(x):
    """The slope of mish."""
    return mish_gate(x) * (1 - x * mish_rate(x))
