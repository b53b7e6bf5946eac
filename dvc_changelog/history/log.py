"""The one `git log` stream: every commit with its message, trailers and the paths it touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dvc_changelog.domain import Author, Commit, FileChange
from dvc_changelog.history import carried, messages
from dvc_changelog.history.git import Git

_MARK = "\x01dvc-changelog\x02"
_FIELDS = (
    _MARK,
    "%H",
    "%P",
    "%T",
    "%ct",
    "%aN",
    "%aE",
    "%B",
    "%(trailers:only=true,unfold=true,separator=%x1e,key_value_separator=%x1f)",
)


_NO_BLOB = frozenset(("0" * 40, "0" * 64))
"""How Git writes that there is no file on a side: by SHA-1, by SHA-256."""


def read(git: Git, tips: Sequence[str], *, exclude: Sequence[str] = ()) -> list[Commit]:
    """All commits reachable from `tips` and not from `exclude`, children before parents.

    The raw diff is that of Git, with exact renames only (by blob id, so that no blob is read); of a merge it
    has what differs from all parents, which no other commit tells. A message is decoded by its commit's
    encoding header, then as UTF-8 with replacement: a commit is never dropped for its bytes.
    """
    if not tips:
        return []
    pieces = git.stream(
        "log",
        "--raw",
        "-z",
        "--no-abbrev",
        "--find-renames=100%",
        "--no-color",
        "--no-notes",
        "--no-ext-diff",
        "--diff-merges=combined",
        "--encoding=UTF-8",
        f"--format={'%x00'.join(_FIELDS)}%x00",
        *tips,
        *(f"^{name}" for name in exclude),
        "--",
    )
    return _topological([_commit(record.split("\0")) for record in _records(pieces)])


def _topological(commits: list[Commit]) -> list[Commit]:
    """The order of `git log --topo-order`: children before parents, no line of work mixed with another.

    Sorted here, since Git would first walk the whole history and write nothing, for a third of its time.
    """
    commit_of = {commit.id: commit for commit in commits}
    children = dict.fromkeys(commit_of, 0)
    for commit in commits:
        for parent in commit.parents:
            if parent in children:
                children[parent] += 1
    ready = [commit for commit in reversed(commits) if not children[commit.id]]
    result = []
    while ready:
        commit = ready.pop()
        result.append(commit)
        for parent in commit.parents:
            if parent in children:
                children[parent] -= 1
                if not children[parent]:
                    ready.append(commit_of[parent])
    return result


def _records(pieces: Iterable[bytes]) -> Iterator[str]:
    """Cut the stream at its marks, while Git is still writing."""
    mark = f"{_MARK}\0".encode()
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(mark)
        yield from (record.decode("utf-8", "surrogateescape") for record in whole if record)
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def _commit(tokens: list[str]) -> Commit:
    commit_id, parents, tree_id, time, name, email, raw, trailer_text, *rest = tokens
    trailers = tuple(_trailers(_shown(trailer_text)))
    message = messages.parse(carried.words(_shown(raw)), trailers, merge=" " in parents)
    return Commit(
        id=commit_id,
        parents=tuple(parents.split()),
        tree_id=tree_id,
        timestamp=int(time),
        author=Author(_shown(name), _shown(email)),
        message=message.subject or "(no message)",
        body=message.body,
        trailers=message.trailers,
        files=tuple(_files(rest)),
        group=message.type,
        scope=message.scope,
        conventional=bool(message.type),
        breaking=message.breaking,
        links=message.links,
        reverts=message.reverts,
        squashed=message.squashed,
    )


def unsquashed(commits: Iterable[Commit]) -> Iterator[Commit]:
    """Each commit, a squash merge followed by the conventional commits that its body lists.

    Those have the id, the author and the links of the merge, a group of their own, and no files.
    """
    for commit in commits:
        yield commit
        for subject in commit.squashed:
            message = messages.parse(subject)
            if message.subject != messages.without_number(commit.message):
                yield replace(
                    commit,
                    message=message.subject,
                    body="",
                    trailers=(),
                    files=(),
                    group=message.type,
                    scope=message.scope,
                    conventional=True,
                    breaking=message.breaking,
                    links=message.links or commit.links,
                    reverts="",
                    squashed=(),
                )


def _shown(text: str) -> str:
    """Text for people: bytes that are no UTF-8 become U+FFFD. Paths keep them, to find their blobs."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _trailers(text: str) -> Iterator[tuple[str, str]]:
    for line in text.strip("\n").split("\x1e"):
        key, found, value = line.partition("\x1f")
        if found:
            yield key.strip(), value.strip()


def _files(tokens: list[str]) -> Iterator[FileChange]:
    """Raw entries: `:<mode> <mode> <id> <id> <status>`, NUL, path, and a second path for a rename.

    Of a merge there is a colon, a mode and an id for each parent, and one path: a change for each parent.
    """
    at = 0
    while at < len(tokens):
        head = tokens[at].lstrip("\n")
        if not head.startswith(":"):
            at += 1
            continue
        if head.startswith("::"):
            fields, path = head.split(" "), tokens[at + 1]
            *olds, new = fields[len(fields) // 2 : -1]  # after as many modes
            yield from (FileChange(path, path, _blob(old), _blob(new)) for old in olds)
            at += 2
            continue
        _, _, old, new, status = head[1:].split(" ")
        renamed = status[0] in "RC"
        old_path, path = tokens[at + 1], tokens[at + 2] if renamed else tokens[at + 1]
        at += 3 if renamed else 2
        yield FileChange(path, old_path, _blob(old), _blob(new))


def _blob(oid: str) -> str:
    return "" if oid in _NO_BLOB else oid
