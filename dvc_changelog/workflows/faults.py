"""What must not be of a branch alone, in words: what got worse, what says no reason, and since when. Pure."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Sequence

from dvc_changelog.domain import (
    Alert,
    Finding,
    FindingKind,
    MetricChange,
    ParamChange,
    Snapshot,
    Verdict,
)
from dvc_changelog.insight import is_number
from dvc_changelog.render import units
from dvc_changelog.workflows.finding import FEW, dvc_at, printable, root_of, some
from dvc_changelog.workflows.reasons import MODEL, Moved
from dvc_changelog.workflows.stale import lacking, made_anew, remade

_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_TRAIN = "Train it better, or say in `metric-rules` how far it may move (`tolerance`)."
_ADDED = "git commit --allow-empty -m {} --trailer {}"


def of_regression(change: MetricChange) -> Finding:
    """A metric that got worse by more than its tolerance."""
    metric = f"{printable(change.name)} ({printable(change.path)})" if change.name else printable(change.path)
    unit = change.judged.unit
    told = "no number"
    if is_number(change.old) and is_number(change.new):
        old, new = units.numbers(change.old, change.new, unit)
        by = units.step(change.old, change.new, change.delta, unit)
        told = f"{old} → {new}" + (f", {by}" if by else "")
    what = f"{metric} got worse: {told}."
    return Finding(FindingKind.REGRESSION, what, _TRAIN, path=change.path, subject=change.name)


def by_size(change: MetricChange) -> tuple[float, str, str]:
    """To sort metrics by how far they moved, measured by where they were, the farthest first."""
    moved = 0.0
    if is_number(change.old) and is_number(change.new):
        try:
            moved = abs(change.new - change.old) / abs(change.old) if change.old else math.inf
        except OverflowError:  # whole numbers of hundreds of digits
            moved = math.inf
        if moved != moved:  # noqa: PLR0124  # NaN, which is no result, is the worst
            moved = math.inf
    return -moved, change.path, change.name


def since(alert: Alert, change: MetricChange | None, target: str, *, was: bool) -> str:
    """Who brought a metric beyond its limit: the branch, or what it is compared with.

    Args:
        alert: the limit, and the value beyond it.
        change: what the branch did to the metric; None where it did nothing.
        target: what it is compared with, as the reader calls it.
        was: whether it was beyond the limit there, too.
    """
    old = units.number(alert.old, alert.unit) if is_number(alert.old) else ""
    if alert.value is None:
        return already(target) if was else ""
    if alert.limit == "max-drop":
        return f"It was {old} {_on(target)}." if old else ""
    if was and (change is None or not old):
        return f"It was so {_on(target)} already: this branch did not move it."
    if was and change:
        return f"It was so {_on(target)} already, at {old}: this branch {_VERBS[change.judged.verdict]} it."
    if change is None:
        return ""
    return f"This branch moved it from {old}." if old else "It is new in this branch."


_VERBS = {Verdict.WORSE: "worsened", Verdict.BETTER: "improved", Verdict.NEUTRAL: "moved"}


def already(target: str, things: Sequence[str] = ()) -> str:
    """That the branch did not bring it, or not these of several things."""
    what = f"{some(things)} {'was' if len(things) == 1 else 'were'}" if things else "It was"
    return f"{what} so {_on(target)} already."


def of_values(change: MetricChange | ParamChange, snapshot: Snapshot, reason: str) -> Finding:
    """A params or metrics file that changed, or may have, and whose values cannot be read here.

    `reason` is why, "" where DVC keeps it elsewhere.
    """
    path = change.path
    kind = "metrics" if isinstance(change, MetricChange) else "params"
    if reason:
        mended = made_anew(path, snapshot) if lacking(path, snapshot) else ""
        remedy = mended or f"Correct {printable(path)}; `dvc status` tells more."
        what = f"{printable(path)}: {reason.rstrip('.')}."
        return Finding(FindingKind.UNREADABLE, what, remedy, path=path, subject=path)
    if path in snapshot.awaited:
        what = f"No run recorded the {kind} file {printable(path)}: its values are not known."
        return Finding(FindingKind.UNREADABLE, what, remade(path, snapshot), path=path, subject=path)
    when = " as they were before" if change.unread == "before" else ""
    what = (
        f"The {kind} file {printable(path)} {_fate(change)}, and its values{when} cannot be read here: "
        "DVC's cache lacks them."
    )
    remedy = "`--fetch` gets them from DVC's remote."
    if change.unread != "before":
        root = root_of(snapshot, path)
        target = shlex.quote(printable(path.removeprefix(f"{root}/") if root else path))
        remedy = f"`{dvc_at(root)} pull {target}` brings them here, `--fetch` as well."
    return Finding(FindingKind.UNREADABLE, what, remedy, path=path, subject=path)


def of_missing(items: Sequence[Moved], last: str, key: str) -> list[Finding]:
    """What changed and has no reason: a few each by itself, many by the commit that changed them last.

    Args:
        items: as they stand.
        last: the commit that is checked out, which can be amended; "" for none.
        key: the trailer that gives a reason.
    """
    if len(items) <= FEW:
        return [_missing([item], last, key) for item in items]
    by_commit: dict[str, list[Moved]] = {}
    for item in items:
        by_commit.setdefault(item.commits[0] if item.commits else "", []).append(item)
    return [_missing(each, last, key) for each in by_commit.values()]


def _missing(items: Sequence[Moved], last: str, key: str) -> Finding:
    first = items[0]
    commit_id = first.commits[0] if first.commits else ""
    by = f" with {commit_id[:7]}" if commit_id else ""
    trailer = f'"{key}: …"'
    if len(items) == 1:
        name = first.name
        what = f"{first.what[:1].upper()}{first.what[1:]} {first.fate}{by}, and no commit says why."
    else:
        name = _counted(items)
        what = f"{name} changed{by}, and no commit says why: {some([item.path for item in items])}."
    if commit_id and commit_id == last:
        command = f"git commit --amend --no-edit --trailer {trailer}"
    else:
        command = _ADDED.format(shlex.quote(f"docs: why {printable(name)} changed"), trailer)
    return Finding(
        FindingKind.UNDOCUMENTED,
        printable(what),
        f"`{command}` says it.",
        path=first.file,
        commit_id=commit_id,
        subject=first.path if len(items) == 1 else "",
    )


def _counted(items: Sequence[Moved]) -> str:
    models = sum(item.what.startswith(MODEL) for item in items)
    kind = "data sets" if not models else "models" if models == len(items) else "models and data sets"
    return f"{len(items):,} {kind}"


def _fate(change: MetricChange | ParamChange) -> str:
    if change.old_content and change.new_content and not change.within:
        return "changed" if change.old_content.differs(change.new_content) else "may have changed"
    if change.unread == "now" and change.new_content and not change.old_content:
        return "is new"
    return "may have changed"


def _on(target: str) -> str:
    short = target[:7] if _ID.fullmatch(target) else target
    return f"on {printable(short)}" if target else "before"
