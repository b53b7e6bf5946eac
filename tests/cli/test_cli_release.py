"""`dvc-changelog release` as a person runs it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pytest
from gitrepo import GitRepo
from landings import seen
from releases import built_pipeline, pipeline, quiet_dvc

if TYPE_CHECKING:
    from pathlib import Path

    from clirun import Run

__all__ = ["built_pipeline", "pipeline", "quiet_dvc"]

NOT_PUSHED = "Nothing was pushed: `dvc-changelog release --push` does that.\n"
AGAIN = "Nothing asks for a new version: this commit is v0.1.0 already."


@pytest.fixture
def project(pipeline: GitRepo) -> GitRepo:
    """Where `run` runs."""
    return pipeline


def test_a_release_and_the_same_again(project: GitRepo, run: Run) -> None:
    ran = run("release")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"Released v0.1.0: committed CHANGELOG.md.\n{NOT_PUSHED}"
    assert run("generate", "--check").code == 0
    before = seen(project)
    for args in ([], ["--bump", "major"], ["--tag", "v0.1.0"]):
        ran = run("release", *args)
        assert (ran.code, ran.err) == (0, f"{AGAIN}\n")
    assert run("release", "--fail-if-none").code == 3
    assert seen(project) == before
    project.commit("docs: go on")
    assert "since v0.1.0; --bump LEVEL makes one all the same" in run("release").err
    assert run("release", "--bump", "patch", "-q").err == ""
    assert project.git("describe", "--exact-match") == "v0.1.1"


def test_a_dry_run_shows_all_and_changes_nothing(project: GitRepo, run: Run) -> None:
    project.commit("feat: log", {"dvc-changelog.toml": 'version-files = ["pyproject.toml"]\n'})
    project.git("remote", "add", "origin", "nowhere")
    before, git = seen(project), _git_files(project)
    ran = run("release", "--dry-run", "--push", "--with-tag-message", "Spanish too")
    assert ran.code == 0
    assert ran.out.startswith("v0.1.0\n\nminor, the highest level that what changed asks for:\n")
    for part in (
        "\n--- a/pyproject.toml\n+++ b/pyproject.toml\n",
        '\n-version = "0.0.0"  # set by release\n+version = "0.1.0"  # set by release\n',
        "\n--- /dev/null\n+++ b/CHANGELOG.md\n",
        "\n+> Spanish too\n",
        "\nCommit:\n\n    chore(release): v0.1.0\n",
        "\nTag v0.1.0:\n\n    Spanish too\n",
        "\nPush: the branch and v0.1.0, nothing else.\n",
    ):
        assert part in ran.out
    assert ran.out.index("\nPush: ") < ran.out.index("\n+++ b/CHANGELOG.md"), "what is short comes first"
    assert ran.err == "Nothing was written: leave --dry-run out to release it.\n"
    assert seen(project) == before
    assert _git_files(project) == git


class Refused(NamedTuple):
    """What was done before, the arguments, what is said, the remedy, and the check that is let through."""

    done: Callable[[GitRepo], object]
    args: list[str]
    what: str
    remedy: str
    check: str


class Wrong(NamedTuple):
    """What was done before, the arguments, the exit code, what is said, and the remedy."""

    done: Callable[[GitRepo], object]
    args: list[str]
    code: int
    what: str
    remedy: str


def _committed(files: dict[str, str]) -> Callable[[GitRepo], object]:
    return lambda repo: repo.commit("fix: something", files)


REFUSED: list[Refused] = [
    Refused(
        lambda repo: repo.write({"params.yaml": "lr: 0.2\n"}),
        [],
        "params.yaml is changed and not committed.",
        "`git commit --all` commits it",
        "",
    ),
    Refused(
        _committed({"params.yaml": "lr: 0.2\n"}),
        [],
        "The stage train is not as it last ran: lr is 0.2, was 0.1.",
        "`dvc repro train`, then commit dvc.lock and m.json.",
        "stale-lock",
    ),
    Refused(
        _committed({"dvc-changelog.toml": "[metric-rules]\nauc = {min = 0.95}\n"}),
        [],
        "auc (m.json) is 0.9, under the limit of 0.95.",
        "Train it better, or correct its limit",
        "threshold",
    ),
    Refused(
        _committed({"dvc-changelog.toml": '[[bump-rules]]\nname = "auc"\nbelow = 0.95\nforbid = "any"\n'}),
        [],
        "Rule 1 of `bump-rules` allows no such release: auc is 0.9, below 0.95.",
        "Mend it, or change the rule.",
        "policy",
    ),
    Refused(
        lambda _: None,
        ["--require-pushed"],
        "model.pkl and raw.csv are not on the remote store.",
        "`dvc push` brings them there.",
        "not-pushed",
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.check or "dirty")
def test_what_must_not_be_refuses_and_can_be_let_through(case: Refused, project: GitRepo, run: Run) -> None:
    _, args, what, remedy, check = case
    case.done(project)
    before = seen(project)
    for more in ([], ["--dry-run"]):
        ran = run("release", *args, *more)
        assert ran.code == 3
        assert f"error: {what}\n       {remedy}" in ran.err
        assert f"v0.1.0 was not released. What may stay as it is: --allow {check or 'dirty'}." in ran.err
        assert seen(project) == before
    if check:
        assert run("release", *args, "--allow", check).code == 0
        assert project.git("tag") == "v0.1.0"


WRONG: list[Wrong] = [
    Wrong(
        lambda repo: repo.git("checkout", "-q", "--detach"), [], 1, "HEAD is detached", "git switch BRANCH"
    ),
    Wrong(
        lambda repo: repo.write({"CHANGELOG.md": "# My own\n\nBy hand.\n"}),
        [],
        1,
        "has no marks of dvc-changelog",
        "`dvc-changelog generate --adopt` once",
    ),
    Wrong(
        _committed({"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [0.0.1] - 2020-01-01\n\n- One\n"}),
        [],
        1,
        "has no marks of dvc-changelog",
        "`dvc-changelog generate --adopt` once",
    ),
    Wrong(
        lambda repo: repo.git("tag", "v7.0.0", repo.git("commit-tree", "-m", "x", "HEAD^{tree}")),
        ["--tag", "v7.0.0"],
        2,
        "The tag v7.0.0 exists already: it stands on",
        "Name another one",
    ),
    Wrong(lambda _: None, ["--tag", "no name"], 2, "cannot be the name of a tag", "git check-ref-format"),
    Wrong(lambda _: None, ["--allow", "thresold"], 2, "no check `thresold`", "Did you mean `threshold`?"),
    Wrong(lambda _: None, ["--push"], 1, "no remote to push to", "git remote add"),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.what)
def test_what_is_wrong_is_said_and_changes_nothing(case: Wrong, project: GitRepo, run: Run) -> None:
    _, args, code, what, remedy = case
    case.done(project)
    before = seen(project)
    for more in ([], ["--dry-run"]):
        ran = run("release", *args, *more)
        assert ran.code == code
        assert what in ran.err
        assert remedy in ran.err
        assert seen(project) == before


def test_text_by_hand_in_a_changelog_that_git_has_not_survives(project: GitRepo, run: Run) -> None:
    assert run("generate").code == 0
    path = project.path / "CHANGELOG.md"
    title, rest = path.read_text().split("\n", 1)
    path.write_text(f"{title}\n\nBy hand, above.\n{rest}\nBy hand, below.\n")
    assert run("release").code == 0
    text = path.read_text()
    assert f"{title}\n\nBy hand, above.\n" in text
    assert text.endswith("\nBy hand, below.\n")
    assert "Unreleased" not in text
    assert project.git("status", "--porcelain") == ""
    assert run("generate", "--check").code == 0


def test_line_ends_of_a_changelog_stay(project: GitRepo, run: Run) -> None:
    project.git("config", "core.autocrlf", "false")
    path = project.path / "CHANGELOG.md"
    assert run("generate").code == 0
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    project.commit("docs: log", {})
    assert run("release").code == 0
    data = path.read_bytes()
    assert b"## 0.1.0 - " in data
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    assert project.git("status", "--porcelain") == ""
    assert run("generate", "--check").code == 0


def test_an_adopted_changelog_is_released_into(project: GitRepo, run: Run) -> None:
    """As the remedy says."""
    project.commit("docs: log", {"CHANGELOG.md": "# Changelog\n\n## [0.0.1] - 2020-01-01\n\n- By hand\n"})
    assert run("release").code == 1
    assert run("generate", "--adopt").code == 0
    project.commit("docs: adopt the log", {})
    assert run("release").code == 0
    text = (project.path / "CHANGELOG.md").read_text()
    assert text.index("## 0.1.0 - ") < text.index("## [0.0.1] - 2020-01-01\n\n- By hand\n")


@pytest.mark.skipif(sys.platform == "win32", reason="hooks are shell scripts here")
def test_a_push_that_was_refused_is_made_by_the_next_run(project: GitRepo, run: Run, tmp_path: Path) -> None:
    remote = GitRepo.init(tmp_path / "remote.git", "--bare")
    project.git("remote", "add", "origin", str(remote.path))
    project.git("push", "--quiet", "--set-upstream", "origin", "main")
    hook = remote.path / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    before = remote.git("for-each-ref")
    ran = run("release", "--push")
    assert ran.code == 1
    assert "The release is made, but could not be pushed to origin" in ran.err
    assert remote.git("for-each-ref") == before
    hook.unlink()
    for args in ([], ["--tag", "v0.1.0"], ["--bump", "minor"]):
        ran = run("release", "--push", *args)
        assert (ran.code, ran.err) == (0, f"Pushed main and v0.1.0 to origin.\n{AGAIN}\n")
        assert remote.git("for-each-ref") == project.git(
            "for-each-ref", "refs/heads/main", "refs/tags/v0.1.0"
        )
    project.commit("fix: go on")
    ran = run("release", "--push", "--pre", "rc")
    assert ran.err.endswith("Pushed main and v0.1.1-rc.1 to origin.\n")
    assert (
        remote.git("rev-parse", "v0.1.1-rc.1^{commit}", "main").split()
        == [project.git("rev-parse", "HEAD")] * 2
    )


def test_what_git_has_not_done_is_not_offered_to_stay(project: GitRepo, run: Run) -> None:
    project.git("checkout", "-q", "-b", "theirs")
    project.commit("fix: theirs", {"a.py": "1\n"})
    project.git("checkout", "-q", "main")
    project.commit("fix: ours", {"b.py": "1\n"})
    project.git("merge", "--quiet", "--no-ff", "--no-commit", "theirs")
    ran = run("release")
    assert ran.code == 3
    assert "error: A `git merge` is not done." in ran.err
    assert ran.err.endswith("\nv0.1.0 was not released.\n")
    assert "--allow" not in ran.err


def test_a_push_without_a_release_here_pushes_nothing(project: GitRepo, run: Run, tmp_path: Path) -> None:
    project.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    project.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    assert run("release").code == 0
    project.commit("docs: go on")
    assert "since v0.1.0" in run("release", "--push").err
    assert project.git("ls-remote", "origin") == ""


def test_a_tag_of_another_line_is_none_of_an_artifact(project: GitRepo, run: Run) -> None:
    project.commit("feat: declare", {"artifacts.yaml": "artifacts: {churn: {path: model.pkl}}\n"})
    project.commit("feat: declare it", {"sub/dvc.yaml": "artifacts: {net: {path: net.onnx}}\n"})
    ran = run("release", "--artifact", "net", "--tag", "v1.0.0")
    assert ran.code == 2
    assert "error: v1.0.0 is no version of sub:net" in ran.err
    assert "Name one such as sub=net@v1.0.0" in ran.err
    ran = run("release", "--artifact", "nett")
    assert ran.code == 2
    assert "Did you mean sub:net?" in ran.err
    assert "dvc.yaml declares " in run("next-version", "--artifact", "quite").err


def test_where_there_is_nothing_to_release_from(run: Run, tmp_path: Path) -> None:
    unborn = GitRepo.init(tmp_path / "unborn")
    bare = GitRepo.init(tmp_path / "bare.git", "--bare")
    for place, told in ((unborn.path, "git commit"), (bare.path, ""), (tmp_path, "--repo PATH")):
        ran = run("release", at=place)
        assert ran.code in {1, 2}
        assert "error: " in ran.err
        assert told in ran.err


def _git_files(repo: GitRepo) -> dict[str, bytes]:
    """All that Git keeps, but for objects that nothing leads to."""
    home = repo.path / ".git"
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and "objects" not in path.relative_to(home).parts
    }
