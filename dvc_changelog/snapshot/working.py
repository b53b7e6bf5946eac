"""What lies in the working tree where DVC keeps its outputs, hashed by DVC, which remembers the hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dvc_changelog.domain import Content, Output


@dataclass(slots=True)
class Working:
    """The files of a working tree that Git does not have.

    Args:
        top: its top directory.

    `absent` are the outputs that do not lie there, `troubles` says why some could not be hashed.
    """

    top: Path
    absent: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def as_they_are(self, outputs: Iterable[Output], project: str) -> Iterator[Output]:
        """Outputs with the content that lies in the working tree; one that does not keeps what is recorded.

        Args:
            outputs: as DVC's files record them.
            project: the directory of their project.
        """
        here: list[Output] = []
        for output in outputs:
            if output.content.algorithm != "md5":  # what only a cloud identifies is not hashed here
                yield output
            elif (self.top / output.path).exists():
                here.append(output)
            else:
                self.absent.append(output.path)
                yield output
        if here:
            yield from self._hashed(here, project)

    def loose(self, path: str) -> Content | None:
        """The content of a file that neither Git nor DVC has; None if there is none."""
        place = self.top / path
        try:
            with place.open("rb") as file:
                return Content("md5", hashlib.file_digest(file, _md5).hexdigest())
        except OSError:
            return None

    def _hashed(self, outputs: list[Output], project: str) -> Iterator[Output]:
        from dvc.exceptions import DvcException
        from dvc.repo import Repo

        try:
            repo = Repo(str(self.top / project))
        except DvcException as error:
            why = " ".join(str(error).split()).rstrip(".")
            self.troubles.append(f"DVC cannot read its project here ({why}): data is told as recorded.")
            yield from outputs
            return
        with repo:
            for output in outputs:
                try:
                    yield replace(output, content=_content(output.content, self.top / output.path, repo))
                except (DvcException, OSError) as error:
                    self.troubles.append(f"{output.path} cannot be hashed ({error}): it is told as recorded.")
                    yield output


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)


def _content(recorded: Content, place: Path, repo: Any) -> Content:
    """The content of a file or directory, as DVC identifies it."""
    from dvc_data.hashfile.build import build

    name = "md5-dos2unix" if recorded.legacy else "md5"
    odb = repo.cache.legacy if recorded.legacy else repo.cache.local
    _, meta, found = build(odb, str(place), repo.cache.local.fs, name, ignore=repo.dvcignore, dry_run=True)
    digest = str(found.hash_info.value)
    if digest == recorded.digest:
        return recorded
    listed: Any = found if digest.endswith(".dir") else ()
    files = tuple(("/".join(key), str(hashed.value), inner.size) for key, inner, hashed in listed)
    return Content("md5", digest, meta.size, meta.nfiles, recorded.legacy, files)
