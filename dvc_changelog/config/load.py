"""The configuration as it holds for one run: the file, then the environment over it, all of it checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dvc_changelog.config.complaint import BadValueError, nearest, suggest
from dvc_changelog.config.option import kebab, snake
from dvc_changelog.config.place import Found, find, parsed
from dvc_changelog.config.settings import Config, options, settle
from dvc_changelog.config.shape import from_variable, shaped
from dvc_changelog.errors import ConfigError

PREFIX = "DVC_CHANGELOG_"
_FILE = f"{PREFIX}CONFIG"
_NO_OPTIONS = frozenset({_FILE, PREFIX + "DEBUG", PREFIX + "TOKEN", PREFIX + "API_URL"})
"""Variables of ours that are no options: a token must not stand in a file."""
"""Read by `cli` alone: shows where a defect arose."""


def load(root: Path, explicit: Path | None, environ: Mapping[str, str]) -> Config:
    """Return the configuration of the repository at `root`.

    `explicit` is the file that the user named; else DVC_CHANGELOG_CONFIG may name one, else it is looked for
    in `root`. Variables DVC_CHANGELOG_<OPTION> come over the file; an empty one counts as not set.
    Raises ConfigError for what cannot be read or used, with the place, the key and the nearest right one.
    """
    if explicit is None and environ.get(_FILE):
        explicit = Path(environ[_FILE])
    found = find(root, explicit)
    in_file = _from_file(found) if found else {}
    in_environment = _from_environment(environ)
    config = Config().with_settled({**in_file, **in_environment}, found.label if found else "")
    for name, error in config.at_odds():
        if found and name in in_file and name not in in_environment:
            raise _in_file(found, _written(found, name), error) from error
        raise _in_variable(_variable(name), error) from error
    return config


def read(label: str, raw: bytes) -> Config | None:
    """Return the configuration that the bytes of a file hold, whatever the environment says.

    None for a pyproject.toml without one. Raises ConfigError as `load` does.
    """
    found = parsed(label, raw)
    return Config().with_settled(_from_file(found), label) if found else None


def _from_file(found: Found) -> dict[str, object]:
    """Return the settled values of a file under their field names."""
    known = options()
    values: dict[str, object] = {}
    for key, raw in found.table.items():
        name = snake(key)
        if name not in known:
            raise _unknown_key(found, key, raw)
        if name in values:
            raise ConfigError(
                found.label, f"`{kebab(name)}` is set twice: with `-` and with `_`", "Keep the first."
            )
        try:
            values[name] = settle(name, shaped(known[name].kind, raw))
        except BadValueError as error:
            raise _in_file(found, key, error) from error
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    """Return the settled values of the DVC_CHANGELOG_* variables under their field names."""
    known = options()
    values: dict[str, object] = {}
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or variable in _NO_OPTIONS:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known or variable != _variable(name):
            names = [_FILE, *map(_variable, known)]
            raise ConfigError(variable, "unknown environment variable", suggest(variable, names))
        text = environ[variable]
        if not text.strip():
            continue
        try:
            values[name] = settle(name, from_variable(known[name].kind, text))
        except BadValueError as error:
            raise _in_variable(variable, error) from error
    return values


def _unknown_key(found: Found, key: str, raw: object) -> ConfigError:
    """Return the error for a key that is no option."""
    names = [kebab(name) for name in options()]
    remedy = suggest(kebab(key), names)
    what = f"unknown table [{key}]" if isinstance(raw, Mapping) else f"unknown option `{key}`"
    if key == "tool" and isinstance(raw, Mapping):
        remedy = "Write the options without a table; [tool.dvc-changelog] is for pyproject.toml."
    elif isinstance(raw, Mapping) and not nearest(key, names):
        remedy = f"Write the options without a table. {remedy}"
    return ConfigError(found.label, f"{_line(found, key)}{what}", remedy)


def _in_file(found: Found, key: str, error: BadValueError) -> ConfigError:
    line = _line(found, error.key, key) if error.key else _line(found, key)
    return ConfigError(found.label, f"{line}`{kebab(key)}`: {error.what}", error.remedy)


def _in_variable(variable: str, error: BadValueError) -> ConfigError:
    return ConfigError(variable, error.what, error.remedy)


def _line(found: Found, key: str, within: str = "") -> str:
    line = found.line_of(key, within)
    return f"line {line}: " if line else ""


def _written(found: Found, name: str) -> str:
    """Return the key of an option as the file spells it."""
    return next(key for key in found.table if snake(key) == name)


def _variable(name: str) -> str:
    return PREFIX + name.upper()
