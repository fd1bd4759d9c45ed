"""What has been defined in this process."""

__all__ = ["DEFINITIONS"]

#: Every `Definition`, by its key; their ufuncs live as long as the process, too.
DEFINITIONS: dict = {}
