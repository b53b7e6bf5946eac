"""What an option of the configuration says of itself: its kind, its documentation, the values it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field
from enum import StrEnum
from typing import Any

from dvc_changelog.dataclass import dataclass

_KEY = "option"


class Kind(StrEnum):
    """The shape of an option's value, in words for its user."""

    TEXT = "text"
    FLAG = "true or false"
    NUMBER = "whole number"
    LIST = "list of texts"
    TABLE = "table of texts"
    LISTS = "table of lists"
    RULES = "table of rules"
    TABLES = "list of rules"


def _as_it_is(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Option:
    """The documentation and the law of one field.

    `doc` is one or more whole sentences; `example` a line of TOML or "". `settle` takes a value of the right
    shape and gives the one to keep, or raises BadValueError; settling twice changes nothing.
    """

    kind: Kind
    doc: str
    example: str = ""
    settle: Callable[[Any], object] = _as_it_is


def about(
    kind: Kind, doc: str, example: str = "", settle: Callable[[Any], object] = _as_it_is
) -> Mapping[str, Option]:
    """Return the metadata of a dataclass field that is an option."""
    return {_KEY: Option(kind, doc, example, settle)}


def option_of(field: Field[Any]) -> Option | None:
    """Return what a field says of itself, or None where it is no option."""
    option = field.metadata.get(_KEY)
    return option if isinstance(option, Option) else None


def kebab(name: str) -> str:
    """Return a name as it is documented in TOML: "tag_pattern" gives "tag-pattern"."""
    return name.replace("_", "-")


def snake(name: str) -> str:
    """Return a name as it is in Python: "tag-pattern" gives "tag_pattern"."""
    return name.replace("-", "_")
