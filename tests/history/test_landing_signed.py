"""Commit and tag are signed where Git is set to sign them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from gitrepo import EPOCH, GitRepo, isolated, repo
from landings import prepared, ready, settled

from dvc_changelog.errors import GitError
from dvc_changelog.history import Git
from dvc_changelog.history.landing import draft, land

__all__ = ["isolated", "repo"]

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen to sign with"
)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    (tmp_path / "allowed").write_text(f"ada@example.org {path.with_suffix('.pub').read_text()}")
    return path


def _settings(key: Path) -> dict[str, str]:
    return {
        "gpg.format": "ssh",
        "user.signingKey": str(key),
        "gpg.ssh.allowedSignersFile": str(key.with_name("allowed")),
        "commit.gpgSign": "true",
        "tag.gpgSign": "true",
    }


def test_commit_and_tag_are_signed(repo: GitRepo, key: Path) -> None:
    ready(repo)
    for name, value in _settings(key).items():
        repo.git("config", name, value)
    land(Git(repo.path), prepared(repo))
    repo.git("verify-commit", "HEAD")
    repo.git("verify-tag", "v1")
    assert repo.git("tag", "-l", "--format=%(contents:subject)", "v1") == "v1"
    assert settled(repo).status == ""


def test_settings_of_this_directory_alone(
    repo: GitRepo, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tag is made in another directory, to which a conditional include does not apply."""
    ready(repo)
    for name, value in _settings(key).items():
        repo.git("config", "--file", str(tmp_path / "signing"), name, value)
    repo.git(
        "config",
        "--file",
        str(tmp_path / "global"),
        f"includeIf.gitdir:{repo.path}/.path",
        str(tmp_path / "signing"),
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "global"))
    land(Git(repo.path), prepared(repo))
    repo.git("verify-commit", "HEAD")
    repo.git("verify-tag", "v1")


def test_only_what_is_set_is_signed(repo: GitRepo, key: Path) -> None:
    ready(repo)
    for name, value in {**_settings(key), "commit.gpgSign": "false"}.items():
        repo.git("config", name, value)
    land(Git(repo.path), prepared(repo))
    assert "gpgsig" not in repo.git("cat-file", "-p", "HEAD")
    repo.git("verify-tag", "v1")


@pytest.mark.parametrize("what", ["commit", "tag"])
def test_a_key_that_is_not_there(repo: GitRepo, key: Path, what: str) -> None:
    ready(repo)
    for name, value in _settings(key).items():
        repo.git("config", name, value)
    repo.git("config", "user.signingKey", str(key.with_name("none")))
    other = "tag" if what == "commit" else "commit"
    repo.git("config", f"{other}.gpgSign", "false")
    with pytest.raises(GitError, match=f"The {what} could not be signed: "):
        prepared(repo)


def test_a_draft_is_not_signed(repo: GitRepo, key: Path) -> None:
    parent = ready(repo).git("rev-parse", "HEAD")
    for name, value in _settings(key).items():
        repo.git("config", name, value)
    commit = draft(Git(repo.path), parent, {}, "m", EPOCH)
    assert "gpgsig" not in repo.git("cat-file", "-p", commit)
