"""Pictures on a branch of their own: side by side with those of other reviews, and nothing of them here."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from gitrepo import EPOCH, GitRepo, isolated, repo
from landings import seen

from dvc_changelog.domain import Forge
from dvc_changelog.errors import GitError
from dvc_changelog.history import Git
from dvc_changelog.history.pictures import BRANCH, directory_of, published
from dvc_changelog.render import links

__all__ = ["isolated", "repo"]

REF = f"refs/heads/{BRANCH}"


@pytest.fixture
def there(repo: GitRepo, tmp_path: Path) -> GitRepo:
    """The remote of the repository."""
    remote = GitRepo.init(tmp_path / "remote.git", "--bare")
    repo.commit()
    repo.git("remote", "add", "origin", str(remote.path))
    repo.git("push", "--quiet", "origin", "main")
    return remote


def put(repo: GitRepo, review: str, **files: bytes) -> tuple[str, str]:
    named = {name.replace("_", "."): data for name, data in files.items()}
    return published(Git(repo.path), named, review=review, timestamp=EPOCH)


def files(remote: GitRepo, commit_id: str = REF) -> dict[str, bytes]:
    names = remote.git("ls-tree", "-r", "--name-only", commit_id).splitlines()
    return {name: remote.git_bytes("cat-file", "blob", f"{commit_id}:{name}") for name in names}


def test_each_review_has_its_newest_pictures_and_old_commits_keep_theirs(
    repo: GitRepo, there: GitRepo
) -> None:
    before, objects = seen(repo), repo.git("count-objects", "-v")
    first, directory = put(repo, "41", a_svg=b"one", b_svg=b"\x00\r\n")
    second, _ = put(repo, "42-other", a_svg=b"two")
    third, _ = put(repo, "41", a_svg=b"three")
    assert directory == "41"
    assert there.git("rev-parse", REF) == third
    assert files(there) == {"41/a.svg": b"three", "42-other/a.svg": b"two"}
    assert files(there, first) == {"41/a.svg": b"one", "41/b.svg": b"\x00\r\n"}
    assert there.git("rev-list", REF).split() == [third, second, first]
    assert "[skip ci]" in there.git("log", "-1", "--format=%B", REF)
    assert (seen(repo), repo.git("count-objects", "-v")) == (before, objects)


def test_the_same_pictures_again_are_no_new_commit(repo: GitRepo, there: GitRepo) -> None:
    first, _ = put(repo, "41", a_svg=b"one")
    assert put(repo, "41", a_svg=b"one")[0] == first
    assert put(repo, "42")[0] == first
    put(repo, "41")
    assert files(there) == {}


def test_runs_at_the_same_time_do_not_lose_each_others_pictures(repo: GitRepo, there: GitRepo) -> None:
    put(repo, "0", a_svg=b"0")
    reviews = [str(number) for number in range(1, 4)]
    with ThreadPoolExecutor(len(reviews)) as pool:
        list(pool.map(lambda review: put(repo, review, a_svg=review.encode()), reviews))
    assert files(there) == {f"{review}/a.svg": review.encode() for review in ["0", *reviews]}


def test_it_works_from_a_shallow_clone_of_a_runner_without_an_identity(
    repo: GitRepo, there: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit()
    repo.git("push", "--quiet", "origin", "main")
    clone = GitRepo.clone(there.path, tmp_path / "clone", "--depth=1")
    for who in ("AUTHOR", "COMMITTER"):
        for what in ("NAME", "EMAIL"):
            monkeypatch.delenv(f"GIT_{who}_{what}")
    clone.git("checkout", "--quiet", "--detach")
    put(clone, "41", a_svg=b"one")
    put(clone, "41", a_svg=b"two")
    assert files(there) == {"41/a.svg": b"two"}
    assert there.git("log", "-1", "--format=%an <%ae>", REF) == "dvc-changelog <dvc-changelog@localhost>"
    assert clone.git("rev-list", "--count", "HEAD") == "1"


def test_the_remote_is_reached_with_the_settings_of_the_repository(repo: GitRepo, there: GitRepo) -> None:
    repo.git("remote", "set-url", "origin", "forge:remote.git")
    repo.git("config", f"url.{there.path.parent.as_uri()}/.insteadOf", "forge:")
    hook = repo.path / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    put(repo, "41", a_svg=b"one")
    assert files(there) == {"41/a.svg": b"one"}


def test_a_remote_that_takes_no_push_says_why(repo: GitRepo, there: GitRepo) -> None:
    hook = there.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no pictures here >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(GitError, match=r"could not be pushed to origin: .*no pictures here") as raised:
        put(repo, "41", a_svg=b"one")
    assert BRANCH in raised.value.remedy


def test_a_remote_that_is_not_there_says_so(repo: GitRepo, there: GitRepo) -> None:
    shutil.rmtree(there.path)
    with pytest.raises(GitError, match="origin cannot be read: fatal: "):
        put(repo, "41", a_svg=b"one")


def test_a_branch_with_other_files_is_left_alone(repo: GitRepo, there: GitRepo) -> None:
    repo.git("push", "--quiet", "origin", f"main:{REF}")
    with pytest.raises(GitError, match=r"holds other files: work\.txt"):
        put(repo, "41", a_svg=b"one")
    assert there.git("rev-parse", REF) == repo.git("rev-parse", "main")


def test_a_review_has_a_directory_of_its_own() -> None:
    assert [directory_of(review) for review in ("41", "41-default")] == ["41", "41-default"]
    names = [
        directory_of(review) for review in ("feature/x", "feature-x", "Feature-X", "..", "", "a/../b", "-x")
    ]
    assert len({name.lower() for name in names}) == len(names)
    assert all(name and "/" not in name and name[0] not in ".-" for name in names)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("github", "https://h/o/r/blob/c0ffee/41/a%20b.svg?raw=true"),
        ("gitlab", "https://h/o/r/-/raw/c0ffee/41/a%20b.svg"),
        ("gitea", "https://h/o/r/raw/commit/c0ffee/41/a%20b.svg"),
        ("bitbucket", "https://h/o/r/raw/c0ffee/41/a%20b.svg"),
    ],
)
def test_each_forge_has_an_address_for_a_file_of_a_commit(kind: str, expected: str) -> None:
    assert links.raw("c0ffee", "41/a b.svg", Forge(kind, "https://h/o/r")) == expected
