"""Real Git repositories for tests: fixed authors and dates, no configuration of the machine's, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path

import pytest

EPOCH = 1_704_067_200
"""2024-01-01 00:00 UTC: the date of the first commit; each next one is an hour later."""
HOUR = 3600

_UNWANTED = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_CEILING_DIRECTORIES",
    "SOURCE_DATE_EPOCH",
    "NO_COLOR",
)
_OF_CI = (
    *("DVC_CHANGELOG_", "GITHUB_", "GH_", "GITEA_", "FORGEJO_", "GITLAB_", "CI_", "BITBUCKET_", "SYSTEM_"),
    *("BUILD_", "TF_BUILD", "JENKINS_", "CHANGE_", "PRE_COMMIT"),
)
"""Beginnings of variables that say in which CI this is: a review listens to them."""


def isolation(home: Path) -> dict[str, str]:
    """The environment variables under which Git knows nothing of this machine and its user."""
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(Path(__file__).with_name("isolated.gitconfig")),
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_TERMINAL_PROMPT": "0",
        "TZ": "UTC",
    }


@pytest.fixture(autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test that imports this fixture runs isolated; asking Git itself to be so is left to no test."""
    for name in _UNWANTED:
        monkeypatch.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith(_OF_CI)]:
        monkeypatch.delenv(name)
    for name, value in isolation(tmp_path_factory.getbasetemp()).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repo(tmp_path: Path, isolated: None) -> GitRepo:
    """An empty repository on branch `main`."""
    return GitRepo.init(tmp_path / "repo")


