"""What lies in the working tree where DVC keeps its outputs, hashed by DVC, which remembers the hashes."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Output, Problem
from dvc_changelog.snapshot.blobs import Complaints
from dvc_changelog.snapshot.store import inside

if TYPE_CHECKING:
    from dvc.repo import Repo


_ABSENT = "DVC tracks it, and it is not checked out: told as recorded"


@dataclass(slots=True)
class Working:
    """The files of a working tree that Git does not have.

    Args:
        top: its top directory.

    `absent` are the outputs that do not lie there.
    """

    top: Path
    absent: list[str] = field(default_factory=list)

    def as_they_are(self, outputs: Iterable[Output], project: str, complain: Complaints) -> Iterator[Output]:
        """Outputs with the content that lies in the working tree; one that does not keeps what is recorded.

        Args:
            outputs: as DVC's files record them.
            project: the directory of their project.
            complain: told what is not there, and what cannot be hashed, which keeps what is recorded too.
        """
        here: list[Output] = []
        for output in outputs:
            if output.content.algorithm != "md5":  # what only a cloud identifies is not hashed here
                yield output
            elif self._lies_there(output.path):
                here.append(output)
            else:
                self.absent.append(output.path)
                complain.add(output.path, _ABSENT, missing=True)
                yield output
        if here:
            yield from self._hashed(here, project, complain)

    def altered(self, outputs: Iterable[Output], project: str) -> tuple[list[str], list[Problem]]:
        """The outputs that the working tree has otherwise than recorded; see `as_they_are`.

        Returns:
            their paths, and what could not be compared. What does not lie there is neither.
        """
        complain = Complaints("workspace")
        found = [output.path for output in self.as_they_are(outputs, project, complain) if output.altered]
        return found, [problem for problem in complain.problems if not problem.missing]

    def loose(self, path: str) -> Content | None:
        """The content of a file that neither Git nor DVC has; None if there is none in the working tree."""
        place = inside(self.top, path)
        try:
            if place is None:
                return None
            with place.open("rb") as file:
                return Content("md5", hashlib.file_digest(file, _md5).hexdigest())
        except OSError:
            return None

    def _lies_there(self, path: str) -> bool:
        """Whether a file or directory is at a path of the working tree; a pipe would be waited for."""
        if posixpath.isabs(path) or path.startswith("../"):
            return False
        return os.path.isfile(self.top / path) or os.path.isdir(self.top / path)  # noqa: PTH112, PTH113

    def _hashed(self, outputs: list[Output], project: str, complain: Complaints) -> Iterator[Output]:
        try:
            repo = reading(self.top / project)
        except Exception as error:  # noqa: BLE001  # a directory that cannot be written to, a broken database
            where = posixpath.join(project, ".dvc")
            complain.add(where, f"DVC cannot open its project, data is told as recorded: {_said(error)}")
            yield from outputs
            return
        with repo:
            for output in outputs:
                try:
                    content = _content(output.content, self.top / output.path, repo)
                    yield replace(output, content=content, altered=content.digest != output.content.digest)
                except Exception as error:  # noqa: BLE001  # DVC raises what its libraries do
                    complain.add(output.path, f"cannot be hashed, told as recorded: {_said(error)}")
                    yield output


def reading(place: Path) -> Repo:
    """The DVC project at a directory, opened so that nothing of it is written."""
    from dvc.repo import Repo

    class Reading(Repo):  # type: ignore[misc]  # DVC has no types
        """A project as it is: DVC writes into `.gitignore` when it opens one."""

        def _ignore(self) -> None:
            pass

    return Reading(str(place))


def _said(error: Exception) -> str:
    """What DVC says, on one line."""
    return (" ".join(str(error).split()) or type(error).__name__).rstrip(".")


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)


def _content(recorded: Content, place: Path, repo: Any) -> Content:
    """The content of a file or directory, as DVC identifies it."""
    from dvc_data.hashfile.build import build

    name = "md5-dos2unix" if recorded.legacy else "md5"
    odb = repo.cache.legacy if recorded.legacy else repo.cache.local
    _, meta, found = build(odb, str(place), repo.cache.local.fs, name, ignore=repo.dvcignore, dry_run=True)
    digest = str(found.hash_info.value)
    listed: Any = found if digest.endswith(".dir") else ()
    files = tuple(("/".join(key), str(hashed.value), inner.size) for key, inner, hashed in listed)
    if digest == recorded.digest:  # of a run that was not committed to the cache, only the files tell
        return replace(recorded, files=files)
    return Content("md5", digest, meta.size, meta.nfiles, recorded.legacy, files)
