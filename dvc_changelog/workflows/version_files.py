"""The files that hold the version, with another one in its place. It writes nothing.

A parser of the format says which characters are the value of a key: those that change it, and nothing else of
what the file says. So whatever stands around stays, byte for byte, which no writer of TOML, YAML and JSON at
once gives. bump-my-version (1.8) takes the text around a version as we do, but it has to be told the version
before, and given a key it changes a pinned dependency of that version along with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from dvc_changelog.config.complaint import BadValueError
from dvc_changelog.config.stamp import PLACEHOLDER, Stamp, stamp
from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import ConfigError
from dvc_changelog.workflows.keyed import Place, Unkeyed, found_at

Read = Callable[[str], bytes | None]

_ANY = r"[0-9][0-9A-Za-z]*(?:[.+!_-][0-9A-Za-z]+)*"
"""A version with text behind it, which tells where it ends."""
_WORDS = "a|b|c|rc|alpha|beta|pre|preview|dev|post|rev|r|next|canary|nightly|snapshot"
_PRE = rf"[._-]?(?i:{_WORDS})(?:[._-]?[0-9]+)?(?![0-9A-Za-z])"
_NAMED = r"-[A-Za-z]+\.[0-9]+"
_BUILD = r"\+[0-9A-Za-z]+(?:[._][0-9A-Za-z]+)*"
_KNOWN = rf"(?:[0-9]+!)?[0-9]+(?:[._-][0-9]+)*(?:{_PRE})*(?:{_NAMED})?(?:{_BUILD})?"
"""A version of PEP 440 or SemVer with nothing behind it: "-slim" of an image's tag is no part of it."""
_MORE = rf"{_PRE}|{_NAMED}|{_BUILD}|[._-][0-9]"
_ENDS = r"(?!\.?[0-9A-Za-z])"
_ALONE = rf"\A(\ufeff?\s*v?)({_ANY})(\s*)\Z"


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """Which characters of a text are a version, and which entry of the configuration says so."""

    start: int
    end: int
    entry: str


def stamped(
    files: Sequence[str],
    read: Read,
    version: str,
    *,
    current: str = "",
    paths: Callable[[], Iterable[str]] = tuple,
) -> Mapping[str, bytes]:
    """The files of the option `version-files` with another version.

    Args:
        files: the option's texts.
        read: the bytes of a file by its path from the Git root, None where Git has none.
        version: the one to be set.
        current: the one before, where it is known: then it is found however it is written.
        paths: all files that Git has; only asked where a path is a glob.

    Returns:
        the new bytes of each file that changes; all that is not the version stays.

    Raises:
        ConfigError: a file, key or text is not there, or does not hold a version; with the remedy.
    """
    edits: dict[str, set[_Edit]] = {}
    texts: dict[str, str] = {}
    for entry in dict.fromkeys(files):
        place = _understood(entry)
        versions = (version, current) if current else (version,)
        for path, text, found in _places(place, read, paths, versions):
            texts[path] = text
            edits.setdefault(path, set()).update(found)
    changed = {path: _edited(path, text, sorted(edits[path]), version) for path, text in texts.items()}
    return {path: text.encode() for path, text in changed.items() if text != texts[path]}


def _understood(entry: str) -> Stamp:
    try:
        return stamp(entry)
    except BadValueError as error:
        raise ConfigError("version-files", error.what, error.remedy) from error


def _places(
    place: Stamp, read: Read, paths: Callable[[], Iterable[str]], versions: tuple[str, ...]
) -> Iterator[tuple[str, str, list[_Edit]]]:
    """The files that an entry means, each with its text and the places of the version: of a glob those alone
    that have one.
    """
    if not place.glob:
        text = _text(place.path, read(place.path))
        yield place.path, text, _found(place, place.path, text, versions)
        return
    meant = list(_matching(place.path, paths()))
    if not meant:
        raise ConfigError("version-files", f"{place.path!r} matches no file of Git", "Correct or remove it.")
    first: ConfigError | None = None
    none = True
    for path in meant:
        try:
            text = _text(path, read(path))
            found = _found(place, path, text, versions)
        except _NothingHereError as error:
            first = first or error
        else:
            none = False
            yield path, text, found
    if none and first:
        raise first


