"""The version, for pyproject.toml and for users."""

__version__ = "0.1.0"
