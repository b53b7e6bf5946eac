"""Releases that land in real repositories, and what one sees of a repository before and after."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gitrepo import EPOCH, GitRepo

from dvc_changelog.history import Git
from dvc_changelog.history.landing import Landing, prepare

FILES: Mapping[str, bytes] = {
    "CHANGELOG.md": b"# Changelog\n\n## v1\n",
    "pyproject.toml": b'version = "1"\n',
    "docs/in a new place/ä.md": b"new\n",
}
COMMITTED = {"CHANGELOG.md": "# Changelog\n", "pyproject.toml": 'version = "0"\n', "code.py": "pass\n"}
TAG_MESSAGE = "v1\n\n# A heading\n\n- a change\n"


@dataclass(frozen=True)
class Seen:
    """All that one sees of a repository: refs, HEAD, index, files, and what Git says of them."""

    refs: str
    head: str
    index: str
    files: Mapping[str, tuple[bytes, int]]
    status: str
    locks: tuple[str, ...]


def seen(repo: GitRepo) -> Seen:
    """What there is to be seen now, dates of files left out."""
    git_dir = Path(repo.git("rev-parse", "--absolute-git-dir"))
    common = repo.path / repo.git("rev-parse", "--git-common-dir")
    return Seen(
        refs=repo.git("for-each-ref"),
        head=(git_dir / "HEAD").read_text(),
        index=repo.git("ls-files", "--stage", "-v"),
        files={
            str(path.relative_to(repo.path)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
            for path in sorted(repo.path.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(repo.path).parts
        },
        status=repo.git("status", "--porcelain", "--ignored"),
        locks=tuple(
            sorted(
                str(path)
                for place in {git_dir, common}
                for path in place.rglob("*.lock")
                if "dvc-changelog" not in path.parts  # what is staged is seen by nobody, and cleared
            )
        ),
    )


def settled(repo: GitRepo) -> Seen:
    """What there is to be seen; nothing is left behind: no plan, nothing staged, no empty directory."""
    home = repo.path / repo.git("rev-parse", "--git-common-dir") / "dvc-changelog"
    assert [path.name for path in home.iterdir() if path.name != "lock"] == []
    assert repo.git("diff-files") == ""
    visible = (path for path in repo.path.rglob("*") if ".git" not in path.relative_to(repo.path).parts)
    assert [path for path in visible if path.is_dir() and not any(path.iterdir())] == []
    found = seen(repo)
    assert found.locks == ()
    return found


def ready(repo: GitRepo) -> GitRepo:
    """The repository with what is to be released committed."""
    repo.commit("Work", COMMITTED)
    return repo


def prepared(repo: GitRepo, files: Mapping[str, bytes] = FILES, tag: str = "v1") -> Landing:
    """A landing of these files."""
    return prepare(
        Git(repo.path),
        files=files,
        message=f"chore: release {tag}\n\nBy hand.\n",
        tag=tag,
        tag_message=TAG_MESSAGE,
        timestamp=EPOCH + 100,
    )


def by_git(repo: GitRepo, files: Mapping[str, bytes] = FILES, tag: str = "v1") -> None:
    """The same with Git's own commands."""
    dates = {"GIT_AUTHOR_DATE": f"{EPOCH + 100} +0000", "GIT_COMMITTER_DATE": f"{EPOCH + 100} +0000"}
    repo.write(files)
    repo.git("add", "--", *files)
    repo.git("commit", "--quiet", "-m", f"chore: release {tag}\n\nBy hand.\n", env={**os.environ, **dates})
    repo.git("tag", "-a", "--cleanup=verbatim", "-F", "-", tag, stdin=TAG_MESSAGE.encode(), env=dates)
