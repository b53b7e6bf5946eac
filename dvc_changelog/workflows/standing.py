"""Whether the changelog of a revision is what `generate` would write there.

A team may write it on a release only: then nothing unreleased is in it, and nothing of it is asked for. What
stands in it must be up to date: its releases, and an unreleased part if there is one.
"""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from dvc_changelog import changelog_file
from dvc_changelog.changelog_file import UNRELEASED, Document
from dvc_changelog.config import Config
from dvc_changelog.domain import Changelog, Finding, FindingKind, Release, Revision
from dvc_changelog.errors import ChangelogError, DocumentError
from dvc_changelog.history import History, MissingObjectError
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows.artifacts import PLACE, path_of
from dvc_changelog.workflows.finding import printable, some
from dvc_changelog.workflows.generate import generate, generate_each
from dvc_changelog.workflows.writing import edited_as


def ours(history: History, snapshots: Snapshots, head: Revision, config: Config) -> dict[str, Document]:
    """The changelogs of a revision that carry our marks, be they broken, by path."""
    output = posixpath.normpath(config.output)
    paths: Iterable[str] = (output,)
    if PLACE in output:
        pattern = output.replace(PLACE, "*")
        paths = sorted(path for path in history.files(head.tree_id) if fnmatch.fnmatchcase(path, pattern))
    found = {path: _document(history, snapshots, head, path) for path in paths}
    return {path: document for path, document in found.items() if document and _is_ours(document, path)}


def not_up_to_date(
    history: History,
    snapshots: Snapshots,
    release: Release,
    config: Config,
    last: Callable[[Iterable[str]], str],
) -> Iterator[Finding]:
    """The changelogs of a branch that `generate` would write otherwise, or of which that cannot be told.

    Args:
        history: the repository.
        snapshots: reads it.
        release: the branch.
        config: names the files.
        last: tells the newest commit of the branch that touched one of these files.
    """
    files = ours(history, snapshots, release.head, config)
    if not files:
        return
    try:
        told = dict(_told(history, release.head, config))
        for path, document in files.items():
            if changelog := told.get(path):
                found = _compared(document, changelog, config, path, history)
                if found:
                    alike = (snapshots.git_id(path, side) for side in (release.base, release.head))
                    so = len(set(alike)) == 1 and UNRELEASED not in found
                    yield replace(_outdated(path, found, config, untouched=so), commit_id=last([path]))
    except ChangelogError as error:
        # That nobody can tell is found as such: a clone without the history, marks that are broken.
        path = error.path if isinstance(error, DocumentError) else next(iter(files))
        what = f"Whether {printable(path)} is up to date cannot be told: {error.what.rstrip('.')}."
        remedy = error.remedy or "`dvc-changelog generate` says more."
        yield Finding(FindingKind.UNREADABLE, what, remedy, path=path, commit_id=last([path]), subject=path)


def _document(history: History, snapshots: Snapshots, head: Revision, path: str) -> Document | None:
    """A file as the revision has it, which need not be checked out; None where it has none."""
    blob = snapshots.blob(path, head)
    try:
        return changelog_file.decoded(history.git.objects.read(blob), path) if blob else None
    except (MissingObjectError, DocumentError):
        return None


def _is_ours(document: Document, path: str) -> bool:
    try:
        return changelog_file.is_ours(document.text, path)
    except DocumentError:
        return True


def _told(history: History, head: Revision, config: Config) -> Iterator[tuple[str, Changelog]]:
    """What `generate` tells of a revision, by the path of the file that it writes."""
    at = head.commit_id
    span = f"..{at}" if at and at != history.head() else None
    tell = partial(generate, weighed=bool(config.template))
    if PLACE not in config.output:
        yield posixpath.normpath(config.output), tell(history, span, config=config)
        return
    for name, changelog in generate_each(history, span, config=config):
        yield posixpath.normpath(path_of(config.output, name)), changelog


def _compared(
    document: Document, changelog: Changelog, config: Config, path: str, history: History
) -> list[str]:
    """The sections that would be written otherwise; the path itself where that is other text."""
    template = history.git.root / config.template if config.template else None
    if UNRELEASED not in changelog_file.keys(document.text, path):
        releases = (release for release in changelog.releases if release.head.version)
        changelog = replace(changelog, releases=tuple(releases))
    config = config.replace(artifact=changelog.artifact)
    text = edited_as(document, changelog, config, path, template=template).text
    if text == document.text:
        return []
    return changelog_file.differing(document.text, text, path) or [path]


def _outdated(path: str, sections: list[str], config: Config, *, untouched: bool) -> Finding:
    which = "" if sections == [path] else f": {some(sections)} would be told otherwise"
    what = f"{printable(path)} is not what `generate` writes{which}."
    if untouched:
        what += " This branch did not touch it."
    command = "dvc-changelog generate" + (" --each-artifact" if PLACE in config.output else "")
    remedy = f"`{command}`, then commit {printable(path)}."
    return Finding(FindingKind.OUTDATED, what, remedy, path=path, subject=path)
