"""What lands is what `git commit` and `git tag -a` would have made, in whatever kind of repository."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gitrepo import EPOCH, GitRepo, isolated, repo
from landings import FILES, by_git, prepared, ready, seen, settled

from dvc_changelog.history import Git
from dvc_changelog.history.landing import draft, land, prepare, recover

__all__ = ["isolated", "repo"]

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and modes that are unknown there")


def _twin(repo: GitRepo) -> GitRepo:
    """A repository that is the same to the byte."""
    return GitRepo(Path(shutil.copytree(repo.path, repo.path.with_name("twin"), symlinks=True)), repo.clock)


def _lands_like_git(repo: GitRepo, files: dict[str, bytes]) -> None:
    twin = _twin(repo)
    by_git(twin, files)
    land(Git(repo.path), prepared(repo, files))
    expected = seen(twin)
    assert expected == settled(repo)
    assert expected.status == ""


def _plain(repo: GitRepo) -> None:
    pass


def _split_index(repo: GitRepo) -> None:
    repo.git("config", "core.splitIndex", "true")
    repo.git("update-index", "--split-index")


def _untracked_cache(repo: GitRepo) -> None:
    repo.git("update-index", "--untracked-cache")
    repo.git("status")


def _newest_index(repo: GitRepo) -> None:
    repo.git("update-index", "--index-version=4")


def _program(repo: GitRepo) -> None:
    (repo.path / "pyproject.toml").chmod(0o755)
    repo.commit("Make it a program", {})


def _private(repo: GitRepo) -> None:
    (repo.path / "CHANGELOG.md").chmod(0o600)


def _packed(repo: GitRepo) -> None:
    repo.git("gc", "--quiet")
    repo.git("pack-refs", "--all")


def _told_not_to_look(repo: GitRepo) -> None:
    repo.git("update-index", "--assume-unchanged", "code.py")
    repo.git("update-index", "--skip-worktree", "pyproject.toml")


def _branch_with_slashes(repo: GitRepo) -> None:
    repo.git("switch", "--quiet", "-c", "releases/ä/1.x")


def _tree_of_others(repo: GitRepo) -> None:
    repo.commit("More", {f"d{n}/f{m}": f"{n} {m}" for n in range(4) for m in range(4)})


@posix
@pytest.mark.parametrize(
    "arrange",
    [
        _plain,
        _split_index,
        _untracked_cache,
        _newest_index,
        _program,
        _private,
        _packed,
        _branch_with_slashes,
        _tree_of_others,
    ],
    ids=lambda arrange: arrange.__name__.strip("_"),
)
def test_what_lands_is_what_git_would_have_made(repo: GitRepo, arrange: Callable[[GitRepo], None]) -> None:
    arrange(ready(repo))
    _lands_like_git(repo, dict(FILES))


@posix
def test_sha256(tmp_path: Path) -> None:
    repo = ready(GitRepo.init(tmp_path / "repo", "--object-format=sha256"))
    _lands_like_git(repo, dict(FILES))


def test_marks_of_the_index_stay(repo: GitRepo) -> None:
    _told_not_to_look(ready(repo))
    land(Git(repo.path), prepared(repo))
    marks = dict(line.split(" ", 1)[::-1] for line in repo.git("ls-files", "-v").splitlines())
    assert (marks["code.py"], marks["pyproject.toml"], marks["CHANGELOG.md"]) == ("h", "S", "H")


def test_it_stands_in_the_reflog_as_a_commit(repo: GitRepo) -> None:
    land(Git(ready(repo).path), prepared(repo))
    for ref in ("HEAD", "main"):
        entry = repo.git("reflog", "show", "-1", "--format=%H %gs", ref)
        assert entry == f"{repo.git('rev-parse', 'HEAD')} commit: chore: release v1"


def test_preparing_shows_nothing(repo: GitRepo) -> None:
    before = seen(ready(repo))
    index = (repo.path / ".git/index").read_bytes()
    landing = prepared(repo)
    assert before == seen(repo)
    assert index == (repo.path / ".git/index").read_bytes()
    assert repo.git("cat-file", "-t", landing.tag_id) == "tag"


def test_lines_that_look_like_comments_stay(repo: GitRepo) -> None:
    land(Git(ready(repo).path), prepared(repo))
    assert repo.git("tag", "-l", "--format=%(contents)", "v1") == "v1\n\n# A heading\n\n- a change"


def test_a_draft_is_a_commit_that_no_ref_leads_to(repo: GitRepo) -> None:
    parent = ready(repo).git("rev-parse", "HEAD")
    before = seen(repo)
    commit = draft(Git(repo.path), parent, {"pyproject.toml": b"1"}, "Release", EPOCH)
    assert before == seen(repo)
    assert repo.git("show", f"{commit}:pyproject.toml") == "1"
    assert repo.git("rev-parse", f"{commit}^") == parent


def test_a_release_may_change_no_file(repo: GitRepo) -> None:
    land(Git(ready(repo).path), prepared(repo, {}))
    assert settled(repo).status == ""
    assert repo.git("rev-parse", "v1^{commit}") == repo.git("rev-parse", "HEAD")
    assert repo.git("rev-parse", "HEAD^{tree}") == repo.git("rev-parse", "HEAD~^{tree}")


@posix
def test_of_a_link_the_target_is_written(repo: GitRepo) -> None:
    ready(repo)
    (repo.path / "HISTORY.md").symlink_to("CHANGELOG.md")
    repo.commit("Link", {})
    land(Git(repo.path), prepared(repo, {"HISTORY.md": b"new"}))
    assert (repo.path / "HISTORY.md").is_symlink()
    assert (repo.path / "CHANGELOG.md").read_bytes() == b"new"
    assert repo.git("show", "--format=", "--name-only", "HEAD") == "CHANGELOG.md"


@posix
def test_a_repository_reached_by_a_link(repo: GitRepo) -> None:
    ready(repo)
    link = repo.path.with_name("link")
    link.symlink_to(repo.path)
    git = Git(link)
    land(git, prepare(git, files=FILES, message="m", tag="v1", tag_message="t", timestamp=EPOCH))
    assert settled(repo).status == ""


def test_a_file_that_was_not_tracked_is_taken_in(repo: GitRepo) -> None:
    ready(repo).write({"NEWS.md": "mine\n"})
    land(Git(repo.path), prepared(repo, {"NEWS.md": b"mine\nand more\n"}))
    assert settled(repo).status == ""
    assert repo.git("show", "HEAD:NEWS.md") == "mine\nand more"


def test_a_linked_worktree(repo: GitRepo) -> None:
    ready(repo).git("worktree", "add", "--quiet", "-b", "side", str(repo.path.with_name("linked")))
    linked = GitRepo(repo.path.with_name("linked"))
    main = repo.git("rev-parse", "main")
    land(Git(linked.path), prepared(linked))
    assert settled(linked).status == ""
    assert seen(repo).status == ""
    assert repo.git("rev-parse", "main") == main
    assert repo.git("rev-parse", "side") == repo.git("rev-parse", "v1^{commit}")


def test_a_git_directory_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.path.mkdir()
    repo.git(
        "init", "--quiet", "--initial-branch=main", "--template=", f"--separate-git-dir={tmp_path / 'g'}"
    )
    ready(repo)
    land(Git(repo.path), prepared(repo))
    assert settled(repo).status == ""
    (repo.path / ".git").unlink()
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("GIT_DIR", "../g")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    land(Git(repo.path), prepared(repo, {"CHANGELOG.md": b"2"}, "v2"))
    assert settled(repo).status == ""
    assert repo.git("show", "v2:CHANGELOG.md") == "2"


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="no second file system is known here")
def test_a_git_directory_on_another_file_system(tmp_path: Path) -> None:
    place = Path("/dev/shm", f"landing-{os.getpid()}")
    if Path("/dev/shm").stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("both are on one file system")
    repo = GitRepo(tmp_path / "repo")
    repo.path.mkdir()
    try:
        repo.git("init", "--quiet", "--initial-branch=main", "--template=", f"--separate-git-dir={place}")
        ready(repo)
        twin = GitRepo.init(tmp_path / "twin")
        by_git(ready(twin))
        land(Git(repo.path), prepared(repo))
        assert seen(twin) == settled(repo)
    finally:
        shutil.rmtree(place)


def test_submodules_and_sparse_checkouts_stay_as_they_are(repo: GitRepo, tmp_path: Path) -> None:
    other = GitRepo.init(tmp_path / "other")
    other.commit()
    ready(repo).git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.path.as_uri(), "sub"
    )
    repo.commit("Submodule", {"in/a": "1", "out/b": "2"})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    other.path.with_name("other")
    index = [line for line in seen(repo).index.splitlines() if line.split("\t")[1] not in FILES]
    land(Git(repo.path), prepared(repo, {"CHANGELOG.md": b"2"}))
    after = settled(repo)
    assert after.status == ""
    assert index == [line for line in after.index.splitlines() if line.split("\t")[1] not in FILES]
    assert not (repo.path / "out").exists()


_ENDS = (b"one\ntwo\n", b"one\r\ntwo\r\n")


@pytest.mark.parametrize(
    "attribute", ["", "text=auto", "text", "-text", "eol=crlf", "text=auto eol=lf", "ident"]
)
@pytest.mark.parametrize("autocrlf", ["false", "true"])
def test_line_ends_are_those_that_git_would_commit(repo: GitRepo, autocrlf: str, attribute: str) -> None:
    """A file with CRLF that is committed so keeps it, though Git converts those of its like."""
    names = [f"{before}{after}.md" for before in range(2) for after in range(2)]
    repo.commit("Files", {name: _ENDS[int(name[0])] for name in names})
    if attribute:
        repo.commit("Attributes", {".gitattributes": f"*.md {attribute}\n"})
    repo.git("config", "core.autocrlf", autocrlf)
    (repo.path / ".git/index").unlink()
    repo.git("reset", "--quiet")
    changed = repo.git("status", "--porcelain")
    clean = [name for name in names if name not in changed]
    files = {name: _ENDS[int(name[1])] + b"$Id$\n" for name in clean} | {"new.md": _ENDS[1]}
    landing = prepared(repo, files)
    repo.write(files)
    repo.git("-c", "core.safecrlf=false", "add", "--", *files)
    staged = {line.split()[3]: " ".join(line.split()[:2]) for line in repo.git("ls-files", "-s").splitlines()}
    assert {name: staged[name] for name in files} == dict(landing.entries)


def test_filters_run(repo: GitRepo) -> None:
    ready(repo).commit("Attributes", {".gitattributes": "*.md filter=up\n", "up.sh": "tr a-z A-Z\n"})
    repo.git("config", "filter.up.clean", "sh ./up.sh")
    land(Git(repo.path), prepared(repo, {"NEWS.md": b"new"}))
    assert repo.git("show", "HEAD:NEWS.md") == "NEW"
    assert (repo.path / "NEWS.md").read_bytes() == b"new"


def test_nothing_is_left_to_recover(repo: GitRepo) -> None:
    git = Git(ready(repo).path)
    assert recover(git) is None
    land(git, prepared(repo))
    assert recover(git) is None
