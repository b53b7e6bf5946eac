"""Which way a metric is better, and its unit, by its name. What a name does not say for sure is left open."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from dvc_changelog.domain import Goal, Value
from dvc_changelog.insight import words as known

_MOST = 100_000
_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_QUANTILE = re.compile(r"(?:p|q)?\d+(?:th|st|k)?")
_DIRECTED = known.LOWER | known.HIGHER
_LEFT_OVER = re.compile("^\\s*[-\N{MINUS SIGN}]|(?:^|[\\s_.(])1\\s*[-\N{MINUS SIGN}]\\s*[A-Za-z]")
"""As in "1-auc", which may be that of class 1 as well, or "-loss"."""
_MAX_PARTS = 2
_UNITS = {
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "milliseconds"), "ms"),
    **dict.fromkeys(("seconds", "secs", "sec"), "s"),
    **dict.fromkeys(("minutes", "mins"), "min"),
    "hours": "h",
    "bytes": "bytes",
    **dict.fromkeys(("kb", "mb", "gb", "tb"), ""),
    **dict.fromkeys(("kib", "mib", "gib", "tib"), ""),
    "usd": "USD",
    "eur": "EUR",
    "kwh": "kWh",
    "wh": "Wh",
    "joules": "J",
    "watts": "W",
    "gco2": "g CO2",
    "kgco2": "kg CO2",
    "gco2e": "g CO2e",
    "kgco2e": "kg CO2e",
}
_SHORT = {"s": "s", "us": "µs", "ns": "ns", "h": "h"}
"""Units whose name may be another word: they count behind a word for time alone."""
_TIMES = frozenset(["latency", "time", "duration", "runtime", "elapsed"])
_BINARY = {"kib": "KiB", "mib": "MiB", "gib": "GiB", "tib": "TiB"}
_GASES = frozenset(("co2", "co2e", "co2eq"))
_MASSES = ("kg", "g", "t")


class _Told(NamedTuple):
    """What a name tells: which way is better, and on which side of nought all values are; 0 for either."""

    goal: Goal = Goal.NONE
    sign: int = 0

    @property
    def turned(self) -> _Told:
        """What is told of its negative."""
        return _Told(_OPPOSITE[self.goal], -self.sign)


_NOTHING = _Told()
_OPPOSITE = {Goal.LOWER: Goal.HIGHER, Goal.HIGHER: Goal.LOWER, Goal.NONE: Goal.NONE}


def goal_of(path: str, name: str) -> Goal:
    """Which way a metric is better: by the last words of its name, of a lone value by that of its file.

    NONE where no word tells, or two tell different things.
    """
    return _by_name(path, name).goal


def may_be(path: str, name: str, value: Value) -> bool:
    """Whether a value is one that the name means: an RMSE below nought has been turned round by somebody."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return True
    return not value * _by_name(path, name).sign < 0  # NaN is on no side


@lru_cache(_MOST)
def _by_name(path: str, name: str) -> _Told:
    parts = _parts(path, name)
    if _LEFT_OVER.search(".".join(parts)) or known.NAIVE & _place(path):
        return _NOTHING
    words = [_joined(words_of(part)) for part in parts]
    above = {word for part in words[:-1] for word in part}
    everything = above.union(words[-1])
    if above & known.OTHER or everything & known.HELD_AGAINST or everything >= known.CAPACITY:
        return _NOTHING
    for part in words[: -_MAX_PARTS - 1 : -1]:
        found = _told(part)
        if found is not None:
            return _NOTHING if _points_either_way(part, everything) else found
    return _NOTHING


@lru_cache(_MOST)
def unit_of(path: str, name: str) -> str:
    """The unit of a metric by the end of its name, or in brackets there; "" where it names none."""
    last = _parts(path, name)[-1]
    if inside := _BRACKETS.search(last):
        return _unit(inside[1].strip().lower().replace(" ", ""))
    words = words_of(last)
    if "per" in words or len(words) < _MAX_PARTS:
        return ""
    gas = next((word for word in words[-2:] if word in _GASES), "")
    mass = next((word for word in words[-2:] if word in _MASSES), "")
    if gas and mass:
        return f"{mass} {gas.upper().replace('EQ', 'e').replace('2E', '2e')}"
    if words[-1] in _SHORT:
        return _SHORT[words[-1]] if _TIMES.intersection(words) else ""
    return _unit(words[-1])


@lru_cache(_MOST)
def is_resource(path: str, name: str) -> bool:
    """Whether a metric tells what a run takes, not what its model can do."""
    parts = _parts(path, name)
    return bool(unit_of(path, name)) or any(
        word in known.RESOURCES for part in parts[-_MAX_PARTS:] for word in words_of(part)
    )


