"""How large the step from one release to the next was, by their tags. Pure."""

from __future__ import annotations

from dvc_changelog.domain import Level
from dvc_changelog.history import TagName

_YEARS = range(1990, 2100)
_SEMANTIC = (2, 3)
"""How many numbers a version has whose first is the major one; a lone number only counts."""


def step_of(old: TagName, new: TagName) -> Level:
    """Which number of a semantic version went up first; NONE where the names do not tell.

    Prereleases, calendar versions, plain counters and versions that go down are no such step.
    """
    if old.line != new.line or new.prerelease or not old.version or not new.version:
        return Level.NONE
    # The parsed numbers end before their noughts: 1.0.0 is (1,).
    widest = max(len(old.version[0]), len(new.version[0]), _width(new.text))
    sides = [(*tag.version[0], 0, 0, 0)[:3] for tag in (old, new) if tag.version]
    before, after = sides
    if not _SEMANTIC[0] <= widest <= _SEMANTIC[1] or before[0] in _YEARS or after[0] in _YEARS:
        return Level.NONE
    if before >= after:
        return Level.NONE
    first = next(at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other)
    return (Level.MAJOR, Level.MINOR, Level.PATCH)[first]


def _width(text: str) -> int:
    """How many numbers the version at the end of a tag is written with."""
    digits = text.rpartition("v")[2] if "v" in text else text
    return digits.split("-")[0].split("+")[0].count(".") + 1