@dataclass
class GitRepo:
    """A repository that tests write to; every date is told, none is the present."""

    path: Path
    clock: int = EPOCH

    @classmethod
    def init(cls, path: Path, *options: str) -> GitRepo:
        """Make an empty repository."""
        path.mkdir(parents=True, exist_ok=True)
        made = cls(path)
        made.git("init", "--quiet", "--initial-branch=main", "--template=", *options)
        return made

    @classmethod
    def clone(cls, source: Path, path: Path, *options: str) -> GitRepo:
        """Clone over the file protocol, as from a server."""
        subprocess.run(
            ["git", "clone", "--quiet", *options, source.as_uri(), str(path)], check=True, capture_output=True
        )
        return cls(path)

    def git(self, *args: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> str:
        """What a Git command prints, stripped."""
        return self.git_bytes(*args, stdin=stdin, env=env).decode("utf-8", "surrogateescape").strip()

    def git_bytes(
        self, *args: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None
    ) -> bytes:
        """What a Git command prints."""
        dates = {"GIT_AUTHOR_DATE": f"{self.clock} +0000", "GIT_COMMITTER_DATE": f"{self.clock} +0000"}
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            input=stdin,
            capture_output=True,
            env={**os.environ, **dates, **(env or {})},
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"git {' '.join(args)}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files of the working tree."""
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(
        self,
        message: str | bytes = "Work",
        files: Mapping[str, str | bytes] | None = None,
        *,
        date: int | None = None,
        options: Sequence[str] = (),
    ) -> str:
        """Commit these files, or one that changes each time; the commit's id."""
        self.write({"work.txt": f"{self.clock}\n"} if files is None else files)
        self.git("add", "--all")
        return self.record(message, date=date, options=options)

    def record(self, message: str | bytes, *, date: int | None = None, options: Sequence[str] = ()) -> str:
        """Commit what the index has, be it nothing new, with exactly this message."""
        self.clock = self.clock + HOUR if date is None else date
        raw = message.encode() if isinstance(message, str) else message
        options = ("--cleanup=verbatim", "--allow-empty", "--allow-empty-message", *options)
        self.git("commit", "--quiet", "--file=-", *options, stdin=raw)
        return self._head()

    def _head(self) -> str:
        """The commit of HEAD; Git is asked only where that is not in the files of branches."""
        head = self.path / ".git" / "HEAD"
        if head.is_file():
            found = head.read_text().strip()
            branch = self.path / ".git" / found.removeprefix("ref: ")
            if not found.startswith("ref: "):
                return found
            if branch.is_file():
                return branch.read_text().strip()
        return self.git("rev-parse", "HEAD")

    def tag(
        self, name: str, at: str = "HEAD", *, message: str | None = None, date: int | None = None
    ) -> None:
        """Tag a revision; annotated where there is a message."""
        env = {"GIT_COMMITTER_DATE": f"{self.clock if date is None else date} +0000"}
        annotation = () if message is None else ("--annotate", "--message", message)
        self.git("tag", *annotation, name, at, env=env)

    def release(
        self, name: str, message: str = "Work", files: Mapping[str, str | bytes] | None = None
    ) -> str:
        """Commit and tag at once."""
        commit = self.commit(message, files)
        self.tag(name)
        return commit

    def experiment(
        self,
        name: str,
        files: Mapping[str, str | bytes],
        *,
        on: str = "HEAD",
        message: str = "dvc: commit experiment 0123456789abcdef",
    ) -> str:
        """Keep these files as an experiment, as DVC does: a commit below `refs/exps`; the commit's id."""
        baseline = self.git("rev-parse", on)
        self.git("checkout", "--quiet", "--detach", baseline)
        commit = self.commit(message, files)
        self.git("update-ref", f"refs/exps/{baseline[:2]}/{baseline[2:]}/{name}", commit)
        self.git("checkout", "--quiet", "-")
        return commit

    def merge(self, branch: str, message: str = "Merge") -> str:
        """Merge a branch, whatever conflicts: ours wins."""
        self.clock += HOUR
        self.git("merge", "--quiet", "--no-ff", "--strategy=ours", "-m", message, branch)
        return self.git("rev-parse", "HEAD")


def once(build: Callable[[GitRepo], GitRepo]) -> Callable[[GitRepo], GitRepo]:
    """What builds in an empty repository, built for the first who asks and copied for all others.

    It is for a builder that writes nothing beside the repository, and not where it is.
    """
    kept: list[GitRepo] = []

    @wraps(build)
    def built(repo: GitRepo) -> GitRepo:
        if not kept:
            made = build(repo)
            place = Path(tempfile.mkdtemp(prefix="once-", dir=os.environ["HOME"])) / "repo"
            kept.append(GitRepo(Path(shutil.copytree(made.path, place, symlinks=True)), made.clock))
            return made
        shutil.copytree(kept[0].path, repo.path, symlinks=True, dirs_exist_ok=True)
        repo.clock = kept[0].clock
        repo.git("update-index", "-q", "--refresh")
        return repo

    return built


@dataclass(frozen=True)
class Node:
    """A commit to import; `parents` are indexes of earlier nodes. A file without content is taken away."""

    parents: tuple[int, ...] = ()
    message: str = "Work"
    files: Mapping[str, str | None] = field(default_factory=dict)
    date: int | None = None


def imported(repo: GitRepo, nodes: Sequence[Node], tags: Mapping[str, int] | None = None) -> list[str]:
    """Make a whole history in one `git fast-import`: the last node is `main`; the ids of all."""
    stream: list[str] = []
    for at, node in enumerate(nodes):
        when = EPOCH + at * HOUR if node.date is None else node.date
        message = node.message.encode()
        stream += [
            f"commit refs/heads/n{at}",
            f"mark :{at + 1}",
            f"committer Ada <ada@example.org> {when} +0000",
        ]
        stream += [f"data {len(message)}", node.message]
        stream += [f"{'merge' if n else 'from'} :{p + 1}" for n, p in enumerate(node.parents)]
        for name, content in node.files.items():
            if content is None:
                stream.append(f"D {name}")
            else:
                stream += [f"M 100644 inline {name}", f"data {len(content.encode())}", content]
        stream.append("")
    stream += [f"reset refs/heads/main\nfrom :{len(nodes)}\n"]
    stream += [f"reset refs/tags/{name}\nfrom :{at + 1}\n" for name, at in (tags or {}).items()]
    marks = repo.path / "marks.tmp"
    repo.git("fast-import", "--quiet", "--force", f"--export-marks={marks}", stdin="\n".join(stream).encode())
    known = dict(line.split() for line in marks.read_text().splitlines())
    marks.unlink()
    return [known[f":{at + 1}"] for at in range(len(nodes))]
