"""Whether one shape fills another."""


def broadcasts(given: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """To that shape, and no further; of any number of dimensions, of which NumPy's takes 32."""
    missing = len(shape) - len(given)
    return missing >= 0 and all(n in (1, m) for n, m in zip(given, shape[missing:], strict=True))
