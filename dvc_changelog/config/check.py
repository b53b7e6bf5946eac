"""The values an option takes, beyond their shape. Each function settles a value or raises BadValueError."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from types import MappingProxyType

from dvc_changelog.config.complaint import BadValueError, suggest
from dvc_changelog.domain import OF_REVIEW

NOTHING = "none"
FORGES = ("github", "gitlab", "bitbucket", "gitea")
FAIL_ON = (*OF_REVIEW, NOTHING)
TRAILERS: Mapping[str, str] = MappingProxyType(
    {"Reason": "reason", "Known-issue": "known-issue", "Note": "note"}
)

_TRAILER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_KIND = re.compile(r"[a-z][a-z0-9-]*")
_URL = re.compile(r"(?:[a-z][a-z+]*://[^\s/]+|(?:[^\s@/:]+@)?[^\s@/:]+:)\S*", re.IGNORECASE)


def pattern(value: str) -> str:
    """Return a regular expression of Python's `re`, or ""."""
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadValueError(
            f"{value!r} is not a regular expression: {error}",
            "Put a backslash before a sign that stands for itself, and the whole in 'single quotes'.",
        ) from error
    return value


def patterns(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return regular expressions, none of them empty: an empty one is found in every name."""
    if "" in values:
        raise BadValueError("holds an empty pattern, which matches everything", "Remove it.")
    return tuple(pattern(value) for value in values)


def globs(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return globs of paths below the Git root, none of them empty."""
    for value in values:
        if not value.strip():
            raise BadValueError("holds an empty path", "Remove it.")
        if ".." in value.split("/"):
            raise BadValueError(f"{value!r} leads out of the repository", "Write it from the Git root.")
    return values


def directory(value: str) -> str:
    """Return a directory below the Git root as Git writes it: no `./` before and no `/` behind; "" stays."""
    if not value:
        return value
    path = posixpath.normpath(value.replace("\\", "/"))
    if posixpath.isabs(path) or path.split("/")[0] == "..":
        raise BadValueError(f"{value!r} lies outside of the repository", "Write it from the Git root.")
    return path


def not_empty(value: str) -> str:
    """Return a text that says something."""
    if not value.strip():
        raise BadValueError("must not be empty", "Remove the line to have the default.")
    return value


def not_negative(value: int) -> int:
    """Return a number that is nought or more."""
    if value < 0:
        raise BadValueError(f"must not be negative, as {value} is", "Write 0 or more.")
    return value


def forge(value: str) -> str:
    """Return a forge that links can be made for, or ""."""
    if value and value not in FORGES:
        raise BadValueError(f"unknown forge `{value}`", suggest(value, FORGES))
    return value


def url(value: str) -> str:
    """Return the address of a remote, as Git or a browser takes it, or ""."""
    if value and not _URL.fullmatch(value):
        raise BadValueError(f"{value!r} is not an address", 'Write "https://github.com/owner/name".')
    return value


def trailers(value: Mapping[str, str]) -> Mapping[str, str]:
    """Return the default trailers and those given: a given one replaces its like, an empty kind drops it."""
    settled = dict(TRAILERS)
    for name, kind in value.items():
        if not _TRAILER.fullmatch(name):
            raise BadValueError(f"`{name}` cannot be a Git trailer", "Use letters, digits and `-`.", name)
        if kind and not _KIND.fullmatch(kind):
            raise BadValueError(
                f"`{name}` has the kind {kind!r}",
                'A kind is a word of small letters, digits and `-`, such as "reason".',
                name,
            )
        same = [key for key in settled if key.casefold() == name.casefold() and key != name]
        settled = {key: old for key, old in settled.items() if key not in same}
        settled[name] = kind
    return MappingProxyType({name: kind for name, kind in settled.items() if kind})


def release_message(value: str) -> str:
    """Return the subject of a release's commit: one line that names the tag or the version."""
    if "\n" in value or not ("{tag}" in value or "{version}" in value):
        raise BadValueError(
            f"{value!r} does not name the release in one line", 'Write "chore(release): {tag}".'
        )
    return value


def fail_on(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the kinds of findings that make a review fail, or "none" alone."""
    for value in values:
        if value not in FAIL_ON:
            raise BadValueError(f"{value!r} is nothing to fail on", suggest(value, FAIL_ON))
    if NOTHING in values and len(set(values)) > 1:
        raise BadValueError(f"has `{NOTHING}` beside others", "Leave one of them out.")
    return tuple(dict.fromkeys(values))
