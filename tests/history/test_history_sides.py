"""Which two commits a review compares, as `git diff` would, and what a shallow clone says or gets."""

from __future__ import annotations

from pathlib import Path

import pytest
from gitrepo import GitRepo, once

from dvc_changelog.config import CI
from dvc_changelog.errors import GitError, ShallowCloneError, UnknownRevisionError, UsageError
from dvc_changelog.history import Git
from dvc_changelog.history.sides import Asked, Sides, asked, sides
from dvc_changelog.workflows.deepening import deepened

SPELLED = [
    ((None, None), Asked("", "", parted=True)),
    (("main", None), Asked("main", "", parted=True)),
    (("a", "b"), Asked("a", "b", parted=False)),
    (("a..b", None), Asked("a", "b", parted=False)),
    (("a...b", None), Asked("a", "b", parted=True)),
    (("a..", None), Asked("a", "HEAD", parted=False)),
    (("..b", None), Asked("HEAD", "b", parted=False)),
    (("...b", None), Asked("HEAD", "b", parted=True)),
]


@pytest.mark.parametrize(("given", "expected"), SPELLED)
def test_how_two_states_are_named(given: tuple[str | None, str | None], expected: Asked) -> None:
    assert asked(*given) == expected


def test_a_range_and_one_more_revision_are_refused() -> None:
    with pytest.raises(UsageError, match=r"a\.\.b is a range, and c one more"):
        asked("a..b", "c")


@pytest.fixture
@once
def forked(repo: GitRepo) -> GitRepo:
    """`main` with two commits, `tune` from the first of them with two of its own, checked out."""
    repo.commit("first")
    repo.git("tag", "v1.0.0")
    repo.git("switch", "-q", "-c", "tune")
    repo.commit("mine", {"a": "1"})
    repo.commit("mine too", {"a": "2"})
    repo.git("switch", "-q", "main")
    repo.commit("theirs", {"b": "1"})
    repo.git("switch", "-q", "tune")
    return repo


def found(repo: GitRepo, *given: str, ci: CI | None = None, target: str = "", fetched: bool = False) -> Sides:
    padded = (*given, None, None)
    return sides(Git(repo.path), asked(padded[0], padded[1]), ci, target, fetched=fetched)


def commit(repo: GitRepo, name: str) -> str:
    return repo.git("rev-parse", f"{name}^{{commit}}")


@pytest.mark.parametrize("given", [(), ("main",), ("main...",), ("main...tune",)])
def test_a_branch_is_compared_with_where_it_parted(forked: GitRepo, given: tuple[str, ...]) -> None:
    seen = found(forked, *given)
    parted = forked.git("merge-base", "main", "tune")
    expected = (parted, commit(forked, "tune"), commit(forked, "main"), 1)
    assert (seen.base, seen.head, seen.target, seen.behind) == expected
    assert (seen.base_name, seen.head_name) == ("main", "HEAD" if given == ("main...",) else "tune")


@pytest.mark.parametrize("given", [("main", "tune"), ("main..tune",), ("main..",)])
def test_two_revisions_are_compared_as_they_are(forked: GitRepo, given: tuple[str, ...]) -> None:
    seen = found(forked, *given)
    assert (seen.base, seen.head, seen.target) == (commit(forked, "main"), commit(forked, "tune"), "")


def test_the_target_is_as_ci_says_then_as_configured_then_the_default(
    forked: GitRepo, tmp_path: Path
) -> None:
    forked.git("branch", "develop", "tune~1")
    ci = CI("github", target="develop", branch="feature", default="main")
    assert found(forked, ci=ci, target="v1.0.0").base == commit(forked, "tune~1")
    assert found(forked, ci=ci).head_name == "feature"
    assert found(forked, target="develop").base_name == "develop"
    assert found(forked, ci=CI("jenkins")).base_name == "main"
    clone = GitRepo.clone(forked.path, tmp_path / "clone", "--branch=develop")
    clone.git("remote", "set-head", "origin", "tune")
    assert found(clone).base_name == "tune"


def test_what_was_not_pushed_to_the_target_is_not_the_branchs_doing(forked: GitRepo, tmp_path: Path) -> None:
    clone = GitRepo.clone(forked.path, tmp_path / "clone", "--branch=main")
    clone.git("remote", "set-head", "origin", "main")
    clone.commit("local", {"c": "1"})
    clone.git("switch", "-q", "-c", "other")
    clone.commit("mine", {"d": "1"})
    assert found(clone).base == commit(clone, "main")
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "other")
    seen = found(clone)  # on the target itself: what is not pushed yet
    assert (seen.base, seen.behind) == (commit(clone, "origin/main"), 0)


