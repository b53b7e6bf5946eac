"""What DVC's cache tells of an output that changed: which of its files, and whether it changed at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from dvc_changelog.domain import ChangeType, Content, Output, OutputChange
from dvc_changelog.snapshot.store import Store
from dvc_changelog.snapshot.unreadable import UnreadableError


def examined(change: OutputChange, store: Store, projects: Iterable[str]) -> OutputChange | None:
    """A change with what the cache tells beside, None where it proves that there is none.

    Args:
        change: told by hashes alone.
        store: where to look; without the objects the change stays as it is.
        projects: the directories of the DVC projects.

    Returns:
        the change, with the files of a directory where both manifests are here. Where the hashes of DVC 2 and
        DVC 3 differ, it is certain now if one of the objects is here.
    """
    old, new = change.old, change.new
    if not old or not new or change.content_change not in {ChangeType.MODIFIED, ChangeType.UNKNOWN}:
        return change
    project = _home(new.path, projects)
    if old.content.legacy == new.content.legacy:
        before, after = _differing(old, new, store, project)
    else:
        before, after = _listed(old, store, project), _listed(new, store, project)
        before, same = _migrated(before, after, store, project)
        if same:
            moved = replace(change, old=replace(old, content=new.content))
            return moved if change.change is ChangeType.RENAMED else None
        if same is False and change.change is ChangeType.UNKNOWN:
            change = replace(change, change=ChangeType.MODIFIED)
    if before is old.content and after is new.content:
        return change
    return replace(change, old=replace(old, content=before), new=replace(new, content=after))


def _differing(old: Output, new: Output, store: Store, project: str) -> tuple[Content, Content]:
    """Both contents, with the files that differ: of a million of files most do not.

    One that is the same stays, so that a side that only lost or gained files is known still.
    """
    before, after = _files(old, store, project), _files(new, store, project)
    if not before or not after or old.content.files or new.content.files:
        return _with(old.content, before), _with(new.content, after)
    same = next((name for name, digest in before.items() if after.get(name) == digest), None)

    def apart(files: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
        return {name: d for name, d in files.items() if name == same or others.get(name) != d}

    return _with(old.content, apart(before, after)), _with(new.content, apart(after, before))


def _listed(output: Output, store: Store, project: str) -> Content:
    """The content of an output, with the files of a directory if they are known here."""
    return _with(output.content, _files(output, store, project))


def _files(output: Output, store: Store, project: str) -> Mapping[str, str]:
    """The files of a directory; none where they are not known here."""
    try:
        return store.manifest(output.content, project, output.path, output.remote) or {}
    except UnreadableError:  # then it is told without them
        return {}


def _with(content: Content, files: Mapping[str, str]) -> Content:
    if not files or content.files:
        return content
    return replace(content, files=tuple((name, digest, None) for name, digest in files.items()))


def _migrated(old: Content, new: Content, store: Store, project: str) -> tuple[Content, bool | None]:
    """Whether hashes of DVC 2 and of DVC 3 are of the same bytes; None if no object is here to tell.

    The old content comes back with the new hash of each file that is proven the same; without its files where
    that is not proven of all, and of the new version's kind where it is proven to have changed.
    """
    if old.algorithm != "md5" or new.algorithm != "md5":
        return old, None
    if not old.is_dir and not new.is_dir:
        same = _same_file(old, new, store, project)
        return (replace(old, legacy=new.legacy) if same is False else old), same
    if not old.listed or not new.listed:
        return old, None
    before, after = ({name: digest for name, digest, _ in side.files} for side in (old, new))
    verdicts = _verdicts(before, after, (old.legacy, new.legacy), store, project)
    if None in verdicts.values():
        return replace(old, files=()), None
    files = tuple(
        (name, after[name] if verdicts.get(name) else digest, None) for name, digest in before.items()
    )
    same = before.keys() == after.keys() and all(verdicts.values())
    return replace(old, files=files, legacy=old.legacy if same else new.legacy), same


def _verdicts(
    old: Mapping[str, str], new: Mapping[str, str], legacy: tuple[bool, bool], store: Store, project: str
) -> dict[str, bool | None]:
    """For each file that both sides have, whether it is the same."""
    return {
        name: old[name] == new[name]
        or _same_file(
            Content("md5", old[name], legacy=legacy[0]),
            Content("md5", new[name], legacy=legacy[1]),
            store,
            project,
        )
        for name in old.keys() & new.keys()
    }


def _same_file(old: Content, new: Content, store: Store, project: str) -> bool | None:
    """Whether two hashes are of one file: the object of one side, hashed as the other side's DVC did."""
    for one, other in ((old, new), (new, old)):
        place = store.place(one, project)
        if place and _hash(place, legacy=one.legacy) == one.digest:
            return _hash(place, legacy=other.legacy) == other.digest
    return None


def _hash(place: Path, *, legacy: bool) -> str:
    """The md5 of a file as DVC takes it: of DVC 2 after dos2unix, where it is text."""
    from dvc_data.hashfile.hash import fobj_md5

    with place.open("rb") as file:
        return fobj_md5(file, name="md5-dos2unix" if legacy else "md5")


def _home(path: str, projects: Iterable[str]) -> str:
    """The project that a path belongs to: the nearest directory above it."""
    return max((root for root in projects if not root or path.startswith(f"{root}/")), key=len, default="")
