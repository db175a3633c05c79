"""Parse the folder of fonts."""

from pathlib import Path


def folder(path: str) -> str:
    """The folder, or an empty text for none. Raises ValueError where there is no such folder."""
    if path and not Path(path).is_dir():
        raise ValueError(f"is no folder: {path}")
    return path
