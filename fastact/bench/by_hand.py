"""What people write in NumPy today.

Plain expressions, as found in courses and repositories; not tuned, and not safe in the tails.
"""

from math import pi, sqrt

import numpy as np
from scipy import special

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
SQRT_2_OVER_PI = sqrt(2 / pi)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def hard_sigmoid(x):
    return np.clip(x + 3, 0, 6) / 6


def affine(x, slope, offset):
    return np.clip(slope * x + offset, 0, 1)


def relu(x):
    return np.maximum(x, 0)


def leaky(x, slope):
    return np.where(x > 0, x, slope * x)


def leaky_gradient(x, dy, slope):
    return np.where(x > 0, dy, slope * dy)


def elu(x, alpha):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def celu(x, alpha):
    return np.maximum(x, 0) + np.minimum(0, alpha * (np.exp(x / alpha) - 1))


def squareplus_gradient(x, y, dy, b):
    return dy * (1 + x / np.sqrt(x**2 + b)) / 2


def sparse_plus(x):
    return np.where(x <= -1, 0, np.where(x >= 1, x, (x + 1) ** 2 / 4))


def gelu(x):
    return 0.5 * x * (1 + special.erf(x / sqrt(2)))


def gelu_gradient(x, y, dy):
    density = np.exp(-(x**2) / 2) / sqrt(2 * pi)
    return dy * (0.5 * (1 + special.erf(x / sqrt(2))) + x * density)


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(SQRT_2_OVER_PI * (x + 0.044715 * x**3)))


def gelu_tanh_gradient(x, y, dy):
    t = np.tanh(SQRT_2_OVER_PI * (x + 0.044715 * x**3))
    inner = SQRT_2_OVER_PI * (1 + 3 * 0.044715 * x**2)
    return dy * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * inner)


def swish(x, beta):
    return x * sigmoid(beta * x)


def swish_gradient(x, y, dy, beta):
    s = sigmoid(beta * x)
    return dy * (s + beta * x * s * (1 - s))


def hard_swish_gradient(x, y, dy):
    return dy * np.where(x <= -3, 0, np.where(x >= 3, 1, (2 * x + 3) / 6))


def mish(x):
    return x * np.tanh(np.log1p(np.exp(x)))


def mish_gradient(x, y, dy):
    t = np.tanh(np.log1p(np.exp(x)))
    return dy * (t + x * (1 - t**2) * sigmoid(x))


def soft_shrink(x, lambd):
    return np.sign(x) * np.maximum(np.abs(x) - lambd, 0)


def shrink(x, lambd, bias):
    return np.where(x > lambd, x - bias, np.where(x < -lambd, x + bias, 0))


def outside(x, dy, lambd):
    return dy * (np.abs(x) > lambd)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def logsumexp(x):
    top = x.max(axis=-1)
    return top + np.log(np.exp(x - top[..., np.newaxis]).sum(axis=-1))


def hardmax(x):
    y = np.zeros_like(x)
    np.put_along_axis(y, x.argmax(axis=-1)[..., np.newaxis], 1, axis=-1)
    return y


def simplex(x, threshold):
    """The first k of a sorted row are the support: k = how many are above its threshold."""
    z = np.sort(x, axis=-1)[..., ::-1]
    k = np.arange(1, x.shape[-1] + 1)
    candidates = threshold(z.cumsum(axis=-1) / k, (z * z).cumsum(axis=-1) / k, k)
    support = (z > candidates).sum(axis=-1, keepdims=True)
    above = x - np.take_along_axis(candidates, support - 1, axis=-1)
    return np.maximum(above, 0).astype(x.dtype)


def sparsemax(x, temperature):
    return simplex(x / temperature, lambda mean, squares, k: mean - 1 / k)


def sparsemax_gradient(x, y, dy, temperature):
    inside = y > 0
    mean = (dy * inside).sum(axis=-1, keepdims=True) / inside.sum(axis=-1, keepdims=True)
    return np.where(inside, (dy - mean) / temperature, 0).astype(x.dtype)


def entmax15(x, temperature):
    half = (x - x.max(axis=-1, keepdims=True)) / (2 * temperature)

    def threshold(mean, squares, k):
        return mean - np.sqrt(np.maximum((1 - k * (squares - mean**2)) / k, 0))

    return simplex(half, threshold) ** 2


def entmax15_gradient(x, y, dy, temperature):
    s = np.sqrt(y)
    mean = (s * dy).sum(axis=-1, keepdims=True) / s.sum(axis=-1, keepdims=True)
    return s * (dy - mean) / temperature


def standardize(x, eps):
    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + eps)


def standardize_gradient(x, y, dy, eps):
    centred = dy - dy.mean(axis=-1, keepdims=True)
    dot = (dy * y).mean(axis=-1, keepdims=True)
    return (centred - y * dot) / np.sqrt(x.var(axis=-1, keepdims=True) + eps)
