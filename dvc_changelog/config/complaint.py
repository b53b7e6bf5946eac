"""What is wrong with a value, before it is known what file or variable said it; the nearest right name."""

from __future__ import annotations

from collections.abc import Iterable


class BadValueError(ValueError):
    """A value that an option cannot take. `load` turns it into a ConfigError that names the place.

    `key` is the key within the option's own table that is at fault, or "".
    """

    def __init__(self, what: str, remedy: str = "", key: str = "") -> None:
        self.what = what
        self.remedy = remedy
        self.key = key
        super().__init__(what)


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the one of `names` that `name` was probably meant to be, or "" where none is near."""
    import difflib

    folded = {candidate.casefold(): candidate for candidate in names}
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def suggest(name: str, names: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest right one, or where none is near, all of them."""
    known = list(names)
    near = nearest(name, known)
    if near:
        return f"Did you mean `{near}`?"
    return f"There are: {', '.join(f'`{candidate}`' for candidate in known)}."