def words_of(part: str) -> tuple[str, ...]:
    """The words of one part of a name, in small letters: of "valLoss", "val_loss" and "Val loss" the same."""
    found: list[str] = []
    for chunk in _SEPARATORS.split(_BRACKETS.sub("", part).replace("@", " at ")):
        found.extend(_chunk(chunk))
    return tuple(found)


def _chunk(chunk: str) -> list[str]:
    """The words of what stands together: one that is known as it is, else by its capital letters."""
    small = chunk.lower()
    if _QUANTILE.fullmatch(small):
        return [small]
    bare = small.rstrip("0123456789")
    for word in (small, bare):
        if word in _DIRECTED or word in known.SPLITS or word in _UNITS:
            return [word]
    return [word.lower() for word in _CAMEL.findall(chunk)]


def _parts(path: str, name: str) -> list[str]:
    """The parts of a name, the last of them first in weight; numbers alone say nothing."""
    whole = name or posixpath.basename(path).partition(".")[0]
    # A name such as "0.5" is that of a threshold or quantile: what is measured stands before it.
    parts = [part for part in re.split(r"[./]", whole) if part and not part.isdigit()]
    return parts or [whole]


def _told(words: Sequence[str]) -> _Told | None:
    """What the words of one part tell: a goal, NONE for another thing; None if they only qualify one."""
    for word in ("minus", "neg", "negative"):
        if word in words:
            return _turned(words, words.index(word))
    if known.OTHER.intersection(words):
        return _NOTHING
    if "per" in words:  # what is measured stands before: the time per ticket is a time
        words = words[: words.index("per")]
    if known.MOMENTS.intersection(words) and known.AT_BEST.intersection(words):
        return _NOTHING
    told = [word for word in words if not _qualifies(word)]
    if not told:
        return None
    if told[-1] not in _DIRECTED or (told[-1] in known.UNSURE and not _DIRECTED.issuperset(told)):
        return _NOTHING
    lower = any(word in known.LOWER for word in told)
    higher = any(word in known.HIGHER for word in told)
    if lower and higher:
        return _NOTHING
    return _Told(Goal.LOWER if lower else Goal.HIGHER, int(known.EITHER_SIDE.isdisjoint(told)))


def _turned(words: Sequence[str], at: int) -> _Told:
    """What is told of "minus auc", "one minus auc" and "neg mse"; but "neg" alone may be that of a class."""
    before, after = words[:at], words[at + 1 :]
    found = _told(after) or _NOTHING
    whole = "one" in before or "1" in before
    sure = words[at] == "minus" or not known.SCORED.isdisjoint(after) or _is_magnitude(after)
    if not sure or not all(_qualifies(word) or word == "one" for word in before):
        return _NOTHING
    return _Told(found.turned.goal, found.sign) if whole else found.turned


def _points_either_way(words: Sequence[str], everything: Collection[str]) -> bool:
    """Whether an error may be on either side of nought, so that neither way is better: a mean of errors."""
    signed = not known.SIGNED.isdisjoint(everything)
    return signed and not known.ERRORS.isdisjoint(words) and known.MAGNITUDE.isdisjoint(everything)


def _is_magnitude(words: Sequence[str]) -> bool:
    return not known.ERRORS.isdisjoint(words) and not known.MAGNITUDE.isdisjoint(words)


def _place(path: str) -> set[str]:
    """What a file and its directory are called; those above may be called anything."""
    directory, file = posixpath.split(path)
    called = (posixpath.basename(directory), file.partition(".")[0])
    return {word for part in called for word in _joined(words_of(part))}


def _joined(words: Sequence[str]) -> tuple[str, ...]:
    """The words, with phrases as the one word that they stand for."""
    text = list(words)
    for phrase, word in known.PHRASES.items():
        size = len(phrase)
        for at in range(len(text) - size + 1):
            if tuple(text[at : at + size]) == phrase:
                text[at : at + size] = [word]
    return tuple(text)


def _qualifies(word: str) -> bool:
    """Whether a word only says of what, how or in which unit something is measured."""
    return (
        word in known.PLAIN
        or word in known.SPLITS
        or word in known.MOMENTS
        or word in _UNITS
        or word in _SHORT
        or word == "kg"
        or bool(_QUANTILE.fullmatch(word))
    )


def _unit(word: str) -> str:
    return _BINARY.get(word) or _UNITS.get(word) or (word.upper() if word in _UNITS else "")
