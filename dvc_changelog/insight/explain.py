"""Changes with their causes, and what did not change though its inputs did. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dvc_changelog.domain import Cause, CauseKind, Change, ChangeType, Dependency, OutputChange, Unmoved
from dvc_changelog.insight.causes import Causes
from dvc_changelog.insight.runs import difference


def explained(changes: Iterable[Change], causes: Causes) -> Iterator[Change]:
    """The changes, those of outputs whose content surely changed with the roots of that."""
    for change in changes:
        if isinstance(change, OutputChange) and change.content_change is ChangeType.MODIFIED:
            yield replace(change, because=causes.of(change.path, change.old_path))
        else:
            yield change


def unmoved(causes: Causes) -> Iterator[Unmoved]:
    """The stages that ran on other inputs, and made just what they had made."""
    old, new = causes.old, causes.new
    for address, stage in new.stages.items():
        before = old.stages.get(address)
        was, now = before.ran if before else None, stage.ran
        if was is None or now is None or was is now or was == now:
            continue
        made = _made(was.outs), _made(now.outs)
        if made[0] and made[0] == made[1] and difference(was, now):
            paths = tuple(dict.fromkeys(out.path for out in now.outs))
            why = tuple(cause for cause in causes.of(paths[0]) if not _is_of_no_use(cause))
            if why:
                yield Unmoved(address, paths, why)


def _is_of_no_use(cause: Cause) -> bool:
    """Whether it is a param that the stage names no more: that it made no difference is no news."""
    return cause.kind is CauseKind.PARAM and cause.change is ChangeType.UNKNOWN


def _made(outs: Iterable[Dependency]) -> dict[str, tuple[str, str]] | None:
    """What a run made, by path; None where something is not recorded."""
    found = {out.path: out.content for out in outs}
    known = {path: (content.algorithm, content.digest) for path, content in found.items() if content}
    return known if len(known) == len(found) else None
