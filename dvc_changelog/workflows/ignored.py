"""Outputs that a .dvcignore hides from DVC: it refuses to read the pipeline then, whatever one asks of it.

Of what a stage only reads DVC takes no offence. A .dvcignore without patterns, as `dvc init` makes it, costs
nothing; nor does one that is as it was, unless outputs came that it may hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dvc_changelog.domain import Finding, FindingKind, Snapshot
from dvc_changelog.snapshot import InGit, Kind, kind_of
from dvc_changelog.workflows.branch import Branch
from dvc_changelog.workflows.finding import printable, root_of, some


def of_ignored(branch: Branch) -> Iterator[Finding]:
    """The patterns that hide outputs, where the branch brought the one or the others."""
    before, now = (branch.snapshots.in_git(side) for side in (branch.release.base, branch.release.head))
    if not now.ignores():
        return
    declared, had = _declared(branch.new), _declared(branch.old)
    asked = (
        declared
        if now.ignores() != before.ignores()
        else {path: declared[path] for path in declared.keys() - had.keys()}
    )
    hidden = _hidden(asked, now, branch.new)
    old = _hidden({path: had[path] for path in hidden if path in had}, before, branch.old)
    groups: dict[tuple[str, str], list[str]] = {}
    for path, by in hidden.items():
        if path not in old and branch.wanted(path):
            groups.setdefault(by, []).append(path)
    for (file, pattern), paths in groups.items():
        what = f"{printable(file)} hides {some(paths)}, which DVC is to track: it refuses the whole project."
        remedy = f"Take the line `{printable(pattern)}` out of {printable(file)}."
        subject = paths[0] if len(paths) == 1 else ""
        commit = branch.last([file, *(declared[path] for path in paths)])
        yield Finding(FindingKind.UNREADABLE, what, remedy, path=file, commit_id=commit, subject=subject)


def _declared(side: Snapshot) -> dict[str, str]:
    """All outputs, each with the file that declares it."""
    files = {path: o.file for path, o in side.outputs.items() if kind_of(o.file) is Kind.DVCFILE}
    for stage in side.stages.values():
        files.update(dict.fromkeys((*stage.outs, *stage.metrics, *stage.plots), stage.path))
    return files


def _hidden(paths: Mapping[str, str], at: InGit, side: Snapshot) -> dict[str, tuple[str, str]]:
    """Those of some outputs that .dvcignore files hide, each with the file and its pattern."""
    by_project: dict[str, list[str]] = {}
    for path, file in paths.items():
        by_project.setdefault(root_of(side, file), []).append(path)
    found: dict[str, tuple[str, str]] = {}
    for root, inside in by_project.items():
        ignored = at.ignored(root)
        for path in sorted(inside) if ignored else ():
            output = side.outputs.get(path)
            if by := ignored.by(path, is_dir=bool(output and output.content.is_dir)):
                found[path] = by
    return found
