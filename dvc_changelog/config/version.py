"""How a configuration may have versions numbered and tags named. It checks texts, and steps no version.

The words of a calendar are those of https://calver.org; `calendar_words` takes one apart for who fills it in.
"""

from __future__ import annotations

import re
from itertools import pairwise

from dvc_changelog.config.complaint import BadValueError

NO_CALENDAR = "none"
"""The calendar of who has none, whatever the tags look like."""

_WORD = re.compile(r"YYYY|YY|0Y|MM|0M|WW|0W|DD|0D|MICRO")
_SIZES = {"Y": 0, "M": 1, "W": 1, "D": 2, "MICRO": 3}
_FIXED = {"YYYY", "0Y", "0M", "0W", "0D"}
_NUMBERS = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*")
# What `git check-ref-format` refuses anywhere in a name, or at the start or the end of one of its parts.
_REFUSED = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|//|@\{|(?:^|/)\.|^[-/]|\.lock(?:/|$)|[/.]$|^@$")


def tag_format(value: str) -> str:
    """Return how a tag is named: `{version}` once, `{artifact}` once or not at all; "" stays."""
    if not value:
        return value
    if value.count("{version}") != 1:
        raise BadValueError(f"{value!r} must hold `{{version}}` once", 'Write "v{version}".')
    if value.count("{artifact}") > 1:
        raise BadValueError(f"{value!r} holds `{{artifact}}` twice", 'Write "{artifact}@v{version}".')
    name = value.replace("{version}", "0").replace("{artifact}", "a")
    if "{" in name or "}" in name:
        raise BadValueError(
            f"{value!r} holds a field that there is not", "There are `{version}` and `{artifact}`."
        )
    if not is_tag_name(name):
        raise BadValueError(f"{value!r} is no name that Git takes for a tag", 'Write "v{version}".')
    before, after = value.split("{version}")
    if before[-1:].isdigit() or after[:1].isdigit() or "{version}{artifact}" in value:
        raise BadValueError(f"{value!r} does not set the version apart", 'Put a "-" between.')
    return value


def calendar(value: str) -> str:
    """Return the words of a calendar version, from the year down, or "none", or ""."""
    if value in {"", NO_CALENDAR}:
        return value
    words = calendar_words(value)
    if not words:
        raise BadValueError(
            f"{value!r} is not made of calendar words",
            'Write YYYY, YY, 0Y, MM, 0M, WW, 0W, DD, 0D and MICRO, as in "YYYY.MM.MICRO"; '
            f'"{NO_CALENDAR}" is for versions without a date.',
        )
    sizes = [_size(word) for word, _ in words]
    if sizes[0] != 0 or sizes != sorted(set(sizes)):
        raise BadValueError(
            f"{value!r} does not go from the year down, each once",
            'Versions must grow with time: write the year first and MICRO last, as in "YYYY.MM.MICRO".',
        )
    names = {word.lstrip("0")[:1] for word, _ in words if word != "MICRO"}
    if "D" in names and "M" not in names:
        raise BadValueError(f"{value!r} has a day without its month", 'Write "YYYY.MM.DD".')
    for (word, _), (after, separator) in pairwise(words):
        if not separator and not {word, after} <= _FIXED:
            raise BadValueError(
                f"{value!r} cannot be read back: nothing parts {word} from {after}",
                f'Write "{word}.{after}", or words of one length, as in "YYYY0M0D".',
            )
    return value


def initial_version(value: str) -> str:
    """Return the version of a first release: numbers with dots between, no prefix and no prerelease."""
    if _NUMBERS.fullmatch(value):
        return value
    if value[:1] in {"v", "V"} and _NUMBERS.fullmatch(value[1:]):
        raise BadValueError(
            f"{value!r} is more than a version", f'Write "{value[1:]}"; what stands before is `tag-format`.'
        )
    raise BadValueError(
        f"{value!r} is not a version", 'Write numbers with dots between, such as "0.1.0" or "1.0.0".'
    )


def calendar_words(value: str) -> tuple[tuple[str, str], ...]:
    """Return each word of a calendar with the separator before it, or () where it has other words."""
    found: list[tuple[str, str]] = []
    rest = value
    while rest:
        separator = rest[0] if found and rest[0] in "._-" else ""
        word = _WORD.match(rest, len(separator))
        if not word:
            return ()
        found.append((word[0], separator))
        rest = rest[word.end() :]
    return tuple(found)


def is_tag_name(name: str) -> bool:
    """Whether Git takes this name for a tag."""
    return bool(name) and not _REFUSED.search(name)


def _size(word: str) -> int:
    return _SIZES[word] if word == "MICRO" else _SIZES[word[-1]]
