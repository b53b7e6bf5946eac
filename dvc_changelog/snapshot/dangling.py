"""Artifacts that point to nothing: what `dvc artifacts get` would look for in vain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from dvc_changelog.domain import Artifact, Output, Snapshot, Stage
from dvc_changelog.snapshot.blobs import Complaints
from dvc_changelog.snapshot.tree import OF_DVC, Found, Kind, Tree, kind_of


def dangling(
    artifacts: Iterable[Artifact], outputs: Iterable[Output], stages: Iterable[Stage], tree: Tree
) -> Iterator[Artifact]:
    """The artifacts whose path is neither in Git nor an output, nor above or inside of one.

    Args:
        artifacts: declarations; virtual ones need not exist.
        outputs: what DVC tracks.
        stages: an output that a stage declares counts though it has not run.
        tree: the files of the revision.
    """
    declared = [a for a in artifacts if not a.virtual and _is_here(a.path)]
    if not declared or tree.blob(".gitmodules"):  # what a submodule holds is not known
        return
    tracked = {output.path for output in outputs}
    tracked |= {path for stage in stages for path in (*stage.outs, *stage.metrics, *stage.plots)}
    holding = {str(parent) for path in tracked for parent in PurePosixPath(path).parents}
    for artifact in declared:
        above = [artifact.path, *map(str, PurePosixPath(artifact.path).parents)][:-1]
        if (
            artifact.path not in holding
            and tracked.isdisjoint(above)
            and all(tree.lacks(path) for path in (artifact.path, *(f"{path}.dvc" for path in above)))
        ):
            yield artifact


def _is_here(path: str) -> bool:
    """Whether a path leads into the repository: it is no URL, not absolute, and not above the Git root."""
    return bool(path) and "://" not in path and not path.startswith(("/", "../"))


def check_artifacts(parts: list[Snapshot], found: list[Found], tree: Tree, complain: Complaints) -> None:
    """Note the artifacts that point to nothing; where a DVC file could not be read it may name them."""
    unread = any(kind_of(problem.path) in OF_DVC for problem in complain.problems)
    if unread or any(file.kind is Kind.MISSING for file in found):
        return
    for artifact in dangling(
        (artifact for part in parts for artifact in part.artifacts.values()),
        (output for part in parts for output in part.outputs.values()),
        (stage for part in parts for stage in part.stages.values()),
        tree,
    ):
        named = f"artifact {artifact.name} in {artifact.file} points to it"
        complain.add(artifact.path, f"{named}, but it is neither in Git nor tracked by DVC", missing=True)