class _NothingHereError(ConfigError):
    """A file without the place that was asked for: of several files, others may have it."""


def _matching(glob: str, paths: Iterable[str]) -> Iterator[str]:
    from pathspec import GitIgnoreSpec

    spec = GitIgnoreSpec.from_lines([f"/{glob}"])
    for path in paths:
        # As in .gitignore a directory would stand for all below it.
        if spec.match_file(path) and ("**" in glob or path.count("/") == glob.count("/")):
            yield path


def _text(path: str, data: bytes | None) -> str:
    if data is None:
        raise ConfigError(
            path,
            "Git has no such file: it is missing, ignored, a link, or tracked by DVC",
            "`git add` it, or take it out of `version-files`.",
        )
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _NothingHereError(
            path, "is not UTF-8", "Save it as UTF-8, or take it out of `version-files`."
        ) from error


def _found(place: Stamp, path: str, text: str, versions: tuple[str, ...]) -> list[_Edit]:
    if not place.pattern:
        return [_keyed(place, path, text, versions[0])]
    regex = _regex(place.pattern, versions)
    # The groups take turns: what stands around, a version, what stands around.
    spans = [
        match.span(group)
        for match in re.finditer(regex, text)
        for group in range(2, len(match.groups()) + 1, 2)
    ]
    held = list(dict.fromkeys(text[start:end] for start, end in spans))
    if not held:
        raise _NothingHereError(path, *_not_found(place.pattern))
    if len(held) > 1:
        raise ConfigError(
            path,
            f"`{place.pattern}` is found with several versions: {', '.join(held)}",
            "Write more of the text around the one that is this project's, or make them the same.",
        )
    return [_Edit(start, end, place.text) for start, end in spans]


def _regex(pattern: str, versions: tuple[str, ...]) -> str:
    """The regular expression of a text around a version, in groups: text, version, text, …"""
    if pattern.strip() == PLACEHOLDER:
        return _ALONE
    exact = "|".join(sorted(map(re.escape, versions), key=len, reverse=True))
    last = rf"(?:{exact})(?!{_MORE}){_ENDS}|{_KNOWN}{_ENDS}"
    texts = [re.escape(text).replace("\\\n", r"\r?\n") for text in pattern.split(PLACEHOLDER)]
    before = r"(?<![0-9A-Za-z.])v?" if not texts[0] else ""
    parts = [f"({before}{texts[0]})"]
    for text in texts[1:]:
        parts += [f"({_ANY})" if text else f"({last})", f"({text})"]
    return "".join(parts)


def _not_found(pattern: str) -> tuple[str, str]:
    if pattern.strip() == PLACEHOLDER:
        return "holds more than a version, or none", f"Write the text around {PLACEHOLDER} too."
    return (
        f"`{pattern}` is not found, with any version in the place of {PLACEHOLDER}",
        "Write it as the file does, with what follows the version on its line.",
    )


def _keyed(place: Stamp, path: str, text: str, version: str) -> _Edit:
    match found_at(path, text, place.keys, version):
        case Place(start, end):
            return _Edit(start, end, place.text)
        case Unkeyed(what, remedy, absent):
            error = _NothingHereError if absent else ConfigError
            raise error(path, what, remedy)


def _edited(path: str, text: str, edits: list[_Edit], version: str) -> str:
    """A text with the version in all these places; an entry may say again what another one says."""
    for one, other in pairwise(edits):
        same = (one.start, one.end) == (other.start, other.end)
        if other.start < one.end and not same:
            raise ConfigError(
                path,
                f"`version-files` has two entries for one place that disagree: `{one.entry}` and "
                f"`{other.entry}`",
                "Keep one of them.",
            )
    for start, end in sorted({(edit.start, edit.end) for edit in edits}, reverse=True):
        text = text[:start] + version + text[end:]
    return text
