"""What a branch changes of what it is judged by, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import Alert, ChangeType, Criteria, Criterion, Review, Said
from dvc_changelog.render import units
from dvc_changelog.render.phrase import Phrase, code, joined, plain, some

_CALLED = {
    "min": "minimum",
    "max": "limit",
    "max-drop": "maximum drop",
    "tolerance": "tolerance",
    "relative-tolerance": "relative tolerance",
    "better": "better way",
}
_FATES = {ChangeType.ADDED: ", which is new", ChangeType.DELETED: ", which is gone"}
_NOT_SAID = "\N{EN DASH}"
_MOST_NAMES = 3
_MOST = 5
_LOST = 3
"""How many limits of the base that are not kept are told one by one."""


def loosened(review: Review) -> Phrase:
    """What lets more pass than before, and the limits of the base that are not kept; "" where nothing does.

    As in "This branch changes what is judged, in `dvc-changelog.toml`: minimum of `auc` 0.6 → 0.4. `auc` is
    0.5 and does not meet the minimum of 0.6 that `main` has."
    """
    told = review.criteria
    if told and told.unread and told.at_head:
        return _unread(told, "this branch", "what it changes of what is judged is not known")
    if not told or not told.looser:
        return Phrase()
    said = plain("This branch changes what is judged, in ") + _file(told) + ": " + _changes(told.looser) + "."
    return joined([said, *_missed(told.missed, _base(review))], " ")


def others(review: Review) -> Phrase:
    """What lets no more pass than before, and that nobody knows what the base had; "" for neither."""
    told = review.criteria
    if told and told.unread and not told.at_head:
        return _unread(told, _base(review), "whether this branch loosens what is judged is not known")
    if not told or not told.others:
        return Phrase()
    verb = (
        "judges more strictly"
        if told.fate is not ChangeType.ADDED
        else "says for the first time what is judged"
    )
    also = "also " if told.looser else ""
    return plain(f"This branch {also}{verb}, in ") + code(told.path) + ": " + _changes(told.others) + "."


def _unread(told: Criteria, where: Phrase | str, so: str) -> Phrase:
    return code(told.path) + " of " + where + f" cannot be read, and {so}: {told.unread}."


def _file(told: Criteria) -> Phrase:
    return code(told.path) + _FATES.get(told.fate, "")


def _base(review: Review) -> Phrase:
    """What is compared with; the target itself may judge otherwise by now."""
    behind = review.from_merge_base and review.behind
    return plain("the merge base") if behind else code(review.target)


def _changes(changes: Sequence[Criterion]) -> Phrase:
    told = [_change(change) for change in changes[:_MOST]]
    if len(changes) > _MOST:
        told.append(plain(f"and {len(changes) - _MOST:,} more"))
    return joined(told, "; ")


def _change(change: Criterion) -> Phrase:
    values = _value(change.old, change.unit) + " → " + _value(change.new, change.unit)
    if not change.metrics:
        return code(change.option) + " " + values
    apart = ": " if len(change.metrics) > _MOST_NAMES else " "  # two numbers side by side read as one
    return (
        plain(f"{_CALLED[change.option]} of ") + some(map(code, change.metrics), _MOST_NAMES) + apart + values
    )


def _value(said: Said, unit: str) -> Phrase:
    match said:
        case None:
            return plain(_NOT_SAID)
        case tuple():
            return some(map(code, said), _MOST_NAMES)
        case bool() | str():
            return plain(said)
        case _:
            return plain(units.number(said, unit))


def _missed(alerts: Sequence[Alert], base: Phrase) -> Iterator[Phrase]:
    for alert in alerts[:_LOST]:
        name, value = code(alert.name or alert.path), units.number(alert.value or 0, alert.unit)
        bound = f"the {_CALLED[alert.limit]} of {units.number(alert.bound, alert.unit)} that "
        if alert.limit == "max-drop":
            yield name + f" got worse by {value}, more than {bound}" + base + " has."
        else:
            yield name + f" is {value} and does not meet {bound}" + base + " has."
    if len(alerts) > _LOST:
        yield plain(f"So it is with {len(alerts) - _LOST:,} more limits that ") + base + " has."
