"""The neuron: a bias added and an activation in one pass, alone or behind a matrix product."""

from fastact.neuron.bias_act import bias_act
from fastact.neuron.dense import dense

__all__ = ["bias_act", "dense"]
