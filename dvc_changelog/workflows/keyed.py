"""Where in a file of TOML, JSON, YAML or INI the value of a key stands, by what a parser makes of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dvc_changelog.config.stamp import FORMATS
from dvc_changelog.dataclass import dataclass

_VERSION = re.compile(r"v?([0-9][0-9A-Za-z]*(?:[.+!_-][0-9A-Za-z]+)*)")
_DYNAMIC = (
    "its version is dynamic: a plugin of the build takes it from a file or from the tag",
    'Name that file, as in `src/churn/__init__.py:__version__ = "{version}"`; if it is the tag, name none.',
)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The characters of a version."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unkeyed:
    """Why no version is found; `absent` says that the file just has no such key."""

    what: str
    remedy: str
    absent: bool = False


def found_at(path: str, text: str, keys: Sequence[Key], version: str) -> Place | Unkeyed:
    """The place of the version that the first of these keys holds.

    Args:
        path: tells the format, by its suffix.
        text: what the file holds.
        keys: each in its parts; that of a list is a number.
        version: the one to be set there.

    Returns:
        the characters that, replaced by the version, change this value and nothing else.
    """
    name = FORMATS[posixpath.splitext(path)[1].lower()]
    try:
        data = _PARSERS[name](_bare(text))
    except Exception as error:  # noqa: BLE001  # each parser has errors of its own
        said = " ".join(str(error).split())
        return Unkeyed(
            f"cannot be read as {name}: {said}", "Correct it, or write the text around the version."
        )
    here = [(key, value) for key in keys if (value := _value(data, key)) is not None]
    key, value = next(((key, value) for key, value in here if isinstance(value, str)), (None, None))
    if key is None or value is None:
        return _without(data, keys, here)
    held = _VERSION.fullmatch(value)
    if held is None:
        return Unkeyed(
            f"`{_dotted(key)}` is {value!r}, which is no version",
            f"Write a version there, or the text around it: `{path}:… {{version}} …`.",
        )
    before = value.removesuffix(held[1])
    # Any version that is not the one there would do; the one to be set is what has to be read.
    new = version if version != held[1] else f"{version}.1"
    wanted = _replaced(data, key, before + new)
    for match in re.finditer(rf"(?<![\w.]){re.escape(value)}(?![\w.])", text):
        start = match.start() + len(before)
        place = Place(start, match.end())
        if _same(name, text[: place.start] + new + text[place.end :], wanted):
            return place
    return Unkeyed(
        f"`{_dotted(key)}` cannot be set by itself: it is written in an unusual way, or used elsewhere too",
        f"Write the text around it: `{path}:… {{version}} …`.",
    )


def _without(data: Any, keys: Sequence[Key], here: Sequence[tuple[Key, Any]]) -> Unkeyed:
    """What is there in place of a text."""
    dynamic = _value(data, ("project", "dynamic"))
    if isinstance(dynamic, list) and "version" in dynamic and ("project", "version") in keys:
        return Unkeyed(*_DYNAMIC)
    if here:
        (key, value), *_ = here
        kind = "table" if isinstance(value, Mapping) else "list" if isinstance(value, list) else "number"
        return Unkeyed(f"`{_dotted(key)}` is a {kind}, not a text", "Put the version into quotes there.")
    names = " nor ".join(f"`{_dotted(key)}`" for key in keys)
    lacks = f"has neither {names}" if len(keys) > 1 else f"has no {names}"
    return Unkeyed(lacks, "Add it, or name another key or the text around the version.", absent=True)


def _dotted(key: Key) -> str:
    from dvc_changelog.config.shape import bare

    return ".".join(bare(part) if part else '""' for part in key)


def _value(data: Any, key: Key) -> Any:
    """What stands below a key; None where there is nothing."""
    for part in key:
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


def _replaced(data: Any, key: Key, value: str) -> Any:
    """The same with another value below a key that is there."""
    if not key:
        return value
    first, *rest = key
    if isinstance(data, list):
        at = int(first)
        return [*data[:at], _replaced(data[at], tuple(rest), value), *data[at + 1 :]]
    return {**data, first: _replaced(data[first], tuple(rest), value)}


def _same(name: str, text: str, wanted: Any) -> bool:
    try:
        return bool(_PARSERS[name](_bare(text)) == wanted)
    except Exception:  # noqa: BLE001  # then this was not the place
        return False


def _bare(text: str) -> str:
    return text.removeprefix("\ufeff")


def _toml(text: str) -> Any:
    import tomllib

    return tomllib.loads(text, parse_float=str)  # as text: `nan` is not equal to itself


def _json(text: str) -> Any:
    import json

    return json.loads(text, parse_float=str, parse_constant=str)


def _yaml(text: str) -> Any:
    import yaml

    # Every scalar as the text that stands there: 1.10 is a version, no number.
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506  # makes no object


def _ini(text: str) -> Any:
    from configparser import RawConfigParser

    parser = RawConfigParser(strict=False, allow_no_value=True)
    parser.read_string(text)
    return {name: dict(parser.items(name)) for name in parser.sections()}


_PARSERS: Mapping[str, Callable[[str], Any]] = {"TOML": _toml, "JSON": _json, "YAML": _yaml, "INI": _ini}
