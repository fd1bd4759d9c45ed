"""Losses fused with the activation before them: the value and its gradient in one pass."""

from fastact.losses.binary import binary
from fastact.losses.cross_entropy import cross_entropy

MAKERS = {
    "softmax_cross_entropy": cross_entropy,
    "binary_cross_entropy_with_logits": binary,
}


def make_loss(entry, ufunc_maker):
    """The catalogue's entry as a callable with its operations attached."""
    return MAKERS[entry.name](entry, ufunc_maker)
