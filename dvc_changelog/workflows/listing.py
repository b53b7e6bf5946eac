"""Which commits of a release are listed, which are only counted, and what they were written for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit, Note
from dvc_changelog.insight import Known, notes, said, speaks, touches
from dvc_changelog.insight.touches import Rewritten
from dvc_changelog.workflows.housekeeping import Housekeeping
from dvc_changelog.workflows.paths import Paths


@dataclass(frozen=True, slots=True)
class Listing:
    """Sorts the commits of a release by the options. `rewritten`: see `insight.touches`."""

    config: Config
    keeps_house: Housekeeping
    rewritten: Rewritten

    def listed(
        self, commits: Sequence[Commit], paths: Paths, known: Known
    ) -> tuple[list[Commit], dict[str, int]]:
        """The commits to list, and how many of each kind are only counted.

        A merge is listed where it changed data or models itself, or says what no commit that it merged does.
        """
        words = said(commits)
        listed = []
        counts = {"commits": 0, "merges": 0, "changelog_only": 0, "skipped": 0, "other_paths": 0}
        skip = [re.compile(pattern) for pattern in self.config.skip_commits]
        for commit in commits:
            silent = commit.is_merge and not self.config.merges and not speaks(commit, words)
            if silent and not self._tells(commit, known):
                counts["merges"] += 1
            elif self.keeps_house(commit):
                counts["changelog_only"] += 1  # else writing the file would change the file
            elif any(pattern.search(commit.message) for pattern in skip):
                counts["skipped"] += 1
            elif not paths.everything and not any(map(paths, _paths(commit))):
                counts["other_paths"] += 1
            else:
                listed.append(commit)
        counts["commits"] = len(listed)
        return listed, counts

    def _tells(self, merge: Commit, known: Known) -> bool:
        return bool(merge.files and touches(merge, known, self.rewritten))

    def state(self, commits: Sequence[Commit], paths: Paths) -> str:
        """See `Release.state`. A merge with neither files nor words of its own adds nothing."""
        words = said(commits)
        ids = (
            commit.id
            for commit in commits
            if not self.keeps_house(commit) and (paths.everything or any(map(paths, _paths(commit))))
            if commit.files or not commit.is_merge or speaks(commit, words)
        )
        return hashlib.md5("".join(sorted(ids)).encode(), usedforsecurity=False).hexdigest()[:12]

    def notes(self, commits: Iterable[Commit], listed: Iterable[Commit], paths: Paths) -> list[Note]:
        """The notes of what is listed, and of merges: the words there are a person's, too."""
        ids = {commit.id for commit in listed}
        told = (c for c in commits if c.id in ids or (c.is_merge and paths.everything))
        return notes(told, self.config.note_trailers)


def _paths(commit: Commit) -> Iterator[str]:
    return (file.path for file in commit.files)