def test_a_push_to_the_target_is_compared_with_what_it_replaced(forked: GitRepo, tmp_path: Path) -> None:
    clone = GitRepo.clone(forked.path, tmp_path / "clone", "--branch=main")
    before = commit(clone, "main~1")
    assert found(clone, ci=CI("github", before=before, default="main")).base == before
    clone.git("switch", "-q", "tune")  # a push to a branch is a part of it
    assert found(clone, ci=CI("github", before=before, default="main")).base == before
    assert found(clone, ci=CI("github", before=commit(clone, "tune~1"), default="main")).base == before


def test_a_push_that_rewrote_the_target_is_compared_with_what_it_left(
    forked: GitRepo, tmp_path: Path
) -> None:
    clone = GitRepo.clone(forked.path, tmp_path / "clone", "--branch=main")
    ci = CI("github", before=commit(clone, "origin/tune"), default="main")
    assert found(clone, ci=ci).base == commit(clone, "main~1")
    gone = CI("github", before="b" * 40, default="main")
    with pytest.raises(UnknownRevisionError, match="bbbbbbb") as caught:
        found(clone, ci=gone)
    assert caught.value.remedy.endswith("first, or let --deepen get it: this push replaced it.")
    with pytest.raises(UnknownRevisionError) as caught:
        found(clone, ci=gone, fetched=True)
    assert caught.value.remedy.startswith("`origin` does not have it: `git ls-remote origin`")
    main = commit(clone, "main")
    assert found(clone, ci=CI("pre-commit", commit_id=main, before="b" * 40, default="main")).base == main


@pytest.mark.parametrize("depth", [1, 2])
def test_a_push_to_the_target_is_never_compared_with_itself(
    forked: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: int
) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    forked.git("switch", "-q", "main")
    forked.commit("one more", {"b": "2"})
    clone = GitRepo.clone(forked.path, tmp_path / "clone", f"--depth={depth}", "--branch=main")
    ci = CI("gitlab", before=commit(forked, "main~2"), default="main")
    with pytest.raises(ShallowCloneError, match="which this push replaced, is cut off") as caught:
        found(clone, ci=ci)
    assert "GIT_DEPTH" in caught.value.remedy
    git, what = Git(clone.path), asked(None, None)
    deepened(git, what, ci, "")
    assert sides(git, what, ci, fetched=True).base == commit(forked, "main~2")


@pytest.mark.parametrize("given", ["main~1", "refs/heads/main~1", "refs/heads/main", "HEAD~1", "HEAD^"])
@pytest.mark.parametrize("options", [("--depth=1",), ()])
def test_a_branch_of_the_remote_is_known_by_its_whole_name_and_with_steps_from_it(
    forked: GitRepo, tmp_path: Path, given: str, options: tuple[str, ...]
) -> None:
    clone = GitRepo.clone(forked.path, tmp_path / "clone", "--branch=tune", *options)
    git, what, ci = Git(clone.path), asked(given, None), CI("github", target="main")
    deepened(git, what, ci, "")
    parted = "tune~1" if given.startswith("HEAD") else "v1.0.0"
    assert sides(git, what, ci, fetched=True).base == commit(forked, parted)


def test_a_hook_before_a_push_looks_at_what_is_pushed(forked: GitRepo) -> None:
    tip, parted = commit(forked, "tune"), commit(forked, "v1.0.0")
    forked.git("switch", "-q", "main")
    pushed = CI("pre-commit", branch="tune", commit_id=tip)
    seen = found(forked, ci=pushed)
    assert (seen.base, seen.head, seen.head_name) == (parted, tip, "tune")
    forked.git("tag", "-m", "annotated", "v2", "tune")
    assert found(forked, ci=CI("pre-commit", commit_id=commit(forked, "v2"))).head == tip
    assert found(forked, "tune", "main", ci=pushed).head == commit(forked, "main")


def test_histories_with_nothing_in_common(forked: GitRepo) -> None:
    forked.git("switch", "-q", "--orphan", "alone")
    forked.commit("alone", {"x": "1"})
    with pytest.raises(GitError, match="main and alone have no commit in common") as caught:
        found(forked)
    assert "name both" in caught.value.remedy
    assert found(forked, "main", "alone").base == commit(forked, "main")


def test_no_target_is_known(repo: GitRepo) -> None:
    repo.git("switch", "-q", "-c", "only")
    with pytest.raises(GitError, match="no commits yet"):
        found(repo)
    repo.commit()
    with pytest.raises(GitError, match="Nothing tells which branch") as caught:
        found(repo)
    assert "dvc-changelog review BRANCH" in caught.value.remedy
    for name in ("nowhere", "--help", "", " "):
        with pytest.raises((UnknownRevisionError, GitError)):
            found(repo, name, "HEAD")


