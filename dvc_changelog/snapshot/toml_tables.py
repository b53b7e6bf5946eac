"""Some tables of a TOML file, each distinct one parsed once per process.

pyproject.toml changes with every setting of every tool; the tables that name packages hardly ever do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from dvc_changelog.snapshot.unreadable import UnreadableError, decoded
from dvc_changelog.snapshot.values import read_toml

_HEADER = re.compile(r"^(?=\[)", re.MULTILINE)
_NAME = re.compile(r"\[(?P<list>\[)?(?P<name>[^\[\]\n]+)\]\]?[ \t]*(?:#[^\n]*)?(?:\n|\Z)")


def read_tables(data: bytes, wanted: tuple[str, ...]) -> Mapping[str, Any]:
    """The tables whose dotted name is, or lies below, one of `wanted`; the others are not looked at.

    Where a piece of the text does not parse by itself (a line of a multi-line value may start with a bracket)
    the whole file is parsed.

    Raises:
        UnreadableError: the file is no TOML.
    """
    merged: dict[str, Any] = {}
    try:
        head, *pieces = _HEADER.split(decoded(data))
        if re.search(r"^[ \t]*[^#\s]", head, re.MULTILINE):  # keys outside of any table
            return read_toml(data)
        for piece in pieces:
            found = _NAME.match(piece)
            if not found:
                return read_toml(data)
            name = found["name"]
            if any(name == table or name.startswith(f"{table}.") for table in wanted):
                if found["list"]:  # a list of tables is one value, however many pieces it stands in
                    return read_toml(data)
                _merge(merged, _parsed(piece))
    except UnreadableError:
        return read_toml(data)
    return merged


@cache
def _parsed(piece: str) -> dict[str, Any]:
    return read_toml(piece.encode())


def _merge(into: dict[str, Any], table: Mapping[str, Any]) -> None:
    """Add a table to what is there; the same key twice is no TOML, so it never overwrites in a valid file."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            _merge(into.setdefault(key, {}), value)
        else:
            into[key] = value
