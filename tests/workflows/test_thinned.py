"""A directory of Git that a stage reads and that lacks files now: DVC runs the stage anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from workflows.branches import checked, dvcfile, md5

from dvc_changelog.domain import Review
from dvc_changelog.workflows import compare

if TYPE_CHECKING:
    from gitrepo import GitRepo

LIB = {"lib/a.py": "a\n", "lib/b.py": "b\n", "lib/sub/c.py": "c\n"}
YAML = "stages:\n  report: {cmd: make, deps: [lib]%s}\n"


def lock(files: dict[str, str]) -> str:
    """As a run on these files left it."""
    listed = [
        {"md5": md5(text), "relpath": path.removeprefix("lib/")} for path, text in sorted(files.items())
    ]
    digest = md5(json.dumps(listed, sort_keys=True))
    dep = f"{{path: lib, hash: md5, md5: {digest}.dir, size: 6, nfiles: {len(files)}}}"
    return f"schema: '2.0'\nstages:\n  report: {{cmd: make, deps: [{dep}]}}\n"


@pytest.fixture
def ran(repo: GitRepo) -> GitRepo:
    repo.commit("Begin", {".dvc/config": "", "dvc.yaml": YAML % "", "dvc.lock": lock(LIB), **LIB})
    repo.git("checkout", "-q", "-b", "tune")
    return repo


def removed(*paths: str) -> Callable[[GitRepo], str]:
    def act(repo: GitRepo) -> str:
        repo.git("rm", "-q", *paths)
        return repo.commit("Remove", {})

    return act


def _as_run(repo: GitRepo) -> str:
    left = {path: text for path, text in LIB.items() if path != "lib/b.py"}
    repo.git("rm", "-q", "lib/b.py")
    return repo.commit("Remove and run", {"dvc.lock": lock(left)})


def _into_dvc(repo: GitRepo) -> str:
    repo.git("rm", "-q", "lib/b.py")
    return repo.commit("To DVC", {"b.dvc": dvcfile("lib/b.py", "b\n")})


def _frozen(repo: GitRepo) -> str:
    repo.git("rm", "-q", "lib/b.py")
    return repo.commit("Freeze", {"dvc.yaml": YAML % ", frozen: true"})


FATES: list[tuple[str, Callable[[GitRepo], str], bool]] = [
    ("one is gone", removed("lib/b.py"), True),
    ("several are", removed("lib/b.py", "lib/sub/c.py"), True),
    ("one is hidden", lambda repo: repo.commit("Hide", {".dvcignore": "lib/b.py\n"}), True),
    ("all are hidden", lambda repo: repo.commit("Hide", {".dvcignore": "lib\n"}), True),
    ("one came", lambda repo: repo.commit("Add", {"lib/d.py": "d\n"}), True),
    ("one changed", lambda repo: repo.commit("Change", {"lib/a.py": "x\n"}), True),
    ("one is elsewhere", lambda repo: repo.commit("Other", {"src/a.py": "x\n"}), False),
    ("the stage ran since", _as_run, False),
    ("DVC keeps it now", _into_dvc, False),
    ("the stage is frozen", _frozen, False),
]


def behind(review: Review) -> list[tuple[str, str]]:
    return [(f.what, f.commit_id) for f in review.findings if f.kind.value == "stale-lock"]


@pytest.mark.parametrize(("act", "stale"), [fate[1:] for fate in FATES], ids=[fate[0] for fate in FATES])
def test_what_is_not_as_the_stage_read_it_is_found(
    ran: GitRepo, act: Callable[[GitRepo], str], *, stale: bool
) -> None:
    by = act(ran)
    ran.commit("Docs", {"README.md": "x"})
    found = behind(checked(ran))
    assert found == ([("The stage report is not as it last ran: lib changed.", by)] if stale else [])


def test_a_directory_with_files_that_git_never_had_proves_nothing(repo: GitRepo) -> None:
    more = {**LIB, "lib/made.py": "m\n"}
    repo.commit("Begin", {".dvc/config": "", "dvc.yaml": YAML % "", "dvc.lock": lock(more), **LIB})
    repo.git("checkout", "-q", "-b", "tune")
    removed("lib/b.py")(repo)
    assert behind(checked(repo)) == []


def test_a_large_directory_is_compared_where_it_changed(repo: GitRepo) -> None:
    many = {f"lib/{n}.txt": f"{n}\n" for n in range(300)}
    repo.commit("Begin", {".dvc/config": "", "dvc.yaml": YAML % "", "dvc.lock": lock(many), **many})
    repo.git("checkout", "-q", "-b", "tune")
    assert behind(checked(repo)) == []
    by = repo.commit("Change", {"lib/7.txt": "x"})
    assert [commit for _, commit in behind(checked(repo))] == [by]


def test_a_changelog_tells_it_too(ran: GitRepo) -> None:
    removed("lib/b.py")(ran)
    release = compare(ran.path, "main", "tune")
    assert [(item.stage, item.path) for item in release.stale] == [("report", "lib")]
