"""What Git has at a revision, for those who ask for more than what DVC tracks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, FileChange, within
from dvc_changelog.snapshot.blobs import Blobs, Complaints
from dvc_changelog.snapshot.ignore import Ignored, ignored
from dvc_changelog.snapshot.layout import in_a_project
from dvc_changelog.snapshot.outdated import Outdated
from dvc_changelog.snapshot.tree import Found, Kind, Tree

_MANY_FILES = 4_000
"""From how many files on the hash of a directory is made for nobody."""


@dataclass(frozen=True, slots=True)
class InGit:
    """The files of one revision; without a `tree` those of the empty state before the first commit.

    Args:
        tree: that of the revision.
        blobs: reads them.
        outdated: makes hashes of them.
    """

    tree: Tree | None
    blobs: Blobs
    outdated: Outdated

    def id(self, path: str) -> str:
        """The id of the file or directory at a path; "" where there is none."""
        return (self.tree.blob(path) or self.tree.directory_id(path)) if self.tree else ""

    def below(self, path: str) -> Mapping[str, str]:
        """The files below a directory, each with its id."""
        return dict(self.tree.files_below(path)) if self.tree else {}

    def changed(self, places: Collection[str], old: InGit) -> tuple[FileChange, ...]:
        """The files at or below some places that are not as at an older revision; see `Tree.changed`."""
        return tuple(self.tree.changed(places, old.tree)) if self.tree else ()

    def ignores(self) -> Mapping[str, str]:
        """The .dvcignore files, each with its id."""
        found = self.tree.found() if self.tree else ()
        return {file.path: file.blob for file in found if file.kind is Kind.IGNORE}

    def ignored(self, project: str) -> Ignored:
        """What .dvcignore files hide of the project at a directory: DVC reads none above its own."""
        found = self.tree.found() if self.tree else ()
        own = (file for file in found if file.kind is Kind.IGNORE and within(file.path, project))
        return ignored(own, self.blobs, Complaints(""))

    def hashes(self, path: str, recorded: Content) -> tuple[str, ...]:
        """The hashes that DVC would give to what is at a path; see `Outdated.digests`.

        More is read than where each stage of each revision is looked at.
        """
        if self.tree is None:
            return ()
        self.outdated.hidden = hidden(self.tree.found(), self.blobs, Complaints(""))
        return self.outdated.digests(path, recorded, self.tree, _MANY_FILES)


def hidden(found: Iterable[Found], blobs: Blobs, complain: Complaints) -> Ignored:
    """What the .dvcignore files of the projects hide; that trees are missing is complained of."""
    files, roots = list[Found](), set[str]()
    for file in found:
        if file.kind is Kind.MISSING:
            complain.add(file.path or ".", "this directory's tree is not in the repository (a partial clone)")
        elif file.kind is Kind.IGNORE:
            files.append(file)
        elif file.kind is Kind.PROJECT:
            roots.add(file.path)
    return ignored((file for file in files if in_a_project(file.path, roots or {""})), blobs, complain)
