"""The points in a plot's file, where DVC finds them: the rows of a table, the lists of mappings in JSON.

Source of the form: dvc 3.67, `parse` in `dvc/repo/plots/__init__.py`, `dvc/render/converter/vega.py`.
"""

from __future__ import annotations

import csv
import io
import json
import posixpath
from collections.abc import Hashable, Iterator, Mapping

from dvc_changelog.domain import PlotData, Points, Value
from dvc_changelog.snapshot import values, yaml12
from dvc_changelog.snapshot.unreadable import UnreadableError, check_conflict, decoded

PICTURES = frozenset((".jpg", ".jpeg", ".gif", ".png", ".svg"))
_TABLES = {".csv": ",", ".tsv": "\t"}
_YAML = frozenset((".yaml", ".yml"))
FORMATS = frozenset((*PICTURES, *_TABLES, *_YAML, ".json"))
"""What DVC can draw. In a directory of plots other files are none."""

_MOST = 8 * 2**20
_MOST_YAML = 2**20
"""Bytes of a file whose points are counted: a second's work. YAML takes ten times as long as the rest."""


def read(path: str, data: bytes, *, header: bool = True) -> PlotData:
    """What a plot's file holds. One that cannot be read, or is too large, gives the reason for it.

    Args:
        path: the file's; its suffix decides on the format.
        data: its content.
        header: whether the first line of a table names its columns.
    """
    suffix = posixpath.splitext(path)[1].lower()
    if suffix in PICTURES or suffix not in FORMATS:
        return PlotData(len(data))
    if len(data) > (_MOST_YAML if suffix in _YAML else _MOST):
        return PlotData(len(data), unread="too large to count its points")
    try:
        return PlotData(len(data), _points(suffix, data, header=header))
    except UnreadableError as error:
        return PlotData(len(data), unread=error.reason)


def _points(suffix: str, data: bytes, *, header: bool) -> Points:
    if delimiter := _TABLES.get(suffix):
        return _table(data, delimiter, header=header)
    if suffix == ".json":
        return _listed(values.read_json(data))
    return _listed(yaml12.document(data))


def _table(data: bytes, delimiter: str, *, header: bool) -> Points:
    """The rows of a table. Cells are text: DVC too leaves it to the drawing to see numbers in them."""
    text = decoded(data)
    try:
        rows = [tuple(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error as error:  # a cell beyond csv's limit, a null byte
        raise UnreadableError(f"not a table: {error}") from error
    check_conflict(text)
    if not rows:
        return Points()
    columns = rows.pop(0) if header else tuple(str(number) for number in range(len(rows[0])))
    width = len(columns)
    return Points(columns, tuple((*row, *("",) * (width - len(row)))[:width] for row in rows))


def _listed(document: Value) -> Points:
    """The lists of mappings with the same keys, at any depth of mappings; several go side by side."""
    merged: list[dict[str, Value]] = []
    for items in _lists(document):
        rows = [{str(k): v for k, v in item.items()} for item in items if isinstance(item, Mapping)]
        if rows and len(rows) == len(items):
            _merge(merged, rows)
    columns = tuple(dict.fromkeys(key for row in merged for key in row))
    return Points(columns, tuple(tuple(_cell(row.get(key)) for key in columns) for row in merged))


def _merge(merged: list[dict[str, Value]], items: list[dict[str, Value]]) -> None:
    if {key for item in items for key in item} != items[0].keys():
        return
    merged.extend({} for _ in range(len(items) - len(merged)))
    for row, item in zip(merged, items, strict=False):
        row.update(item)


def _lists(document: Value) -> Iterator[list[Value]]:
    if isinstance(document, list):
        yield document
    elif isinstance(document, Mapping):
        for value in document.values():
            if isinstance(value, list):
                yield value
            elif isinstance(value, Mapping):
                yield from _lists(value)


def _cell(value: Value) -> Hashable:
    """A value that can be compared: NaN is the same as NaN, and what is nested goes by its text."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124  # NaN alone differs from itself
        return ("NaN",)
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True, default=str)
    return value if isinstance(value, str | int | float | None) else str(value)
