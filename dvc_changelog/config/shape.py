"""The shapes of values: from TOML and from environment variables into frozen values, and back into TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from dvc_changelog.config.complaint import BadValueError
from dvc_changelog.config.option import Kind

_WORDS = {
    Kind.TEXT: "must be text in quotes",
    Kind.FLAG: "must be true or false",
    Kind.NUMBER: "must be a whole number",
    Kind.LIST: "must be a list of texts",
    Kind.TABLE: "must be a table of texts",
    Kind.LISTS: "must be a table of lists of texts",
    Kind.RULES: "must be a table of rules",
    Kind.TABLES: "must be a list of rules",
}
# No option needs more digits, and Python refuses to read thousands of them.
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_FLAGS = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}


def shaped(kind: Kind, raw: object) -> object:
    """Return a raw value (of TOML, or of a caller) as the frozen one of its kind.

    Raises BadValueError where it has another shape.
    """
    match kind:
        case Kind.TEXT:
            return _text(raw)
        case Kind.FLAG:
            if not isinstance(raw, bool):
                raise _wrong(kind, raw)
            return raw
        case Kind.NUMBER:
            if not isinstance(raw, int) or isinstance(raw, bool):
                raise _wrong(kind, raw)
            return raw
        case Kind.LIST:
            return _texts(raw)
        case Kind.TABLE:
            return MappingProxyType({key: _text(item, key) for key, item in _items(kind, raw)})
        case Kind.LISTS:
            return MappingProxyType({key: _texts(item, key) for key, item in _items(kind, raw)})
        case Kind.RULES | Kind.TABLES:
            return _rules(kind, raw)
        case _:
            assert_never(kind)


def from_variable(kind: Kind, text: str) -> object:
    """Return the value of an environment variable: a list with commas or as TOML, a table as TOML.

    Raises BadValueError where it has another shape.
    """
    match kind:
        case Kind.TEXT:
            return text
        case Kind.FLAG:
            flag = _FLAGS.get(text.strip().lower())
            return shaped(kind, text if flag is None else flag)
        case Kind.NUMBER:
            return shaped(kind, int(text) if _NUMBER.fullmatch(text.strip()) else text)
        case Kind.LIST:
            array = _toml(text)
            parts = [part.strip() for part in text.split(",")]
            return shaped(kind, array if isinstance(array, list) else [part for part in parts if part])
        case Kind.TABLES:
            array = _toml(text)
            return shaped(kind, array if isinstance(array, list) else text)
        case Kind.TABLE | Kind.LISTS | Kind.RULES:
            table = _toml(text)
            return shaped(kind, table if isinstance(table, dict) else text)
        case _:
            assert_never(kind)


def literal(value: object) -> str:
    """Return a frozen value as TOML on one line."""
    import json

    if isinstance(value, str):
        # A JSON string is a TOML one, but for the delete character, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{bare(key)} = {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    return str(value)


def bare(key: str) -> str:
    """Return a key as TOML: in quotes where it needs them."""
    plain = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if plain else literal(key)


def _toml(text: str) -> object:
    """Return the one TOML value that `text` is, or None where it is not one."""
    import tomllib

    try:
        table = tomllib.loads(f"value = {text.strip()}")
    except (ValueError, RecursionError):  # not TOML, a number of thousands of digits, or nested too deeply
        return None
    return table["value"] if len(table) == 1 else None


def _wrong(kind: Kind, raw: object, key: str = "") -> BadValueError:
    """Return the error for a value of another kind, under `key` of a table or ""."""
    of = f"`{key}` " if key else ""
    return BadValueError(f"{of}{_WORDS[kind]}, not {_named(raw)}", _remedy(kind, raw), key)


def _text(raw: object, key: str = "") -> str:
    if not isinstance(raw, str):
        raise _wrong(Kind.TEXT, raw, key)
    return raw


def _texts(raw: object, key: str = "") -> tuple[str, ...]:
    if not isinstance(raw, list | tuple):
        raise _wrong(Kind.LIST, raw, key)
    texts = tuple(item for item in raw if isinstance(item, str))
    if len(texts) < len(raw):
        raise _wrong(Kind.LIST, next(item for item in raw if not isinstance(item, str)), key)
    return texts


def _items(kind: Kind, raw: object) -> list[tuple[str, object]]:
    if not isinstance(raw, Mapping):
        raise _wrong(kind, raw)
    return [(str(key), item) for key, item in raw.items()]


def _rules(kind: Kind, raw: object) -> object:
    """Return rules as they are: what one says, its own law checks."""
    if kind is Kind.RULES:
        return MappingProxyType(dict(_items(kind, raw)))
    if not isinstance(raw, list | tuple):
        raise _wrong(kind, raw)
    return tuple(raw)


def _named(raw: object) -> str:
    """Return what a raw value is, for a message."""
    match raw:
        case bool():
            return str(raw).lower()
        case str():
            return f"the text {literal(raw)}"
        case int() | float():
            return f"the number {raw}"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "a table"
        case _:
            return f"a {type(raw).__name__}"


def _remedy(kind: Kind, raw: object) -> str:
    """Return how the value is written right."""
    match kind:
        case Kind.TEXT:
            return f"Write {literal(str(raw))}." if isinstance(raw, int | float) else 'Write "…".'
        case Kind.FLAG:
            return "Write true or false, without quotes."
        case Kind.NUMBER:
            return "Write a number such as 15, without quotes."
        case Kind.LIST:
            return f"Write [{literal(raw)}]." if isinstance(raw, str) else 'Write ["…", "…"].'
        case Kind.TABLE:
            return 'Write {Name = "…"}.'
        case Kind.LISTS:
            return 'Write {Name = ["…", "…"]}.'
        case Kind.RULES:
            return 'Write {"test.auc" = {better = "higher"}}.'
        case Kind.TABLES:
            return 'Write [{kind = "model", change = "added", level = "minor"}].'
        case _:
            assert_never(kind)
