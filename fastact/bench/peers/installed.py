"""Which peers there are here."""

from importlib import import_module
from importlib.util import find_spec

from .form import Peer

# name -> module here, class in it, and what it needs
PEERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "torch": ("torch_peer", "Torch", ("torch",)),
    "jax": ("jax_peer", "Jax", ("jax",)),
    "onnxruntime": ("onnx_peer", "OnnxRuntime", ("onnxruntime", "onnx")),
    "numexpr": ("numexpr_peer", "NumExpr", ("numexpr",)),
    "numba": ("numba_peer", "Numba", ("numba",)),
    "scipy": ("numpy_peer", "SciPy", ("scipy",)),
    "numpy": ("numpy_peer", "NumPy", ("scipy",)),
}


def missing(name: str) -> tuple[str, ...]:
    """What would have to be installed for a peer."""
    return tuple(package for package in PEERS[name][2] if find_spec(package) is None)


def installed() -> list[str]:
    """The peers that can be compared here."""
    return [name for name in PEERS if not missing(name)]


def create(name: str, threads: int) -> Peer:
    """A peer limited to so many threads; its library is imported here."""
    module, kind, _ = PEERS[name]
    return getattr(import_module(f"{__package__}.{module}"), kind)(threads)
