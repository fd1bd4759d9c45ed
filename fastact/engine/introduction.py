"""What a callable says of itself, made when somebody asks: an import would take long over it."""

__all__ = ["Introducing", "Later"]


class Later:
    """`__doc__` or `__signature__` of an object, made by what its `_introduction` has for it.

    Python asks only while the object's own __dict__ has nothing of this name.
    """

    def __init__(self, name, of_class=None):
        self.name = name
        self.of_class = of_class  # the class's own

    def __get__(self, made, kind=None):
        if made is None:
            if self.of_class is None and self.name != "__doc__":
                raise AttributeError(f"{kind.__name__} has no {self.name}")
            return self.of_class
        make = made.__dict__.get("_introduction", {}).get(self.name)
        value = getattr(type(made), self.name) if make is None else make()
        return made.__dict__.setdefault(self.name, value)


class Introducing:
    """Of Python's classes of callables; those of Cython's have the same, written out."""

    __signature__ = Later("__signature__")

    def __init_subclass__(cls):
        cls.__doc__ = Later("__doc__", cls.__doc__)
