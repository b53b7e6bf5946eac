"""What keeps DVC's own commands from working in a clean checkout of a project."""

from __future__ import annotations

from collections.abc import Iterable

from dvc_changelog.domain import Obstacles, Problem, within
from dvc_changelog.snapshot.blobs import is_missing
from dvc_changelog.snapshot.project import Project
from dvc_changelog.snapshot.tree import Found, Kind

_PARSED = {Kind.PIPELINE, Kind.LOCK, Kind.DVCFILE}


def obstacles(
    project: Project, found: Iterable[Found], problems: Iterable[Problem], *, bare: bool
) -> Obstacles:
    """What stands in the way of `dvc checkout`, `dvc pull` and `dvc repro`.

    Args:
        project: as it was read.
        found: its files.
        problems: what could not be read of the revision.
        bare: whether Git has no `.dvc` directory of it.
    """
    parsed = {file.path for file in found if file.kind in _PARSED}
    failed = (p.path for p in problems if p.path in parsed and not p.missing and not is_missing(p))
    old = (path for path, schema in project.locks.items() if schema == "1.0")  # DVC 3 does not read it
    unreadable = dict.fromkeys((*failed, *old))
    brought = {
        output.path: output.file
        for output in project.outputs.values()
        if output.file.endswith(".dvc") and not output.stage and output.file not in unreadable
    }
    first: dict[str, None] = {}
    for path, lacked in project.lacked.items():
        files = [file for out, file in brought.items() if any(within(asked, out) for asked in lacked)]
        if path in unreadable and files:
            first.update(dict.fromkeys(files))
            del unreadable[path]
    return Obstacles(
        project.root,
        bare=bare,
        unreadable=tuple(unreadable),
        first=tuple(first),
        single=tuple(dict.fromkeys(brought.values())),
        unrecorded=tuple(sorted(project.unrecorded)),
        frozen=tuple(stage.address for stage in project.stages.values() if stage.frozen and stage.cmd),
    )
