"""The documentation of the rules that are built in, drawn from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dvc_changelog.config.option import kebab
from dvc_changelog.config.shape import literal
from dvc_changelog.versioning.defaults import TABLES


def rules_markdown() -> str:
    """Return a Markdown table of the rules that are built in, from the top: the level, and the conditions."""
    rows = ["| | Level | Where |", "|--:|:--|:--|"]
    for number, table in enumerate(TABLES, 1):
        where = ", ".join(_conditions(table)) or "everything else"
        rows.append(f"| {number} | {table['level']} | {where} |")
    return "\n".join(rows) + "\n"


def _conditions(table: Mapping[str, object]) -> Iterator[str]:
    for key, value in table.items():
        if key != "level":
            yield f"`{kebab(key)} = {literal(value)}`"
