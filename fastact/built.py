"""Whether a compiled module fits the sources that lie beside it, as they do in a checkout.

setup.py compiles a stamp of the sources into each module. An installed package has no sources
beside it and nothing to compare. This module is read by setup.py, too, and imports nothing of ours.
"""

import os

SUFFIXES = (".pyx", ".pxi", ".hpp")

__all__ = ["check", "stamp"]


def sources(folder):
    """(path below the folder, size, time of the last change) of each source, in order."""
    found, folders = [], [""]
    while folders:
        below = folders.pop()
        with os.scandir(os.path.join(folder, below)) as entries:
            for entry in entries:
                path = f"{below}{entry.name}"
                if entry.name.endswith(SUFFIXES):
                    status = entry.stat()
                    found.append((path, status.st_size, status.st_mtime_ns))
                elif entry.is_dir() and entry.name != "__pycache__":
                    folders.append(f"{path}/")
    return sorted(found)


def of_sizes(found):
    """How many there are, and their size: what can be told without reading them."""
    return f"{len(found)}x{sum(size for _, size, _ in found)}"


def of_contents(folder, found):
    from hashlib import sha256  # slow to import

    digest = sha256()
    for path, size, _ in found:
        digest.update(f"{path} {size}\n".encode())
        with open(os.path.join(folder, path), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:32]


def stamp(folder):
    """What setup.py compiles into the modules whose sources are in this folder."""
    found = sources(folder)
    return f"fastact-sources-{of_sizes(found)}-{of_contents(folder, found)}"


def fits(stamped, folder, built_at):
    """Whether the stamp is of the sources in the folder; True where there are none.

    Contents are read only where a time tells of a change since the module was built.
    """
    found = sources(folder)
    if not found:
        return True
    _, sizes, contents = stamped.rsplit("-", 2) if stamped else ("", "", "")
    if sizes != of_sizes(found):
        return False
    if all(changed <= built_at for _, _, changed in found):
        return True
    return contents == of_contents(folder, found)


def check(module):
    """Raise ImportError for a compiled module that was built from other sources than those here."""
    path = getattr(module, "__file__", None) or ""
    folder = os.path.dirname(path)
    stamped = getattr(module, "sources_stamp", str)()
    try:
        fitting = fits(stamped, folder, os.stat(path).st_mtime_ns)
    except OSError:  # packed into one file with Python, say: there is no folder
        return
    if not fitting:
        raise ImportError(
            f"{module.__name__} was compiled from other sources than those in {folder}: "
            "run `pip install -e .` again in the checkout"
        )
