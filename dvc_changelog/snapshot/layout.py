"""Which files of a tree DVC sees, and which project each belongs to: by their paths and kinds."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping

from dvc_changelog.domain import Scope, within
from dvc_changelog.snapshot.ignore import Ignored
from dvc_changelog.snapshot.tree import OF_DVC, Found, Kind, Tree


def by_project(found: Iterable[Found]) -> Iterator[tuple[str, list[Found]]]:
    """DVC's files by project: each belongs to the nearest directory above it that holds `.dvc/`.

    Files outside of any project belong to one at the Git root, which a repository has that ignores `.dvc`.
    Without any, the artifacts.yaml at the Git root is read all the same: GTO needs no DVC.
    """
    marks = sorted((file for file in found if file.kind is Kind.PROJECT), key=lambda file: file.path)
    projects = {file.path: [file] for file in marks}
    roots = set(projects)
    for file in found:
        if file.kind in {Kind.DVCFILE, Kind.PIPELINE, Kind.LOCK, Kind.ARTIFACTS}:
            above = posixpath.dirname(file.path)
            while above and above not in roots:
                above = posixpath.dirname(above)
            projects.setdefault(above, []).append(file)
    for root, files in projects.items():
        if any(file.kind is not Kind.ARTIFACTS for file in files):
            yield root, files
        elif at_root := [file for file in files if file.path == "artifacts.yaml"]:
            yield root, at_root


def scope_of(project: str | None, roots: Iterable[str]) -> Scope | None:
    """The project that is told alone, without those inside of it; None where all are told together."""
    if project is None:
        return None
    return Scope(project, tuple(root for root in roots if root != project and within(root, project)))


def inside_of(scope: Scope, projects: Mapping[str, list[Found]]) -> Iterator[tuple[str, list[Found]]]:
    """The project that is asked for; before it was one, its files in the project that it was a part of."""
    for root, files in projects.items():
        inside = [file for file in files if scope(file.path)]
        if root == scope.root or (inside and scope.root not in projects):
            yield root, inside


def place_in_project(file: Found) -> str:
    """The path to ask of: a project is hidden where its directory is."""
    return f"{file.path}/.dvc" if file.kind is Kind.PROJECT and file.path else file.path


def in_a_project(path: str, roots: Iterable[str]) -> bool:
    """Whether a file lies in one of the projects: DVC reads no .dvcignore above its own."""
    return any(not root or path.startswith(f"{root}/") for root in roots)


def pipeline_beside(lock: str) -> str:
    """The dvc.yaml that a dvc.lock belongs to: without it DVC does not look at the lock."""
    return posixpath.join(posixpath.dirname(lock), "dvc.yaml")


def visible(tree: Tree, hidden: Ignored) -> list[Found]:
    """The files that DVC sees: nothing of what is ignored, and no lock that its dvc.yaml left behind."""
    found = tree.found()
    if hidden:
        found = tuple(file for file in found if file.kind not in OF_DVC or not hidden(place_in_project(file)))
    seen = {file.path for file in found if file.kind is Kind.PIPELINE}
    return [file for file in found if file.kind is not Kind.LOCK or _has_pipeline(file.path, seen, tree)]


def _has_pipeline(lock: str, seen: Collection[str], tree: Tree) -> bool:
    """Whether there is a dvc.yaml beside a lock, be it a link, which is not followed."""
    path = pipeline_beside(lock)
    return path in seen or not (tree.lacks(path) or tree.blob(path) or tree.directory_id(path))
