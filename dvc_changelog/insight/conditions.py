"""A question to a value, as in `test.auc < 0.9`: how it is read, and when it became true. Pure."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable

from dvc_changelog.domain import Condition, Entry, Onset, Reading, Value, same
from dvc_changelog.errors import UsageError
from dvc_changelog.snapshot.unreadable import UnreadableError
from dvc_changelog.snapshot.values import parse

_PARTS = re.compile(
    r"""\s*(?P<name>"[^"]*"|'[^']*'|[^<>=!"']+?)\s*(?P<operator><=|>=|==|!=|<|>|=)\s*(?P<operand>.*?)\s*""",
    re.DOTALL,
)
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FORM = "Write it like 'test.auc < 0.9', 'train.model == xgboost' or 'metrics.json:auc >= 0.8'."
_SHORTEST_HASH = 4


def condition(text: str) -> Condition:
    """Read a question: a target, one of < <= > >= == !=, and a number or text as YAML has it.

    Raises:
        UsageError: it is none; says what is wrong.
    """
    found = _PARTS.fullmatch(text)
    if not found:
        raise UsageError(f"{text!r} is no condition", _FORM)
    name, sign, written = found["name"].strip("\"'"), found["operator"], found["operand"]
    if sign == "=":
        turned = f"{written[0]}= {written[1:].lstrip()}" if written[:1] in {"<", ">"} else f"== {written}"
        raise UsageError(f"{text!r} is no condition", f"To compare, write {name} {turned}.")
    if not name or not written or written[0] in "<>=!":
        raise UsageError(f"{text!r} is no condition", _FORM)
    operand = _operand(written)
    if sign in _ORDER and not _is_number(operand):
        raise UsageError(
            f"{sign} compares numbers, and {written} is none",
            "Write one number after it; compare text with == or with !=.",
        )
    return Condition(name, sign, operand, text.strip())


def holds(asked: Condition, reading: Reading) -> bool | None:
    """Whether it is true of what a revision has: None where that cannot be read, False where it is not there.

    An output is compared by its hash, of which the first characters will do. Text and truth values are
    neither smaller nor larger than a number, and nor is NaN.
    """
    if reading.unread:
        return None
    if not reading.there:
        return False
    if asked.operator in _ORDER:
        number = reading.number
        return number is not None and _ORDER[asked.operator](number, asked.operand)  # type: ignore[arg-type]
    equal = same(reading.value, asked.operand) or _is_not_finite(reading.value, asked.operand)
    if reading.content:
        text = (
            asked.operand
            if isinstance(asked.operand, str)
            else asked.text.rpartition(asked.operator)[2].strip()
        )
        equal = len(text) >= _SHORTEST_HASH and reading.content.digest.startswith(text)
    return equal if asked.operator == "==" else not equal


def onsets(asked: Condition, entries: Iterable[Entry]) -> list[Onset]:
    """Each entry with which it became true, newest first.

    What was there in entries that cannot be read is not known: where it was true before them and after,
    it is taken to have been so all along.

    Args:
        asked: the question.
        entries: one life or a part of it, newest first; what was before the oldest is its `old`.
    """
    found: list[Onset] = []
    was: bool | None = None
    sure = True
    for entry in reversed(list(entries)):
        if was is None and not found and sure:
            was = holds(asked, entry.old)
            sure = was is not None
        is_ = holds(asked, entry.new)
        if is_ is None:
            sure = False
            continue
        if is_ and not was:
            found.append(Onset(entry, sure=sure))
        elif was and not is_:
            found[-1:] = [Onset(last.entry, entry, last.sure) for last in found[-1:]]
        was, sure = is_, True
    return found[::-1]


def _is_not_finite(value: Value, written: Value) -> bool:
    """Whether a value is the NaN or Infinity that is written, as JSON has it."""
    if not isinstance(value, float) or written not in ("NaN", "Infinity", "-Infinity"):
        return False
    return same(value, float(written))


def _operand(text: str) -> Value:
    """A value as a params file writes it; what is no YAML is text."""
    try:
        found: Value = parse("operand.yaml", text.encode("utf-8", "replace"))
    except UnreadableError:
        return text
    return None if found == {} else found  # as `null` is read where a document is wanted


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
