"""What one version of a dvc.lock or `.dvc` file records, to tell which outputs one commit rewrote.

A history has many more versions of a lock than releases, so as little of each as possible is parsed: of a
lock in DVC's own form only the outputs of the stages in which two versions differ.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cache

from dvc_changelog.domain import Dependency, Output, StageRun
from dvc_changelog.snapshot import dvcfile, lockfile, yaml12
from dvc_changelog.snapshot.entries import join
from dvc_changelog.snapshot.unreadable import UnreadableError

_OUTS = b"\n    outs:\n"
_ENTRY = re.compile(
    rb"^    - path: (?P<path>[A-Za-z_][\w@+=-]*[./][\w@+=./-]*)\n"
    rb"(?:      hash: md5\n)?      (?P<name>md5|etag|checksum): (?P<quote>'?)(?P<digest>[\w.-]+)(?P=quote)\n",
    re.MULTILINE,
)
"""An output as DVC mostly writes it: a plain path that no YAML takes for anything else, then its hash."""


def recorded_outputs(path: str, data: bytes) -> dict[str, object]:
    """Reader: what a dvc.lock or `.dvc` file records, in parts that are equal where the outputs are.

    Of a lock the text of each stage's outputs in DVC's own form, else its runs; of a `.dvc` file its outputs.

    Raises:
        UnreadableError: see `lockfile.parse` and `dvcfile.parse`.
    """
    if posixpath.basename(path) != "dvc.lock":
        return {out.path: out for out in dvcfile.parse(path, data).outputs}
    chunks = lockfile.chunks_of(data)
    if chunks is None or any(b"\r" in chunk for chunk in chunks):
        return dict(lockfile.parse(data).runs)
    return {chunk.split(b"\n", 1)[0].decode("utf-8", "replace"): _outs(chunk) for chunk in chunks}


def rewritten_outputs(path: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    """The outputs that two readings of `recorded_outputs` record otherwise; only what differs is read."""
    directory = posixpath.dirname(path)
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before != after:
            was, now = _digests(before, directory), _digests(after, directory)
            yield from (out for out in dict.fromkeys((*was, *now)) if was.get(out) != now.get(out))


def _outs(chunk: bytes) -> bytes:
    """The text of a stage's outputs, which DVC writes last; other sections behind them do no harm."""
    at = chunk.find(_OUTS)
    return chunk[at + 1 :] if at >= 0 else b""


def _digests(part: object, directory: str) -> dict[str, tuple[str, str]]:
    """(algorithm, digest) by path of a part; a lock says no `wdir`, so its own directory serves."""
    match part:
        case bytes():
            found = _entries(part)
            return {join(directory, path): identity for path, identity in found}
        case StageRun():
            return {
                join(directory, out.path): (out.content.algorithm, out.content.digest)
                for out in part.outs
                if out.content
            }
        case Output():
            return {part.path: (part.content.algorithm, part.content.digest)}
        case _:
            return {}


@cache
def _entries(outs: bytes) -> tuple[tuple[str, tuple[str, str]], ...]:
    """The (path, (algorithm, digest)) of the text of a stage's outputs."""
    entries = list(_ENTRY.finditer(outs))
    if len(entries) == outs.count(b"\n    - "):
        return tuple((e["path"].decode(), (e["name"].decode(), e["digest"].decode())) for e in entries)
    try:
        document = yaml12.load(outs)
    except UnreadableError:  # the snapshot of a release names it; here it only sorts a commit
        return ()
    stage = {"stage": document} if isinstance(document, Mapping) else {}
    made: list[Dependency] = [out for _, run in lockfile.runs_of(stage) for out in run.outs]
    return tuple(
        (out.path, (out.content.algorithm, out.content.digest)) for out in made if out.content is not None
    )
