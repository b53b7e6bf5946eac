"""Where the tool is called: every kind of repository, or what is said where it cannot be read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from gitrepo import GitRepo

from dvc_changelog.errors import GitError, NotARepositoryError, ShallowCloneError, UnknownRevisionError
from dvc_changelog.history import Git, History, MissingObjectError, Selection, Told, git


def told(path: Path) -> Told:
    history = History(path)
    return history.releases(history.head(), Selection(), every=False)


def test_a_shallow_clone_is_an_error_that_names_fetch_depth(repo: GitRepo, tmp_path: Path) -> None:
    for name in ("v1.0.0", "v1.1.0", "v1.2.0"):
        repo.release(name)
    clone = GitRepo.clone(repo.path, tmp_path / "shallow", "--depth=2")
    with pytest.raises(ShallowCloneError, match="fetch-depth: 0") as caught:
        told(clone.path)
    assert "git fetch --unshallow --tags" in caught.value.remedy
    clone.git("fetch", "--quiet", "--unshallow", "--tags")
    assert len(told(clone.path).spans) == 3


def test_a_revision_beyond_the_cut_of_a_shallow_clone_is_unknown_for_that_reason(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.release("v1.0.0")
    repo.commit()
    clone = GitRepo.clone(repo.path, tmp_path / "shallow", "--depth=1")
    with pytest.raises(UnknownRevisionError, match="fetch-depth: 0"):
        History(clone.path).revision("v1.0.0")


def test_a_range_within_a_shallow_clone_is_told_and_one_across_its_cut_is_not(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    for _ in range(4):
        repo.commit()
    repo.git("checkout", "-q", "main")
    near = repo.commit()
    last = repo.commit()
    clone = GitRepo.clone(repo.path, tmp_path / "near", "--depth=2")
    history = History(clone.path)
    (span,) = history.releases(last, Selection(), every=False, lower=near).spans
    assert [last] == [commit.id for commit in span.commits]
    merge = repo.merge("side")
    clone = GitRepo.clone(repo.path, tmp_path / "across", "--depth=3")
    history = History(clone.path)
    with pytest.raises(ShallowCloneError):
        history.releases(merge, Selection(), every=False, lower=last)
    with pytest.raises(ShallowCloneError):
        history.commits(last, merge)


def test_a_repository_without_tags_is_one_unreleased_part(repo: GitRepo) -> None:
    commits = [repo.commit(), repo.commit()]
    (span,) = told(repo.path).spans
    assert (None, "", commits[::-1]) == (span.tag, span.base, [commit.id for commit in span.commits])


def test_a_branch_without_commits_is_an_error_with_its_remedy(repo: GitRepo) -> None:
    with pytest.raises(GitError, match="no commits yet") as caught:
        told(repo.path)
    assert "git commit" in caught.value.remedy


def test_a_detached_head_is_read_like_a_branch(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    repo.release("v1.1.0")
    repo.git("checkout", "-q", "--detach", "v1.0.0")
    found = told(repo.path)
    assert [span.tag.name.text for span in found.spans if span.tag] == ["v1.0.0"]


@pytest.mark.parametrize(
    "form", ["repo", "repo/deep/er", "repo/.git", "bare", "worktree", "worktree/deep", "module"]
)
def test_any_place_in_any_form_of_repository_gives_the_same_history(
    repo: GitRepo, tmp_path: Path, form: str
) -> None:
    repo.commit("Begin", {"deep/er/a.txt": "1"})
    repo.tag("v1.0.0")
    match form.split("/", maxsplit=1)[0]:
        case "bare":
            GitRepo.clone(repo.path, tmp_path / "bare", "--bare")
        case "worktree":
            repo.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "worktree"))
        case "module":
            outer = GitRepo.init(tmp_path / "outer")
            outer.git(
                "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo.path), "mod"
            )
            shutil.copytree(outer.path, tmp_path / "module", symlinks=True)
            form = "module/mod/deep"
    found = Git(tmp_path / form)
    root = {"bare": "bare", "worktree": "worktree", "module": "module/mod"}.get(form.split("/")[0], "repo")
    assert (tmp_path / root, root == "bare") == (found.root, found.bare)
    (span,) = told(tmp_path / form).spans
    assert (span.tag and span.tag.name.text, [c.message for c in span.commits]) == ("v1.0.0", ["Begin"])
    assert found.objects.read(repo.git("rev-parse", "HEAD:deep/er/a.txt")) == b"1"


def test_a_repository_of_an_odd_name_is_found(tmp_path: Path) -> None:
    repo = GitRepo.init(tmp_path / "a b $HOME 'q' größe")
    repo.release("v1.0.0")
    assert len(told(repo.path).spans) == 1
    assert repo.path == Git(repo.path).root


def test_a_hook_of_another_repository_does_not_mislead(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.release("v1.0.0")
    other = GitRepo.init(tmp_path / "other")
    other.release("v9.0.0")
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git" / "index"))
    assert [span.tag.name.text for span in told(repo.path).spans if span.tag] == ["v1.0.0"]
    monkeypatch.chdir(repo.path)
    assert [span.tag.name.text for span in told(Path()).spans if span.tag] == ["v9.0.0"], "as git itself does"


def test_a_hook_of_this_repository_finds_it(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit("Begin", {"sub/a.txt": "1"})
    repo.tag("v1.0.0")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.chdir(repo.path)
    assert repo.path == Git(Path()).root
    monkeypatch.setenv("GIT_DIR", "../.git")
    monkeypatch.setenv("GIT_WORK_TREE", "..")
    monkeypatch.chdir(repo.path / "sub")
    assert len(told(Path()).spans) == 1


@pytest.mark.parametrize("name", ["", "file.txt", "nowhere"])
def test_a_place_outside_of_any_repository_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").touch()
    with pytest.raises(NotARepositoryError, match="Not a Git repository") as caught:
        Git(tmp_path / name)
    assert "--repo" in caught.value.remedy


def test_a_partial_clone_is_read_without_fetching_a_blob(repo: GitRepo, tmp_path: Path) -> None:
    repo.release("v1.0.0", files={"params.yaml": "a: 1\n", "moved.txt": "x"})
    repo.git("mv", "moved.txt", "there.txt")
    repo.release("v1.1.0", files={"params.yaml": "a: 2\n"})
    clone = _partial(repo, tmp_path / "partial", "blob:none")
    before = _objects(clone)
    history = History(clone.path)
    assert history.git.partial
    found = history.releases(history.head(), Selection(), every=False)
    assert [len(span.commits[0].files) for span in found.spans] == [2, 2]
    blob = repo.git("rev-parse", "v1.1.0:params.yaml")
    with pytest.raises(MissingObjectError):
        history.git.objects.read(blob)
    assert "params.yaml" in [
        entry.name for entry in history.git.objects.tree(history.revision("v1.1.0").tree_id)
    ]
    assert before == _objects(clone), "not a single object was fetched"


def test_a_partial_clone_without_trees_says_how_to_get_them(repo: GitRepo, tmp_path: Path) -> None:
    repo.release("v1.0.0")
    repo.release("v1.1.0")
    clone = _partial(repo, tmp_path / "partial", "tree:0")
    before = _objects(clone)
    with pytest.raises(GitError, match="git log failed") as caught:
        told(clone.path)
    assert before == _objects(clone)
    assert "git fetch --refetch --no-filter" in caught.value.remedy
    clone.git("fetch", "--quiet", "--refetch", "--no-filter")
    assert len(told(clone.path).spans) == 2


def test_a_missing_object_is_missing_and_the_next_one_is_read(repo: GitRepo) -> None:
    repo.commit("Begin", {"gone.txt": "gone", "here.txt": "here"})
    gone, here = repo.git("rev-parse", "HEAD:gone.txt"), repo.git("rev-parse", "HEAD:here.txt")
    (repo.path / ".git/objects" / gone[:2] / gone[2:]).unlink()
    found = Git(repo.path)
    with pytest.raises(MissingObjectError):
        found.objects.read(gone)
    assert found.objects.read(here) == b"here"
    found.objects.warm([gone, repo.git("rev-parse", "HEAD^{tree}")])
    found.close()


def test_many_and_large_objects_are_read_through_one_process(repo: GitRepo) -> None:
    files = {f"dir{at}/file.txt": str(at) * at for at in range(600)} | {"large.bin": os.urandom(3_000_000)}
    repo.commit("Begin", files)
    objects = Git(repo.path).objects
    tree = {entry.name: entry for entry in objects.tree(repo.git("rev-parse", "HEAD^{tree}"))}
    objects.warm(entry.oid for entry in tree.values() if entry.is_tree)
    assert files["large.bin"] == objects.read(tree["large.bin"].oid)
    for at in (0, 1, 599):
        (entry,) = objects.tree(tree[f"dir{at}"].oid)
        assert str(at).encode() * at == objects.read(entry.oid)
    objects.close()


def test_a_repository_of_sha_256_is_read(tmp_path: Path) -> None:
    repo = GitRepo.init(tmp_path / "repo", "--object-format=sha256")
    commit = repo.commit("Begin", {"dir/a.txt": "1"})
    repo.tag("v1.0.0", message="First")
    history = History(repo.path)
    (span,) = history.releases(history.head(), Selection(), every=False).spans
    assert (64, commit) == (len(span.commit_id), span.commit_id)
    (entry,) = history.git.objects.tree(history.revision("v1.0.0").tree_id)
    assert [inner.name for inner in history.git.objects.tree(entry.oid)] == ["a.txt"]


def test_git_missing_from_the_path_is_said(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.path))
    with pytest.raises(GitError, match="not installed, or not on PATH") as caught:
        Git(repo.path)
    assert "Install Git" in caught.value.remedy


@pytest.mark.parametrize(
    "said", ["git version 2.30.9", "git version 1.8.3.1", "git version 2.9.0 (Apple Git-1)"]
)
def test_a_git_too_old_is_said_with_the_version_needed(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\necho '{said}'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    with pytest.raises(GitError, match="too old") as caught:
        Git(repo.path)
    assert ".".join(map(str, git.MINIMUM)) in caught.value.remedy


def test_a_directory_of_somebody_else_is_said_with_its_remedy(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit()
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # Git's own way to test it
    with pytest.raises(GitError, match="does not trust the owner") as caught:
        Git(repo.path)
    assert f"safe.directory {repo.path}" in caught.value.remedy


def test_a_broken_git_configuration_is_told_in_git_s_words(repo: GitRepo) -> None:
    repo.commit()
    (repo.path / ".git" / "config").write_text("[core\n")
    with pytest.raises(GitError, match="bad config line 1"):
        Git(repo.path)


@pytest.mark.parametrize(
    "name", ["nothing", "", " ", "--all", "-x", "HEAD~99", "HEAD:work.txt", "v1.0.0^{tree}", "a\nb"]
)
def test_a_revision_that_is_none_is_unknown(repo: GitRepo, name: str) -> None:
    repo.release("v1.0.0")
    with pytest.raises(UnknownRevisionError, match="Unknown revision"):
        History(repo.path).revision(name)


def test_the_environment_of_the_process_is_left_as_it_is(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    before = dict(os.environ)
    told(repo.path)
    assert before == dict(os.environ)


@pytest.mark.parametrize(
    ("remotes", "expected"),
    [
        ({"origin": "a", "fork": "b"}, "a"),
        ({"upstream": "b"}, "b"),
        ({"one": "a", "two": "b"}, ""),
        ({}, ""),
        ({"origin": "with space"}, "with space"),
        ({"with.dot": "https://example.org/a=b.git"}, "https://example.org/a=b.git"),
    ],
)
def test_the_remote_is_origin_or_the_only_one(repo: GitRepo, remotes: dict[str, str], expected: str) -> None:
    for name, url in remotes.items():
        repo.git("remote", "add", name, url)
    assert expected == History(repo.path).remote_url()


def _partial(repo: GitRepo, path: Path, kind: str) -> GitRepo:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return GitRepo.clone(repo.path, path, "--no-checkout", f"--filter={kind}")


def _objects(repo: GitRepo) -> list[str]:
    """The objects that are here, not counting promised ones."""
    return sorted(str(path) for path in (repo.path / ".git" / "objects").rglob("*") if path.is_file())


def test_a_commit_is_read_as_git_log_tells_it(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("On a side\n\ntree 1\ncommitter A <a> 1 +0000\n")
    repo.git("checkout", "-q", "main")
    repo.commit()
    repo.merge("side")
    found = Git(repo.path)
    for line in repo.git("log", "--all", "--format=%H %T %ct").splitlines():
        commit, tree, time = line.split()
        assert found.objects.commit(commit) == (tree, int(time))
    found.close()


def test_the_id_of_an_annotated_tag_is_the_revision_of_its_commit(repo: GitRepo) -> None:
    commit = repo.commit()
    repo.git("tag", "-a", "-m", "one", "v1.0.0")
    tag = repo.git("rev-parse", "v1.0.0")
    found = History(repo.path)
    assert found.git.objects.commit(tag) is None
    assert found.revision(tag).commit_id == commit != tag
    with pytest.raises(UnknownRevisionError):
        found.revision("1" * 40)
    found.git.close()
