"""The objects of a release: blobs, tree, commit and tag, made without a ref or a file that one sees.

They are what `git commit` and `git tag -a` would make: filters, line ends, modes, identity and signatures are
those that Git is configured with. No hook runs for them, `pre-commit` and `commit-msg` neither: those are for
what a person edits, may change it, and could not be taken back.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from dvc_changelog.errors import GitError
from dvc_changelog.history.git import Git
from dvc_changelog.history.landing.checks import LITERAL

_DURABLE = ("-c", "core.fsync=committed")
"""Git leaves new objects to the system's cache else, and a power loss could keep the ref and lose them."""
_FILE, _PROGRAM = "100644", "100755"
_SIGNATURE = "\n-----BEGIN "
_TAGS_OWN = ("user.", "tag.", "gpg.", "committer.", "author.")
"""The settings that decide what a tag is like."""


def entries(git: Git, parent: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """Mode and blob id of each file, which is written to the objects, as `git add` would stage it.

    Raises GitError if a filter fails or nothing can be written.
    """
    return {
        name: f"{_mode(git, parent, name)} {_blob(git, parent, name, data)}" for name, data in files.items()
    }


def tree(git: Git, parent: str, staged: Mapping[str, str]) -> str:
    """The id of the parent's tree with these entries laid over it."""
    with tempfile.TemporaryDirectory(prefix="dvc-changelog-") as place:
        index = {"GIT_INDEX_FILE": str(Path(place, "index"))}
        git.feed("read-tree", f"{parent}^{{tree}}", environment=index)
        git.feed("update-index", "-z", "--index-info", data=index_info(staged), environment=index)
        return git.feed(*_DURABLE, "write-tree", environment=index).strip()


def index_info(staged: Mapping[str, str]) -> bytes:
    """Entries as `git update-index -z --index-info` reads them."""
    return "".join(f"{entry}\t{name}\0" for name, entry in staged.items()).encode("utf-8", "surrogateescape")


def commit(git: Git, tree_id: str, parent: str, message: str, timestamp: int, *, sign: bool) -> str:
    """The id of a commit by the configured identity, signed if `sign` and Git is set to sign commits.

    Raises:
        GitError: Git knows no identity, or cannot sign.
    """
    options = ("-S",) if sign and _is_set(git, "commit.gpgSign") else ()
    try:
        return git.feed(
            *(*_DURABLE, "-c", "i18n.commitEncoding=UTF-8", "commit-tree", *options, "-p", parent, tree_id),
            data=_text(message),
            environment=_dates(timestamp),
        ).strip()
    except GitError as error:
        raise _explained(error, "commit", bool(options)) from error


def tag(git: Git, name: str, commit_id: str, message: str, timestamp: int) -> str:
    """The id of an annotated tag of a commit, signed if Git is set to sign tags.

    Git makes no tag object without a ref; the ref is one of a repository in a temporary directory, whose
    objects go where ours are and whose settings are ours.

    Raises:
        GitError: Git knows no identity, or cannot sign.
    """
    signing = _is_set(git, "tag.gpgSign") or _is_set(git, "tag.forceSignAnnotated")
    with tempfile.TemporaryDirectory(prefix="dvc-changelog-") as place:
        kind = git.run("rev-parse", "--show-object-format").strip()
        objects = git.root / git.run("rev-parse", "--git-path", "objects").removesuffix("\n")
        empty_repository(Path(place), kind)
        environment = {
            "GIT_DIR": place,
            "GIT_COMMON_DIR": place,
            "GIT_OBJECT_DIRECTORY": str(objects),
            **_settings(git),
            **_dates(timestamp),
        }
        try:
            git.feed(
                *(*_DURABLE, "tag", "-a", "--cleanup=verbatim", "-F", "-", "--", name, commit_id),
                data=_text(message),
                environment=environment,
            )
        except GitError as error:
            raise _explained(error, "tag", signing) from error
        made = git.feed("rev-parse", f"refs/tags/{name}", environment=environment).strip()
        if signing and _SIGNATURE not in git.feed("cat-file", "tag", made, environment=environment):
            why = GitError("Git made it without a signature (`git tag --sign TRY` says why)")
            raise _explained(why, "tag", signing) from None  # 2.39 can do that
        return made


def empty_repository(place: Path, kind: str) -> None:
    """The least that Git takes for a repository: `git init` minds variables that are of the real one."""
    for name in ("refs", "objects"):
        (place / name).mkdir()
    (place / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
    format_of_ids = f"[extensions]\n\tobjectFormat = {kind}\n" if kind != "sha1" else ""
    version = 1 if format_of_ids else 0
    (place / "config").write_text(
        f"[core]\n\trepositoryFormatVersion = {version}\n\tbare = true\n{format_of_ids}", encoding="ascii"
    )


def _blob(git: Git, parent: str, name: str, data: bytes) -> str:
    settings, options = _conversion(git, parent, name)
    return git.feed(*_DURABLE, *settings, "hash-object", "-w", *options, "--stdin", data=data).strip()


def _conversion(git: Git, parent: str, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The settings and options with which a file is hashed as `git add` would stage it.

    `git add` leaves line ends alone where a file is only guessed to be text (`core.autocrlf`, `text=auto`)
    and is committed with CRLF; `git hash-object` does not look. Only `text=auto` together with a filter is
    converted all the same.
    """
    wanted = ("text", "eol", "crlf", "filter", "ident", "working-tree-encoding")
    said = git.feed("check-attr", "-z", *wanted, "--", name).split("\0")
    told = dict(zip(said[1::3], said[2::3], strict=False))
    text, end = told.pop("text"), told.pop("eol")
    if text == end == "unspecified" and _has_crlf(git, parent, name):
        return ("-c", "core.autocrlf=false"), (f"--path={name}",)
    if text == "auto" and set(told.values()) == {"unspecified"} and _has_crlf(git, parent, name):
        return (), ("--no-filters",)
    return (), (f"--path={name}",)


def _has_crlf(git: Git, parent: str, name: str) -> bool:
    entry = git.feed("ls-tree", "-z", parent, "--", name, environment=LITERAL)
    return bool(entry) and b"\r\n" in git.objects.read(entry.split("\t")[0].split(" ")[2])


def _mode(git: Git, parent: str, name: str) -> str:
    """The mode that the file has in the parent; of a new one, what the disk says."""
    entry = git.feed("ls-tree", "-z", parent, "--", name, environment=LITERAL)
    if entry:
        return entry.split(" ", 1)[0]
    path = git.root / name
    return _PROGRAM if _trusts_modes(git) and path.is_file() and os.access(path, os.X_OK) else _FILE


def _trusts_modes(git: Git) -> bool:
    return (
        os.name != "nt" and git.run("config", "--type=bool", "core.fileMode", check=False).strip() != "false"
    )


def _is_set(git: Git, setting: str) -> bool:
    return git.run("config", "--type=bool", setting, check=False).strip() == "true"


def _settings(git: Git) -> dict[str, str]:
    """The settings of a tag as variables that any repository is run with, conditional includes resolved."""
    listed = [entry.partition("\n") for entry in git.feed("config", "--list", "-z").split("\0") if entry]
    wanted = [(k, v if given else "true") for k, given, v in listed if k.startswith(_TAGS_OWN)]
    told = {"GIT_CONFIG_COUNT": str(len(wanted))}
    for number, (key, value) in enumerate(wanted):
        told |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return told


def _dates(timestamp: int) -> dict[str, str]:
    """The time as Git writes it: with the offset that the clock here has at it."""
    offset = time.localtime(timestamp).tm_gmtoff // 60
    sign = "-" if offset < 0 else "+"
    when = f"@{timestamp} {sign}{abs(offset) // 60:02}{abs(offset) % 60:02}"
    return {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}


def _text(message: str) -> bytes:
    # A lone surrogate (an undecodable path in the entry) would be refused by the next Git that reads it.
    return f"{message.rstrip()}\n".encode("utf-8", "replace")


def _explained(error: GitError, what: str, signing: bool) -> GitError:
    if "identity" in error.what or "ident name" in error.what or "email" in error.what:
        return GitError(
            f"Git does not know who makes the {what}",
            'Tell it: `git config user.name "NAME"` and `git config user.email ADDRESS`.',
        )
    if signing:
        return GitError(
            f"The {what} could not be signed: {error.what}",
            f"Look at `git config user.signingKey` and the agent, or `git config {what}.gpgSign false`.",
        )
    return error
