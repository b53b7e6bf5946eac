"""The commands that reproduce a version and that go back from it; none that is known to fail."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator, Sequence

from dvc_changelog.domain import ChangeType, Obstacles, OutputChange, Release, within
from dvc_changelog.render import names
from dvc_changelog.render.cells import FEW_LINES
from dvc_changelog.render.phrase import Phrase, code, joined, plain, some


def lines(release: Release) -> Iterator[Phrase]:
    """How to get this version's data and models, and how to go back to those of the version before."""
    held = release.line or any(isinstance(change, OutputChange) for change in release.changes)
    if not release.projects and not held:  # there is but code
        return
    _, previous = names.sides(release)
    if release.head.version:
        how = "pull" if release.remote else "checkout"
        bring = _dvc(how, release.filled, release.obstacles)
        line = plain("This version: ") + code(_checkout(release.head.version, bring))
        if bring and not release.remote:
            line += ", with the data in your cache: it names no default remote"
        line += _but(release.filled, release.obstacles)
        yield line + _anew(release)
    if release.base and release.base.version:
        yield plain(f"Back to {previous}: ") + _back(release, release.base.version)
        parts = list(_parts(release, release.base.version, previous))
        if parts:
            yield plain(f"Of {previous} ") + joined(parts, "; ")


def _anew(release: Release) -> Phrase:
    """How the pipeline of the one project makes all of it again; not where it would run with other params."""
    if release.projects != ("",) or not release.pipelines or release.stale:
        return Phrase()
    there = _met("", release.obstacles)
    if there.closed:  # where it has data, that was said
        return Phrase() if release.filled else _closed([there])
    everywhere = "" if release.pipelines == ("dvc.yaml",) else " --all-pipelines"
    verb = "is" if len(there.frozen) == 1 else "are"
    but = ", but for " + _paths(there.frozen) + f", which {verb} frozen" if there.frozen else Phrase()
    return "; " + code(f"dvc repro --force{everywhere}") + " runs its pipeline anew" + but


def _back(release: Release, version: str) -> Phrase:
    """Who had the data has it in the cache still, and needs no remote; a new clone asks the remote for it."""
    filled, met = release.base_filled, release.base_obstacles
    back = code(_checkout(version, _dvc("checkout", filled, met)))
    pull = _dvc("pull", filled, met)
    if release.base_remote and pull:
        back += ", or " + code(pull) + " where the cache lacks the data"
    return back + _but(filled, met)


def _but(filled: Sequence[str], obstacles: Sequence[Obstacles]) -> Phrase:
    """What the commands do not bring, and why there are none."""
    met = [_met(root, obstacles) for root in filled]
    unrecorded = [path for each in met if not each.closed for path in each.unrecorded]
    said = plain("; of ") + _paths(unrecorded) + " no version is recorded" if unrecorded else Phrase()
    return said + _closed([each for each in met if each.closed])


def _closed(met: Sequence[Obstacles]) -> Phrase:
    """As in "; DVC cannot read `dvc.yaml` there, so that its other commands fail"."""
    said = Phrase()
    if bare := [posixpath.join(each.root, ".dvc") for each in met if each.bare]:
        said += plain("; Git has no directory ") + _paths(bare) + " there: in a new clone DVC fails before "
        said += code("dvc init")
    if unread := [path for each in met if not each.bare for path in each.unreadable]:
        other = "other " if any(_single(each) for each in met) else ""
        said += plain("; DVC cannot read ") + _paths(unread) + f" there, so that its {other}commands fail"
    return said


def _paths(paths: Sequence[str]) -> Phrase:
    return some(map(code, paths), FEW_LINES)


def _met(root: str, obstacles: Sequence[Obstacles]) -> Obstacles:
    return next((each for each in obstacles if each.root == root), Obstacles(root))


def _single(met: Obstacles) -> tuple[str, ...]:
    """The `.dvc` files to name, each by itself, where no command works on the whole."""
    return () if met.bare or not met.unreadable or len(met.single) > FEW_LINES else met.single


def _parts(release: Release, version: str, called: str) -> Iterator[Phrase]:
    """One model and one data set that the version before has in another state, each by itself."""
    modified = [
        change
        for change in release.changes
        if isinstance(change, OutputChange) and change.content_change is ChangeType.MODIFIED and change.old
    ]
    models = [change for change in modified if change.model]
    data = [change for change in modified if not change.model and _is_brought(change)]
    for found, one in ((models, "model"), (data, "data set")):
        commands = [command for change in found if (command := _one(change, release, version, called))]
        if commands:
            yield f"only {'the' if len(found) == 1 else 'one'} {one}: " + code(commands[0])


def _is_brought(change: OutputChange) -> bool:
    """Whether a `.dvc` file of its own records it."""
    return bool(change.old and change.old.file.endswith(".dvc") and not change.old.stage)


def _one(change: OutputChange, release: Release, version: str, called: str) -> str:
    """What a `.dvc` file records comes back with that file, so that Git and DVC agree on it after.

    Nothing where no command brings it.
    """
    if not change.old:
        return ""
    file = change.old.file
    root = max((root for root in release.projects if within(file, root)), key=len, default="")
    if not _is_brought(change) or _met(root, release.obstacles).bare:
        unread = any(_met(place, release.base_obstacles).unreadable for place in {"", root})
        in_git = change.old.content.algorithm == "git"
        return _get(change, version, called) if in_git or not unread else ""
    place = f"--cd {shlex.quote(root)} " if root else ""
    how = "pull" if release.base_remote else "checkout"
    inside = shlex.quote(posixpath.relpath(file, root or "."))
    git = f"git checkout {shlex.quote(version)} -- {shlex.quote(file)}"
    return f"{git} && dvc {place}{how} {inside}"


def _get(change: OutputChange, version: str, called: str) -> str:
    """A file in its place; a directory beside it, since `dvc get` would put it inside of the one there.

    One that was renamed comes from where it was to where it is.
    """
    before, where = change.old_path or change.path, shlex.quote(change.path)
    if change.old and change.old.content.algorithm == "git":
        return f"git checkout {shlex.quote(version)} -- {where}"
    get = f"dvc get . {shlex.quote(before)} --rev {shlex.quote(version)} --out"
    if change.old and change.old.content.is_dir:
        beside = shlex.quote(f"{change.path}-{called.replace('/', '-')}")
        return f"{get} {beside}"
    return f"{get} {where} --force"


def _checkout(version: str, bring: str) -> str:
    git = f"git checkout {shlex.quote(version)}"
    return f"{git} && {bring}" if bring else git


def _dvc(command: str, filled: Sequence[str], obstacles: Sequence[Obstacles]) -> str:
    """One DVC command a project: DVC leaves out the projects below its own. None where it would fail."""
    return " && ".join(each for root in filled for each in _of_project(command, _met(root, obstacles)))


def _of_project(command: str, met: Obstacles) -> Iterator[str]:
    place = f"--cd {shlex.quote(posixpath.normpath(met.root))} " if met.root else ""

    def of(files: Sequence[str]) -> str:
        inside = (shlex.quote(posixpath.relpath(file, met.root or ".")) for file in files)
        return f"dvc {place}{command} {' '.join(inside)}"

    if met.closed:
        yield from (of(files) for files in [_single(met)] if files)
        return
    if met.first:
        yield of(met.first)
    yield f"dvc {place}{command}" + (" --allow-missing" if met.unrecorded else "")
