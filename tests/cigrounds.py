"""What CI's runners stand on in tests: a release of this project, a forge's repository, their environment.

Nothing is asked of a package index: what our package depends on comes from the environment of the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from gitrepo import isolation

if TYPE_CHECKING:
    import pytest

TOP = Path(__file__).resolve().parents[1]
PACKAGES = [path for path in sys.path if Path(path).name == "site-packages"]
HOSTILE = ("pip", "venv", "ensurepip", "json", "yaml", "typer", "dvc_changelog", "sitecustomize")
"""Modules that a pull request brings along, to be imported by whoever is not careful."""
LIMIT = '[metric-rules]\n"test.accuracy" = { min = 0.99 }\n'
REPOSITORY = "team/models"


@dataclass(frozen=True)
class Origin:
    """A repository of a forge: `main`, and pull requests to it by name, which bring the demo's 1.2.0."""

    path: Path

    @property
    def url(self) -> str:
        return self.path.as_uri()

    def commit(self, name: str) -> str:
        return git(self.path, "rev-parse", name)


def machine(home: Path) -> dict[str, str]:
    """The environment of a machine that has Python and Git, and pip set to use no index."""
    tools = [Path(sys.executable).parent, *(Path(str(shutil.which(name))).parent for name in ("git", "bash"))]
    return {
        **isolation(home),
        "PATH": os.pathsep.join(map(str, dict.fromkeys(tools))),
        "LANG": "C.UTF-8",
        "TMPDIR": str(home),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip has it so: 0 means no isolation
    }


def git(path: Path, *args: str) -> str:
    done = subprocess.run(
        ["git", *args],
        cwd=path,
        env={**isolation(path), "PATH": os.environ["PATH"]},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"git {' '.join(args)}: {done.stderr}"
    return done.stdout.strip()


def complaints(schema: str, *paths: Path) -> str:
    """What is wrong with files by the schema that a CI system publishes; check-jsonschema has it."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    if schema in {"azure-pipelines", "gitlab-ci"}:
        command += ["--data-transform", schema, "--regex-variant", "nonunicode"]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, encoding="utf-8", check=False)
    return done.stdout + done.stderr if done.returncode else ""


def seed(venv: Path) -> None:
    """Let a virtual environment, that is yet to be made, have what the tests' own environment has."""
    site = Path(sysconfig.get_path("purelib", vars={"base": str(venv)}))
    site.mkdir(parents=True)
    (site / "of_the_tests.pth").write_text("\n".join(PACKAGES) + "\n", encoding="utf-8")


def once(factory: pytest.TempPathFactory, worker: str, name: str, build: Callable[[Path], None]) -> Path:
    """A directory that is built once however many workers run the tests, and is not to be written to."""
    base = factory.getbasetemp()
    root = (base if worker == "master" else base.parent) / name
    with FileLock(f"{root}.lock"):
        done = root.with_name(f"{name}.done")
        if not done.exists():
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir()
            build(root)
            done.touch()
    return root


def release(into: Path) -> None:
    """This project as it is on disk, committed and tagged, as a forge would have it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if not name.startswith(("tests/", "docs/")) and (TOP / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(TOP / name, into / name)
    git(into, "init", "--quiet", "--initial-branch=main", "--template=")
    git(into, "add", "--all")
    git(into, "commit", "--quiet", "--message=Release")
    git(into, "tag", "v0.1.0")


def forge_repository(demo: Path, into: Path) -> None:
    """See `Origin`. `good` may be merged, `bad` is below a limit of its own; both bring hostile modules."""
    work = into / "work"
    git(into, "clone", "--quiet", str(demo), str(work))
    git(work, "checkout", "--quiet", "-B", "main", "v1.1.1")
    git(work, "config", "core.hooksPath", os.devnull)
    branches: dict[str, Mapping[str, str]] = {"good": {}, "bad": {"dvc-changelog.toml": LIMIT}}
    for name, files in branches.items():
        git(work, "checkout", "--quiet", "-B", name, "v1.2.0")
        hostile = {f"{module}.py": "raise SystemExit('the branch ran')\n" for module in HOSTILE}
        for path, text in {**hostile, **files}.items():
            (work / path).write_text(text, encoding="utf-8")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message=chore: add helpers")
    git(into, "init", "--quiet", "--bare", "--initial-branch=main", "--template=", "models.git")
    tags = git(work, "tag", "--merged", "main").splitlines()
    git(work, "push", "--quiet", str(into / "models.git"), "main", *branches, *tags)
    bare = into / "models.git"
    for name in branches:
        merge = git(bare, "commit-tree", f"{name}^{{tree}}", "-p", "main", "-p", name, "-m", "Merge")
        git(bare, "update-ref", f"refs/pull/{name}/merge", merge)
        git(bare, "update-ref", f"refs/merge-requests/{name}/head", git(bare, "rev-parse", name))
    git(bare, "config", "uploadpack.allowAnySHA1InWant", "true")  # as forges do
    shutil.rmtree(work)
