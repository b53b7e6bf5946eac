"""Bringing another repository: only what is asked for, without prompts, hooks and code."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dvc_changelog.errors import GitError
from dvc_changelog.history import History, source

if TYPE_CHECKING:
    from gitrepo import GitRepo


@pytest.fixture
def origin(repo: GitRepo) -> GitRepo:
    for number in range(4):
        repo.commit(f"Commit {number}", {"a.txt": f"{number}"})
    return repo


def test_the_history_of_the_commits_is_brought_and_no_more(origin: GitRepo, tmp_path: Path) -> None:
    ids = origin.git("rev-list", "--reverse", "HEAD").split()
    source.bring(origin.path.as_uri(), ids[:3], tmp_path / "place")
    place = History(tmp_path / "place")
    assert [commit.id for commit in place.commits(ids[0], ids[2])] == [ids[2], ids[1]]
    assert place.git.run("cat-file", "-e", ids[3], check=False) == ""
    assert not place.git.run("for-each-ref", "refs/heads", "refs/tags")
    source.bring(origin.path.as_uri(), ids[3:], tmp_path / "place")
    assert [commit.id for commit in place.commits(ids[2], ids[3])] == [ids[3]]


@pytest.mark.parametrize("version", ["0", "2"])
def test_a_commit_that_the_server_lacks_does_not_keep_the_others_away(
    version: str, origin: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By Git's old protocol a server gives out no commit by its id but those that a ref names."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "protocol.version")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", version)
    ids = origin.git("rev-list", "--reverse", "HEAD").split()
    source.bring(origin.path.as_uri(), [ids[1], "1" * 40, ids[2]], tmp_path / "place")
    assert [c.id for c in History(tmp_path / "place").commits(ids[1], ids[2])] == [ids[2]]


def test_large_files_stay_where_they_are(origin: GitRepo, tmp_path: Path) -> None:
    origin.git("config", "uploadpack.allowFilter", "true")
    commit = origin.commit("Large", {"large.bin": b"\0" * 5_000_000, "small.txt": "small"})
    source.bring(origin.path.as_uri(), [commit], tmp_path / "place")
    git = History(tmp_path / "place").git
    there = {name: origin.git("rev-parse", f"HEAD:{name}") for name in ("large.bin", "small.txt")}
    listed = git.run("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split()
    assert {name: oid in listed for name, oid in there.items()} == {"large.bin": False, "small.txt": True}


def test_hooks_of_the_user_do_not_run(
    origin: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "hooks/reference-transaction"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    hook.chmod(0o755)
    config = tmp_path / "config"
    config.write_text(f"[core]\n    hooksPath = {hook.parent}\n[init]\n    templateDir = {tmp_path}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    source.bring(origin.path.as_uri(), [origin.git("rev-parse", "HEAD")], tmp_path / "place")
    assert not (tmp_path / "ran").exists()


def test_the_variables_of_a_hook_are_not_taken_for_the_source(
    origin: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other.git"))
    source.bring(origin.path.as_uri(), [], tmp_path / "place")
    assert (tmp_path / "place/HEAD").is_file()
    assert not (tmp_path / "other.git").exists()


@pytest.fixture
def locked() -> Iterator[str]:
    """The address of a server that wants a password."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_nobody_is_asked_for_a_password(locked: str, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="terminal prompts disabled"):
        source.bring(f"http://{locked}/x.git", ["1" * 40], tmp_path / "place")


def test_a_message_holds_no_credentials(locked: str, tmp_path: Path) -> None:
    with pytest.raises(GitError) as caught:
        source.bring(f"http://ada:secret@{locked}/x.git", ["1" * 40], tmp_path / "place")
    assert "secret" not in str(caught.value)
    assert "ada" not in str(caught.value)


ADDRESSES = {
    "https://a.org/x/y.git": True,
    "ssh://git@a.org:22/x/y": True,
    "git@a.org:x/y.git": True,
    "a.org:x": True,
    "file:///x/y": True,
    "/x/y": False,
    "../y": False,
    "y": False,
    "C:\\x\\y": False,
    "ext::sh -c x": False,
    "https://a\0.org/x": False,
    "": False,
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_is_told_from_a_path(url: str) -> None:
    assert source.is_address(url) is ADDRESSES[url]


def test_a_commit_is_its_full_id() -> None:
    said = ("a" * 40, "0" * 64, "a" * 39, "A" * 40, "main", "--upload-pack=x", "a" * 40 + "\n")
    assert [source.is_commit(text) for text in said] == [True, True, *[False] * 5]
