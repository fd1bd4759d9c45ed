"""fastact by other libraries' names, arguments and defaults, on NumPy arrays.

`torch_functional`, `jax_nn`, `keras_activations`, `scipy_special` and `onnx_ops` have functions of
the same names as the modules that they are called after, and `transformers_activations` has those
that a model's configuration names; none of them imports that library. Values
are the library's up to rounding; dtypes are fastact's: integers and bool become float64.
"""
