"""`dvc-changelog next-version` as a person and a script run it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from clirun import files_of
from gitrepo import GitRepo
from jsonschema import Draft202012Validator

from dvc_changelog.render.schemas import schema

if TYPE_CHECKING:
    from pathlib import Path

    from clirun import Run

NOTHING = "Nothing asks for a new version since v1.1.0; --bump LEVEL makes one all the same."
FORBID = '[[bump-rules]]\nkind = "metric"\nname = "accuracy"\nbelow = 0.75\nforbid = "minor"\n'


@pytest.fixture
def tuned(project: GitRepo) -> GitRepo:
    """The project with a worse model since v1.1.0; its commit is told without a hash of the machine's."""
    project.commit("feat: plant on", files_of(trees=120, model="d" * 32, accuracy=0.7))
    return project


def test_nothing_to_release_is_no_failure_unless_it_is_asked_to_be(project: GitRepo, run: Run) -> None:
    before = project.git("for-each-ref")
    ran = run("next-version")
    assert (ran.code, ran.out) == (0, "v1.1.0\n")
    assert NOTHING in ran.err
    assert run("next-version", "--quiet").err == ""
    ran = run("next-version", "--fail-if-none")
    assert (ran.code, ran.out) == (3, "v1.1.0\n")
    assert f"error: {NOTHING}" in ran.err
    ran = run("next-version", "--explain")
    assert ran.out == (
        "v1.1.0\nnone, the highest level that what changed since v1.1.0 asks for:\n  none   1 commit (docs)\n"
    )
    assert run("next-version", "--bump", "Patch", "--fail-if-none").out == "v1.1.1\n"
    assert project.git("for-each-ref") == before
    assert project.git("status", "--porcelain") == ""


def test_why_is_told_in_a_pipe_as_lines(tuned: GitRepo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = (
        "v1.2.0\n"
        "minor, the highest level that what changed since v1.1.0 asks for:\n"
        f"  minor  commit {tuned.git('rev-parse', '--short=7', 'HEAD')} (plant on): feat\n"
        "  patch  model model.pkl was retrained: train.trees went from 100 to 120\n"
        "  patch  param train.trees went from 100 to 120\n"
        "  patch  metric accuracy went from 0.9 to 0.7, worse\n"
        "  none   1 commit (docs)\n"
    )
    assert run("next-version", "--explain").out == expected
    wanted = run("next-version", "--explain", "--bump", "major").out.splitlines()
    assert wanted[:2] == [
        "v2.0.0",
        "major, as asked for; what changed since v1.1.0 asks for minor:",
    ]
    monkeypatch.setattr("dvc_changelog.cli.console.sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert run("next-version", "--explain").out == expected


def test_the_json_has_what_the_lines_have(tuned: GitRepo, run: Run) -> None:
    (tuned.path / "dvc-changelog.toml").write_text(FORBID)
    ran = run("next-version", "--format", "json", "--pre", "rc")
    told = json.loads(ran.out)
    Draft202012Validator.check_schema(schema("next-version"))
    Draft202012Validator(schema("next-version")).validate(told)
    because = [(ask["level"], ask["kind"], ask["name"]) for ask in told.pop("because")]
    assert because == [
        ("minor", "commit", "plant on"),
        ("patch", "model", "model.pkl"),
        ("patch", "param", "train.trees"),
        ("patch", "metric", "accuracy"),
        ("none", "commit", "explain the forest"),
    ]
    assert ran.code == 3
    assert told == {
        "schema_version": 1,
        "tag": "v1.2.0-rc.1",
        "version": "1.2.0-rc.1",
        "level": "minor",
        "asked": "minor",
        "current": "v1.1.0",
        "since": "v1.1.0",
        "artifact": None,
        "forbidden": [
            {
                "level": "minor",
                "rule": "rule 1",
                "why": "accuracy is 0.7, below 0.75",
                "unchecked": False,
            }
        ],
    }


def test_a_version_that_must_not_be_is_not_printed(tuned: GitRepo, run: Run) -> None:
    """`git tag $(dvc-changelog next-version)` does not see the exit code."""
    (tuned.path / "dvc-changelog.toml").write_text(FORBID)
    ran = run("next-version")
    assert (ran.code, ran.out) == (3, "")
    assert "error: No minor release: accuracy is 0.7, below 0.75 (rule 1 of `bump-rules`)" in ran.err
    assert run("next-version", "--explain").out.startswith("minor, the highest level")
    ran = run("next-version", "--bump", "patch")
    assert (ran.code, ran.out) == (0, "v1.1.1\n")
    assert run("next-version", "--bump", "major").code == 3


def test_a_version_of_another_branch_is_told_so(project: GitRepo, run: Run) -> None:
    project.git("checkout", "-q", "-b", "old", "v1.0.0")
    project.commit("fix: one more", {"fix.py": "1\n"})
    told = "v1.1.0 is not in the history of this commit: what only it has counts as removed."
    assert told in run("next-version", "--all-tags").err
    assert "not in the history" not in run("next-version").err


WRONG = [
    # arguments, the exit code, what is said
    (["--pre", "zz"], 2, "Write one of: alpha, beta, rc"),
    (["--bump", "none"], 2, "--bump"),
    (["--artifact", "chrun"], 2, "There is no release of the artifact chrun"),
    (["--config", "gone.toml"], 2, "gone.toml"),
]


@pytest.mark.parametrize(("args", "code", "told"), WRONG)
def test_what_is_wrong_is_said(project: GitRepo, run: Run, args: list[str], code: int, told: str) -> None:
    ran = run("next-version", *args)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err


def test_where_it_runs(project: GitRepo, run: Run, tmp_path: Path) -> None:
    """Anywhere that Git has the history, with nothing checked out or HEAD detached; else a remedy is told."""
    project.git("checkout", "-q", "--detach")
    assert run("next-version").out == "v1.1.0\n"
    project.git("checkout", "-q", "main")
    for name, option in (("bare.git", "--bare"), ("empty", "--no-checkout")):
        GitRepo.clone(project.path, tmp_path / name, option)
        assert run("next-version", "--bump", "major", at=tmp_path / name).out == "v2.0.0\n"
    GitRepo.clone(project.path, tmp_path / "cut", "--depth=1")
    for place, told in (("cut", "git fetch --unshallow --tags"), (".", "--repo PATH")):
        ran = run("next-version", at=tmp_path / place)
        assert (ran.code, ran.out) == (1, "")
        assert told in ran.err
    unborn = GitRepo.init(tmp_path / "unborn")
    assert "git commit" in run("next-version", at=unborn.path).err
