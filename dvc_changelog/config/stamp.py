"""Where the version stands in files, as the option `version-files` says it. It reads no file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from types import MappingProxyType

from dvc_changelog.config.complaint import BadValueError
from dvc_changelog.dataclass import dataclass

PLACEHOLDER = "{version}"

USUAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pyproject.toml": ("project.version", "tool.poetry.version"),
        "Cargo.toml": ("package.version", "workspace.package.version"),
        "pixi.toml": ("workspace.version", "project.version"),
        "package.json": ("version",),
        "CITATION.cff": ("version",),
        "setup.cfg": ("metadata.version",),
        "VERSION": (PLACEHOLDER,),
        "VERSION.txt": (PLACEHOLDER,),
        "version.txt": (PLACEHOLDER,),
    }
)
"""Files that need no more than their name: the keys of which the first there is holds the version."""
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        ".toml": "TOML",
        ".json": "JSON",
        ".yaml": "YAML",
        ".yml": "YAML",
        ".cff": "YAML",
        ".cfg": "INI",
        ".ini": "INI",
    }
)
"""The formats in which a key is found, by the suffix of the file's name."""

_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Stamp:
    """One place of the version: in the files of a path or glob, below a key or within a text.

    `keys` are those of which the first there is counts, each in its parts; else `pattern` is the text around,
    with `{version}` in it. `text` is what the configuration says.
    """

    text: str
    path: str
    keys: tuple[tuple[str, ...], ...] = ()
    pattern: str = ""

    @property
    def glob(self) -> bool:
        """Whether the path stands for several files."""
        return bool(_GLOB & set(self.path))


def version_files(value: tuple[str, ...]) -> tuple[str, ...]:
    """Return the places of the version, each once: every one says where in its file it is."""
    for text in value:
        stamp(text)
    return tuple(dict.fromkeys(value))


def stamp(text: str) -> Stamp:
    """Return a place as it is understood; raises BadValueError where it is none."""
    path, colon, place = text.partition(":")
    path = _path(path, text)
    name = posixpath.basename(path)
    if not colon and name in USUAL:
        usual = USUAL[name]
        if usual == (PLACEHOLDER,):
            return Stamp(text, path, pattern=PLACEHOLDER)
        return Stamp(text, path, tuple(tuple(key.split(".")) for key in usual))
    if not place.strip():
        raise BadValueError(f"{text!r} does not say where the version stands in it", _how(path))
    if PLACEHOLDER in place:
        return Stamp(text, path, pattern=place)
    if posixpath.splitext(name)[1].lower() not in FORMATS:
        raise BadValueError(
            f"{text!r} has no {PLACEHOLDER} in it, and {name} is no file with keys", _how(path)
        )
    return Stamp(text, path, (_key(place.strip(), text),))


def _path(path: str, text: str) -> str:
    """Return a path below the Git root as Git writes it."""
    if not path.strip():
        raise BadValueError(f"{text!r} names no file" if text.strip() else "holds an empty path", _how(""))
    settled = posixpath.normpath(path.strip().replace("\\", "/"))
    if posixpath.isabs(settled) or settled.split("/")[0] == "..":
        raise BadValueError(f"{text!r} leads out of the repository", "Write it from the Git root.")
    return settled


def _key(place: str, text: str) -> tuple[str, ...]:
    """Return the parts of a dotted key: as in TOML, where a part with other signs stands in quotes."""
    import tomllib

    parts: list[str] = []
    table: object = {}
    if not re.search(r"[\n#]", place):
        try:
            table = tomllib.loads(f"{place} = 1")
        except ValueError:
            table = {}
    while isinstance(table, dict) and len(table) == 1:
        (part, table), *_ = table.items()
        parts.append(part)
    if not parts or table != 1:
        raise BadValueError(
            f"{text!r} is neither a dotted key nor a text with {PLACEHOLDER}",
            f"Put a part with other signs than letters, digits, `-` and `_` into quotes, as in "
            f'`package-lock.json:packages."".version`, or write {PLACEHOLDER} where the version stands.',
        )
    return tuple(parts)


def _how(path: str) -> str:
    """Return how a place in a file is written."""
    path = path or "src/churn/__init__.py"
    suffix = posixpath.splitext(path)[1].lower()
    if suffix in FORMATS:
        text = f"`{path}:version: {PLACEHOLDER}`"
        return f"Name the key, as in `{path}:project.version`, or the text around it, as in {text}."
    return f'Write the text around the version, as in `{path}:__version__ = "{PLACEHOLDER}"`.'
