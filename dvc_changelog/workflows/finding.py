"""What must not be for a release or a merge, in words, each with the command that mends it. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from dvc_changelog.domain import Alert, Finding, FindingKind, Forbidden, Snapshot, within
from dvc_changelog.domain.address import without_credentials
from dvc_changelog.history.uncommitted import Uncommitted
from dvc_changelog.insight.verdicts import GONE, UNREAD
from dvc_changelog.render import units
from dvc_changelog.snapshot.pushed import Lack, Unpushed

_SURROGATES = re.compile("[\ud800-\udfff]")
"""What Python reads of a name that is no UTF-8, and JSON may have in one."""

FEW = 5
"""How many things of one kind are told one by one."""


def of_rules(forbidden: Iterable[Forbidden]) -> Iterator[Finding]:
    """What the rules of versions forbid, and what they ask for that cannot be read."""
    for found in forbidden:
        rule = f"{found.rule[:1].upper()}{found.rule[1:]} of `bump-rules`"
        if found.unchecked:
            what = f"{rule} cannot be checked: {found.why}."
            remedy = "`--fetch` gets what DVC keeps elsewhere; else correct the rule."
            yield Finding(FindingKind.UNREADABLE, what, remedy)
        else:
            what = f"{rule} allows no such release: {found.why}."
            yield Finding(FindingKind.POLICY, what, "Mend it, or change the rule.")


def of_tree(found: Uncommitted) -> Iterator[Finding]:
    """What Git has not committed; for untracked files see `of_untracked`."""
    dirty = FindingKind.DIRTY
    if found.operation:
        command = f"git {found.operation}"
        ends = (
            "`git bisect reset` ends it."
            if found.operation == "bisect"
            else f"`{command} --continue` goes on with it, `{command} --abort` takes it back."
        )
        yield Finding(dirty, f"A `{command}` is not done.", ends, must=True)
    if found.conflicts:
        what = f"{some(found.conflicts)} {_has(found.conflicts)} conflicts."
        yield Finding(dirty, what, "Resolve them, then `git add` and `git commit`.", must=True)
    if found.changed:
        verb = "is" if len(found.changed) == 1 else "are"
        what = f"{some(found.changed)} {verb} changed and not committed."
        yield Finding(dirty, what, "`git commit --all` commits it, `git stash` puts it away.")
    if found.submodules:
        verb = "is" if len(found.submodules) == 1 else "are"
        what = f"The submodule{_s(found.submodules)} {some(found.submodules)} {verb} not as committed."
        remedy = "Commit inside and then `git add` it; `git submodule update` brings back what is committed."
        yield Finding(dirty, what, remedy)


def of_untracked(paths: Sequence[str], written: Sequence[str]) -> Iterator[Finding]:
    """Files that are not in Git: `paths` that the pipeline is made of, and those to be written over."""
    dirty = FindingKind.DIRTY
    if paths := [path for path in paths if path not in written]:
        verb = "is" if len(paths) == 1 else "are"
        what = f"{some(paths)} {verb} part of the pipeline and not in Git."
        yield Finding(dirty, what, f"`git add {_quoted(paths[:FEW])}` and commit, or take it away.")
    if written:
        verb = "is" if len(written) == 1 else "are"
        what = f"{some(written)} {verb} not in Git and would be written over."
        yield Finding(dirty, what, f"`git add {_quoted(written[:FEW])}` and commit, or move it away.")


def of_altered(paths: Sequence[str], root: str) -> Iterator[Finding]:
    """Data of the project at `root` that the working tree has otherwise than it is recorded."""
    if paths:
        verb = "is" if len(paths) == 1 else "are"
        what = f"{some(paths)} {verb} not what DVC has recorded of {_them(paths)} (modified in `dvc status`)."
        dvc = dvc_at(root)
        remedy = f"`{dvc} commit` records what is there, `{dvc} checkout` brings back what is recorded."
        yield Finding(FindingKind.ALTERED_DATA, what, remedy)


def of_alerts(alerts: Iterable[Alert]) -> Iterator[Finding]:
    """Metrics beyond their limits, and limits that cannot be checked."""
    for alert in alerts:
        metric = f"{alert.name} ({alert.path})" if alert.name and alert.path else alert.name or alert.path
        bound = units.number(alert.bound, alert.unit)
        if alert.value is None and alert.unchecked == GONE:
            what = f"{metric} is not there any more; its limit is {alert.limit} = {bound}."
            remedy = "Bring it back, or take its limit out of `metric-rules`."
            yield Finding(FindingKind.THRESHOLD, what, remedy, path=alert.path, subject=alert.name)
            continue
        if alert.value is None:
            what = f"The limit {alert.limit} = {bound} of {metric} cannot be checked: {alert.unchecked}."
            remedy = (
                "`dvc pull` brings it here, --fetch as well."
                if alert.unchecked == UNREAD
                else "Correct the rule in `metric-rules`, or the metric."
            )
            yield Finding(FindingKind.UNREADABLE, what, remedy, path=alert.path, subject=alert.name)
            continue
        value = units.number(alert.value, alert.unit)
        match alert.limit:
            case _ if alert.value != alert.value:  # NaN alone differs from itself
                limit = f"it may get worse by {bound} at most"
                limit = f"its limit is {bound}" if alert.limit != "max-drop" else limit
                what = f"{metric} is no number; {limit}."
            case "min":
                what = f"{metric} is {value}, under the limit of {bound}."
            case "max":
                what = f"{metric} is {value}, over the limit of {bound}."
            case _:
                what = f"{metric} got worse by {value}, more than the {bound} allowed."
        remedy = "Train it better, or correct its limit in `metric-rules`."
        yield Finding(FindingKind.THRESHOLD, what, remedy, path=alert.path, subject=alert.name)


def of_unread(path: str, reason: str) -> Finding:
    """A file of DVC, or data, of which nobody knows what it says."""
    remedy = "Correct it; `dvc status` tells more."
    return Finding(FindingKind.UNREADABLE, f"{path}: {reason.rstrip('.')}.", remedy, path=path)


def of_unpushed(item: Unpushed, root: str) -> Finding:
    """Data of the project at `root` that its remote does not have, or nobody knows of."""
    dvc = dvc_at(root)
    remote = f"the remote {item.remote}" if item.remote else "the remote"
    verb = "is" if len(item.paths) == 1 else "are"
    paths = some(item.paths) if item.paths else f"the data of {root or 'the project'}"
    match item.lack:
        case Lack.HERE:
            what = f"{paths} {verb} not on {remote}."
            remedy = f"`{dvc} push` brings {_them(item.paths)} there."
        case Lack.NOWHERE:
            what = f"{paths} {verb} neither on {remote} nor in DVC's cache here."
            again = f"make {_them(item.paths)} again (`dvc repro`, `dvc add`)"
            remedy = f"`{dvc} push` where the data is, or {again}."
        case Lack.NO_REMOTE:
            what = f"{paths} cannot be pushed: {root or 'the project'} has no default remote."
            named = f"`{dvc} remote default NAME`, one of {', '.join(item.named)}"
            remedy = (
                f"{named if item.named else f'`{dvc} remote add --default NAME URL`'}; then `{dvc} push`."
            )
        case Lack.UNKNOWN:
            what = f"Nobody knows whether {paths} {verb if item.paths else 'is'} pushed: "
            what += f"{without_credentials(item.reason)}."
            remedy = f"Mend this, until `{dvc} push` works."
        case _:
            assert_never(item.lack)
    return Finding(FindingKind.NOT_PUSHED, what, remedy)


def root_of(snapshot: Snapshot, path: str) -> str:
    """The directory of the project that a file is of."""
    return max((root for root in snapshot.projects if within(path, root)), key=len, default="")


def dvc_at(root: str) -> str:
    """The command of DVC for the project at a directory."""
    return f"dvc --cd {shlex.quote(root)}" if root else "dvc"


def some(names: Sequence[str]) -> str:
    """The first few names, and how many more."""
    told = [printable(name) for name in names[:FEW]]
    if len(names) > FEW:
        return f"{', '.join(told)} and {len(names) - FEW:,} more"
    *others, last = told
    return f"{', '.join(others)} and {last}" if others else last


def _quoted(names: Iterable[str]) -> str:
    return " ".join(shlex.quote(printable(name)) for name in names)


def printable(name: str) -> str:
    """A name of a file as text that can be written."""
    return _SURROGATES.sub("\ufffd", name)


def _has(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _s(names: Sequence[str]) -> str:
    return "" if len(names) == 1 else "s"


def _them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"
