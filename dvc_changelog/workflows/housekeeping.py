"""Which commits only keep the house: those of the changelog, and those that a release makes itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import field
from fnmatch import fnmatchcase

from dvc_changelog.config import Config
from dvc_changelog.config.stamp import stamp
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit
from dvc_changelog.history import parse_message

_NAMED = "TAGORVERSION"


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Tells such commits: their writing must not change what is written.

    Args:
        changelogs: paths of changelogs.
        config: names the files that hold the version, and the subject of a release's commit.
    """

    changelogs: Collection[str]
    config: Config
    _stamped: tuple[str, ...] = field(init=False)
    _subject: tuple[str, str, re.Pattern[str]] = field(init=False)

    def __post_init__(self) -> None:
        said = self.config.release_message.replace("{tag}", _NAMED).replace("{version}", _NAMED)
        message = parse_message(said)
        subject = re.compile(re.escape(message.subject).replace(_NAMED, r"\S*\d\S*"))
        object.__setattr__(self, "_stamped", tuple(stamp(text).path for text in self.config.version_files))
        object.__setattr__(self, "_subject", (message.type, message.scope, subject))

    def __call__(self, commit: Commit) -> bool:
        """Whether a commit is one: all of its files are changelogs, or it is a release's own."""
        files, own = commit.files, self.changelogs
        if not files:
            return False
        if files[0].path in own and all(file.path in own for file in files):
            return True
        if not self._stamped or not all(file.path in own or self._holds(file.path) for file in files):
            return False
        kind, scope, subject = self._subject
        as_said = (commit.group if commit.conventional else "", commit.scope) == (kind, scope)
        return as_said and subject.fullmatch(commit.message) is not None

    def _holds(self, path: str) -> bool:
        return any(path == each or fnmatchcase(path, each) for each in self._stamped)
