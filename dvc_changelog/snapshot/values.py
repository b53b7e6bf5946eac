"""Params and metrics files: bytes to values, values to dotted names, as DVC reads, names and selects them.

It knows the four formats and DVC's naming, not which files hold params or metrics.
"""

from __future__ import annotations

import ast
import contextlib
import json
import posixpath
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from dvc_changelog.domain.content import Value
from dvc_changelog.snapshot import yaml12
from dvc_changelog.snapshot.unreadable import UnreadableError, check_conflict, decoded

_TOO_DEEP = "nested too deeply"
_GLOB = re.compile(r"[*?\[]")


def parse(path: str, data: bytes) -> Any:
    """The value of a params or metrics file: a mapping as a rule, else a list or a scalar.

    The suffix decides, as in dvc.utils.serialize: .json, .toml and .py, and YAML for all others. It is all
    that follows the name's first dot: DVC reads metrics.v1.json as YAML. What is empty is `{}`, as in DVC,
    but a lone number stays even when it is 0, which DVC drops: it is a metric. Values that JSON has no type
    for become what it has: tuples and sets lists, dates text. Raises UnreadableError.
    """
    match _suffix(path):
        case "json":
            return _or_empty(read_json(data))
        case "toml":
            return _plain(read_toml(data))
        case "py":
            return _plain(_read_py(data))
        case _:
            return _or_empty(_plain(yaml12.document(data)))


def is_yaml(path: str) -> bool:
    """Whether `parse` takes a file for YAML."""
    return _suffix(path) not in {"json", "toml", "py"}


def _suffix(path: str) -> str:
    return posixpath.basename(path).partition(".")[2].lower()


def flatten(data: Value) -> dict[str, Value]:
    """Dotted names to values, as `dvc params diff` and `dvc metrics diff` name them (dvc/utils/flatten.py).

    Lists are values; an empty mapping leaves no name; a lone value has the name "". Raises UnreadableError
    where two values would have one name (`a.b: 1` beside `a: {b: 2}`), on which DVC fails as well.
    """
    if not isinstance(data, Mapping):
        return {} if data is None else {"": data}
    result: dict[str, Value] = {}
    try:
        _flatten(data, "", result)
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error
    return result


def select(data: Value, keys: Sequence[str]) -> Value:
    """The part of a params file that a stage names, in the file's own shape; all of it if no keys are given.

    The keys are those of `params:` in dvc.yaml, as dvc.dependency.param.read_param_file takes them: names and
    list indices joined by dots, with the wildcards of fnmatch, and `**` for any depth. What is not there is
    not selected, nor is a name that has a dot in it. Where keys overlap, DVC doubles lists; here they stay. A
    key that is a number, on which DVC fails, is found by its digits.
    """
    if not keys:
        return data
    chosen: dict[Any, Any] = {}
    for key in keys:
        for place in _matches(data, key.lstrip(".").split(".")):
            if not place:
                return data
            _choose(chosen, place)
    return _pick(data, chosen) if chosen else {}


def metrics_only(data: Value) -> Value:
    """What counts as metrics: numbers, booleans and text, at any depth.

    Lists, nulls and the mappings that hold nothing else are left out (`_extract_metrics` in
    dvc/repo/metrics/show.py); `{}` if nothing is left.
    """
    try:
        return _or_empty(_metrics(data))
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error


def in_lists(data: Value, keys: Sequence[str]) -> dict[str, Value]:
    """The numbers, booleans and text that keys lead to through a list, which `metrics_only` leaves out.

    Keys are as in `select`; the names have the indices of lists: "metrics.0.result.share".
    """
    found: dict[str, Value] = {}
    try:
        for place in (place for key in keys for place in _matches(data, key.split("."))):
            here, listed = data, False
            for key in place:
                listed = listed or isinstance(here, list)
                here = here[key]  # type: ignore[index]  # `_matches` went this way
            if listed and isinstance(here, int | float | str):
                found[".".join(map(str, place))] = here
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error
    return found


def _metrics(data: Value) -> Value:
    if isinstance(data, int | float | str):
        return data
    if not isinstance(data, Mapping):
        return {}
    found = ((key, _metrics(value)) for key, value in data.items())
    return {key: value for key, value in found if value != {}}


def _or_empty(value: Any) -> Any:
    """`{}` for nothing, but not for the number 0."""
    return value if value or isinstance(value, int | float) else {}


def read_json(data: bytes) -> Any:
    """The value of a JSON file; NaN and Infinity are numbers. Raises UnreadableError."""
    text = decoded(data)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        check_conflict(text)
        raise UnreadableError(f"not valid JSON: line {error.lineno}: {error.msg}") from error
    except ValueError as error:  # a number of more digits than Python reads
        raise UnreadableError(f"not valid JSON: {error}") from error
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error


