"""A tag's name taken apart as it is spelt: prefix, digits, separators, prerelease. It decides nothing.

What the name means is said by `history.tags`; a way to take it apart that means something else is no way.
"""

from __future__ import annotations

import re
from functools import cache

from dvc_changelog.dataclass import dataclass
from dvc_changelog.history import TagName
from dvc_changelog.history.tags import TagKind

_BODY = re.compile(
    r"(?P<numbers>\d+(?:[._-]\d+)*)"
    r"(?:(?P<lead>[-._]?)(?P<word>[A-Za-z]+)(?P<joint>[-._]?)(?P<serial>\d*)(?:[-._]\d+)*)?"
    r"(?:\+[0-9A-Za-z.-]+)?(?:#\d+)?",
    re.ASCII,
)
_ODD = re.compile(r"(?P<prefix>[vV]?)(?P<numbers>\d+(?:[._-]\d+)+)[-_+ ].+", re.ASCII)
_START = re.compile(r"(?<!\d)\d", re.ASCII)
_LONGEST = 9  # digits of a number; what is longer is the time of a build


@dataclass(frozen=True, slots=True)
class Spelling:
    """A tag that is a version, in pieces: `digits` and the `separators` between them stand after `prefix`.

    Of a prerelease, `word` and `serial` are those in "-rc.1", with `lead` before and `joint` between them.
    """

    tag: TagName
    prefix: str
    digits: tuple[str, ...]
    separators: tuple[str, ...]
    lead: str = ""
    word: str = ""
    joint: str = ""
    serial: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers as they are counted."""
        return tuple(int(digits) for digits in self.digits)

    @property
    def written(self) -> str:
        """The numbers as they are written."""
        parts = zip(self.digits, (*self.separators, ""), strict=True)
        return "".join(digits + separator for digits, separator in parts)

    @property
    def lettered(self) -> bool:
        """Whether one letter stands before the numbers that does not say "version": `A4.1`, as for a task."""
        return len(self.prefix) == 1 and self.prefix.isalpha() and self.prefix.lower() not in "vr"


@cache  # every tag is asked about when its line is inferred, when it is counted, and when one follows
def spell(tag: TagName, suffix: str = "") -> Spelling | None:
    """Take apart a tag that is a version; `suffix` is what the team writes behind each.

    Returns:
        None for what is no version: an event of GTO, a name (`baseline`), a name with a number in front
        (`9-bigrams-model`, `2024-assessment-year`), the time of a build. A version with words behind that
        say nothing of a prerelease (`v0.2.0-test`) counts as that version, for its number is used.
    """
    if tag.version is None or tag.kind is not TagKind.RELEASE:
        return None
    text = tag.text.removesuffix(suffix) if suffix else tag.text
    for start in _START.finditer(text):
        found = _BODY.fullmatch(text, start.start())
        if found and _agrees(tag, found):
            return _pieces(tag, text[: start.start()], found["numbers"], found)
    odd = _ODD.fullmatch(text)
    if odd and _counted(odd["numbers"]) == tag.version[0] and not tag.prerelease:
        return _pieces(tag, odd["prefix"], odd["numbers"], None)
    return None


def without_zeros(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Return the numbers without zeros behind, one at least: 1.0 and 1.0.0 are one version."""
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


def _agrees(tag: TagName, found: re.Match[str]) -> bool:
    """Whether these pieces mean what the tag means."""
    assert tag.version is not None
    numbers, place, _, serial = tag.version
    if _counted(found["numbers"]) != numbers or any(len(d) > _LONGEST for d in _split(found["numbers"])):
        return False
    word = found["word"] or ""
    return (place != 0) == bool(word) and (not word or int(found["serial"] or 0) == serial)


def _pieces(tag: TagName, prefix: str, numbers: str, found: re.Match[str] | None) -> Spelling | None:
    if "{" in prefix or "}" in prefix:
        return None
    separators = tuple(re.findall(r"[._-]", numbers))
    pre = found if found and tag.prerelease else None
    return Spelling(
        tag,
        prefix,
        tuple(_split(numbers)),
        separators,
        lead=pre["lead"] if pre else "",
        word=pre["word"] if pre else "",
        joint=pre["joint"] if pre else "",
        serial=pre["serial"] if pre else "",
    )


def _split(numbers: str) -> list[str]:
    return re.split(r"[._-]", numbers)


def _counted(numbers: str) -> tuple[int, ...]:
    return without_zeros(tuple(int(digits) for digits in _split(numbers)))