LINES = {
    "github": "`fetch-depth: 0` below `with:`",
    "gitlab": '`GIT_DEPTH: "0"` below `variables:`',
    "bitbucket": "`clone: {depth: full}`",
    "azure": "`fetchDepth: 0`",
    "jenkins": "cloneOption(shallow: false",
}
FLAGS = {
    "github": "GITHUB_ACTIONS",
    "gitlab": "GITLAB_CI",
    "bitbucket": "BITBUCKET_BUILD_NUMBER",
    "azure": "TF_BUILD",
    "jenkins": "JENKINS_URL",
}


@pytest.mark.parametrize("system", LINES)
@pytest.mark.parametrize("options", [("--branch=tune",), ("--branch=tune", "--no-single-branch")])
def test_a_shallow_clone_names_the_line_for_its_ci(
    forked: GitRepo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    options: tuple[str, ...],
) -> None:
    clone = GitRepo.clone(forked.path, tmp_path / "clone", "--depth=1", *options)
    monkeypatch.setenv(FLAGS[system], "1")
    with pytest.raises(ShallowCloneError) as caught:
        found(clone, ci=CI(system, target="main"))
    assert LINES[system] in caught.value.remedy
    assert "--deepen" in caught.value.remedy


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize(
    "given", [(), ("main",), ("origin/main",), ("v1.0.0",), ("v1.0.0", "tune"), ("main...tune",)]
)
def test_a_shallow_clone_is_deepened(
    forked: GitRepo, tmp_path: Path, given: tuple[str, ...], depth: int
) -> None:
    clone = GitRepo.clone(forked.path, tmp_path / "clone", f"--depth={depth}", "--branch=tune")
    ci = CI("github", target="main")
    padded = (*given, None, None)
    git, what = Git(clone.path), asked(padded[0], padded[1])
    deepened(git, what, ci, "")
    seen = sides(git, what, ci, "")
    assert seen.base == commit(forked, "v1.0.0")
    assert seen.head == commit(forked, "tune")
    assert clone.git("rev-list", "--count", f"{seen.base}..{seen.head}") == "2"


def test_only_what_is_needed_is_fetched(repo: GitRepo, tmp_path: Path) -> None:
    for number in range(70):
        repo.commit(f"old {number}")
    repo.git("switch", "-q", "-c", "tune")
    repo.commit("mine", {"a": "1"})
    clone = GitRepo.clone(repo.path, tmp_path / "clone", "--depth=1", "--branch=tune")
    git, ci = Git(clone.path), CI("github", target="main")
    deepened(git, asked(None, None), ci, "")
    there = int(clone.git("rev-list", "--count", "HEAD"))
    assert 2 <= there < 71
    deepened(git, asked(None, None), ci, "")  # all is here: nothing goes out
    assert int(clone.git("rev-list", "--count", "HEAD")) == there
    assert sides(git, asked(None, None), ci, "").base == commit(repo, "main")


def test_a_clone_that_is_whole_but_for_the_target_gets_it(forked: GitRepo, tmp_path: Path) -> None:
    clone = GitRepo.clone(forked.path, tmp_path / "clone", "--single-branch", "--branch=tune")
    ci = CI("bitbucket", target="main")
    with pytest.raises(UnknownRevisionError, match="main") as caught:
        found(clone, ci=ci)
    assert "git fetch origin +refs/heads/main:refs/remotes/origin/main" in caught.value.remedy
    deepened(Git(clone.path), asked(None, None), ci, "")
    assert found(clone, ci=ci).behind == 1


def test_what_keeps_a_clone_from_being_deepened_is_told(
    forked: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    clone = GitRepo.clone(forked.path, tmp_path / "clone", "--depth=1", "--branch=tune")
    ci, what = CI("github", target="main"), asked(None, None)
    clone.git("remote", "set-url", "origin", (tmp_path / "gone").as_uri())
    with pytest.raises(GitError, match="cannot be fetched from origin") as caught:
        deepened(Git(clone.path), what, ci, "")
    assert "fetch-depth: 0" in caught.value.remedy
    clone.git("remote", "remove", "origin")
    with pytest.raises(GitError, match="no one remote"):
        deepened(Git(clone.path), what, ci, "")
    deepened(Git(forked.path), what, ci, "")  # no remote, and none is needed
    absent = asked("nowhere", None)
    clone.git("remote", "add", "origin", forked.path.as_uri())
    deepened(Git(clone.path), absent, ci, "")
    with pytest.raises(GitError, match="nowhere") as caught:
        found(clone, "nowhere", ci=ci, fetched=True)
    assert "--deepen" not in caught.value.remedy