def read_toml(data: bytes) -> dict[str, Any]:
    """The table of a TOML file, dates as such. Raises UnreadableError."""
    import tomllib

    text = decoded(data)
    try:
        return tomllib.loads(text)
    except ValueError as error:
        check_conflict(text)
        raise UnreadableError(f"not valid TOML: {error}") from error
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error


def _read_py(data: bytes) -> Any:
    text = decoded(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in someone's old code
            tree = ast.parse(text)
        return _names(tree.body, only_self=False)
    except SyntaxError as error:
        check_conflict(text)
        raise UnreadableError(f"not valid Python: line {error.lineno or 1}: {error.msg}") from error
    except (ValueError, TypeError) as error:  # a null byte; a key or set member that cannot be hashed
        raise UnreadableError(f"not valid Python: {error}") from error
    except (RecursionError, MemoryError) as error:
        raise UnreadableError(_TOO_DEEP) from error


def _names(body: Sequence[ast.stmt], *, only_self: bool) -> dict[str, Any]:
    """What a module, a class or an `__init__` (there: of `self`) assigns, where the value is a literal."""
    result: dict[str, Any] = {}
    for statement in body:
        match statement:
            case (
                ast.Assign(targets=[target], value=value)
                | ast.AnnAssign(target=target, value=ast.expr() as value)
            ):
                name = _name(target, only_self=only_self)
                if name is not None:
                    with contextlib.suppress(ValueError):  # no literal: computed at run time
                        result[name] = ast.literal_eval(value)
            case ast.ClassDef(name=name, body=inner):
                result[name] = _names(inner, only_self=False)
            case ast.FunctionDef(name="__init__", body=inner):
                result |= _names(inner, only_self=True)
            case _:
                pass
    return result


def _name(target: ast.expr, *, only_self: bool) -> str | None:
    match target:
        case ast.Name(id=name) if not only_self:
            return name
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
        case _:
            return None


def _plain(value: Any) -> Any:
    """The value in JSON's types: sets in a fixed order, dates in ISO 8601, bytes and the rest as text."""
    try:
        return _converted(value)
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error


def _converted(value: Any) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {key: _converted(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_converted(inner) for inner in value]
        case set() | frozenset():
            return [
                _converted(inner)
                for inner in sorted(value, key=lambda item: (type(item).__name__, repr(item)))
            ]
        case bytes():
            return value.decode(errors="backslashreplace")
        case _:
            return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _flatten(data: Mapping[Any, Value], prefix: str, result: dict[str, Value]) -> None:
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            _flatten(value, f"{name}.", result)
        elif name in result:
            raise UnreadableError(f"two values have the name {name!r}")
        else:
            result[name] = value


def _matches(data: Value, parts: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The places, as keys and indices from the top, that a key's parts lead to."""
    if not parts:
        yield ()
        return
    deep = parts[0] == "**"
    if deep:
        yield from _matches(data, parts[1:])
    for key, value in _children(data, parts[0]):
        for place in _matches(value, parts if deep else parts[1:]):
            yield key, *place


def _children(data: Value, part: str) -> Iterator[tuple[Any, Value]]:
    """The entries of a mapping or list that one part names. -1 names the last of a list."""
    try:
        number: int | None = int(part)
    except ValueError:
        number = None
    if isinstance(data, Mapping):
        for key, value in data.items():
            if isinstance(key, int) and number is not None:
                fits = key == number
            else:
                fits = isinstance(key, int | str) and _fits(str(key), part)
            if fits:
                yield key, value
    elif isinstance(data, list):
        for index, value in enumerate(data):
            if number in {index, index - len(data)} or (number is None and _fits(str(index), part)):
                yield index, value


def _fits(name: str, part: str) -> bool:
    return fnmatchcase(name, part) if _GLOB.search(part) else name == part


def _choose(tree: dict[Any, Any], place: Sequence[Any]) -> None:
    """Mark a place in the tree of what is chosen, where None stands for all that is below."""
    for key in place[:-1]:
        below = tree.setdefault(key, {})
        if below is None:
            return
        tree = below
    tree[place[-1]] = None


def _pick(data: Any, tree: Mapping[Any, Any] | None) -> Any:
    """The chosen part of the data; a list keeps its indices, with None in the gaps, as in DVC."""
    if tree is None:
        return data
    if isinstance(data, Mapping):
        return {key: _pick(data[key], below) for key, below in tree.items()}
    return [_pick(data[index], tree[index]) if index in tree else None for index in range(max(tree) + 1)]
