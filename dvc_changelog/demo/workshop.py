"""A repository under construction: files, `git`, the real `dvc`, shut off from the machine's own settings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import IO

from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import ChangelogError, GitError

PROJECT = files("dvc_changelog.demo") / "project"


@dataclass(frozen=True)
class Workshop:
    """The place where the demo is built, with the tools to build it."""

    root: Path
    env: dict[str, str]
    worker: subprocess.Popen[str]
    log: IO[str]

    def write(self, path: str, text: str) -> None:
        """Write a file of the project. in: path below the root, text."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")

    def copy(self, *paths: str) -> None:
        """Put files of the packaged project in place. in: their paths, the same on both sides."""
        for path in paths:
            self.write(path, PROJECT.joinpath(path).read_text(encoding="utf-8"))

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace one piece of a file. in: path, the text that must be there once, the text to put."""
        text = (self.root / path).read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise ChangelogError(f"The demo's {path} has {text.count(old)} of {old!r}, not one.")
        self.write(path, text.replace(old, new))

    def git(self, *args: str, when: str = "", author: str = "") -> None:
        """Run git. in: its arguments, the date and the `Name <mail>` to write into what it creates."""
        name, _, mail = author.partition(" <")
        identity = {
            f"GIT_{role}_{field}": value
            for role in ("AUTHOR", "COMMITTER")
            for field, value in (("NAME", name), ("EMAIL", mail.rstrip(">")), ("DATE", when))
            if value
        }
        self._run("git", args, identity)

    def dvc(self, *args: str) -> None:
        """Run a DVC command. in: its arguments."""
        self._run("dvc", args, {})

    def _run(self, tool: str, args: tuple[str, ...], environment: dict[str, str]) -> None:
        start = self.log.seek(0, os.SEEK_END)
        assert self.worker.stdin is not None
        assert self.worker.stdout is not None
        answer = ""
        try:
            self.worker.stdin.write(json.dumps([tool, args, environment]) + "\n")
            self.worker.stdin.flush()
            answer = self.worker.stdout.readline().strip()
        except OSError:  # it died; the log says of what
            pass
        if answer != "0":
            self.log.seek(start if answer else 0)
            raise ChangelogError(
                f"{tool} {' '.join(args)} failed while building the demo:\n{self.log.read().strip()}",
                f"Check that `{tool} --version` works in this environment.",
            )


def _environment(home: Path) -> dict[str, str]:
    """The caller's environment without its Git, DVC and user settings. in: an empty home; out: variables."""
    foreign = ("GIT_", "DVC_", "XDG_", "PYTHONSAFEPATH")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    settings = home / "dvc"
    settings.mkdir(parents=True)
    (settings / "config").write_text(
        "[core]\n    analytics = false\n    check_update = false\n", encoding="utf-8"
    )
    return kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "DVC_NO_ANALYTICS": "1",
        "DVC_GLOBAL_CONFIG_DIR": str(settings),
        "DVC_SYSTEM_CONFIG_DIR": str(home / "system"),
        "DVC_SITE_CACHE_DIR": str(home / "site"),
        "PATH": os.pathsep.join([str(_python_command(home)), os.environ.get("PATH", os.defpath)]),
        "PYTHONUTF8": "1",
    }


def _python_command(home: Path) -> Path:
    """A folder where `python`, as the stages call it, is the Python we run on. in: home; out: the folder."""
    beside = Path(sys.executable).parent
    if shutil.which("python", path=str(beside)):
        return beside
    (home / "bin").mkdir()
    shim = home / "bin" / "python"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    return shim.parent


@contextmanager
def workshop(root: Path, home: Path) -> Iterator[Workshop]:
    """A workshop, and the worker in it for as long as it is open.

    in: the empty directory to build in, a directory for everything that must not outlive the build
    """
    if not shutil.which("git"):
        raise GitError("Git is not installed.", "Install Git: https://git-scm.com/downloads")
    env = _environment(home)
    with (home / "dvc.log").open("a+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("worker.py"))],
            cwd=root,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
        )
        try:
            yield Workshop(root, env, process, log)
        finally:
            with suppress(OSError), process:  # closes its stdin: it ends, if it has not yet
                pass
