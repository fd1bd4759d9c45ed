"""The other libraries that compute activation functions: one module for each, and their race.

A peer's names for our activations are written once, in its module; `fastact accuracy --peers` and
`fastact bench --checks torch` read them there, too.
"""
