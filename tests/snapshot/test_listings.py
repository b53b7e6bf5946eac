"""Listings of directories: of what is the same on both sides little is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from dvc_changelog.domain import ChangeType, Content, Output, OutputChange, Role
from dvc_changelog.insight import files_between
from dvc_changelog.snapshot import store
from dvc_changelog.snapshot.examine import examined
from dvc_changelog.snapshot.store import Store

A, B, C = (letter * 32 for letter in "abc")


def put(top: Path, files: Mapping[str, str]) -> Output:
    """A directory whose listing is in the cache."""
    data = json.dumps([{"md5": digest, "relpath": name} for name, digest in files.items()]).encode()
    digest = hashlib.md5(data).hexdigest()
    place = top / ".dvc/cache/files/md5" / digest[:2] / f"{digest[2:]}.dir"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return Output("d", Content("md5", f"{digest}.dir"), Role.SOURCE)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ({"a": A, "b": B, "c": C}, {"a": A, "b": C, "c": C}, 2),
        ({"a": A, "b": B, "c": C}, {"a": A, "b": B}, 1),
        ({"a": A, "b": B}, {"a": A, "b": B, "c": C}, 2),
        ({"a": A, "b": B, "c": C}, {"a": A, "b": B, "d": C}, 2),
        ({"a": A, "b": B}, {"c": C}, 1),
        ({"a": A, "b": B}, {"a": B, "b": A}, 2),
    ],
)
def test_of_the_files_that_are_the_same_one_is_kept(
    tmp_path: Path, old: dict[str, str], new: dict[str, str], kept: int
) -> None:
    change = OutputChange(ChangeType.MODIFIED, "d", put(tmp_path, old), put(tmp_path, new))
    known = examined(change, Store(tmp_path), [""])
    assert known is not None
    assert known.old is not None
    assert known.new is not None
    whole = (Content("md5", "x.dir", files=tuple((n, d, None) for n, d in s.items())) for s in (old, new))
    assert files_between(known.old.content, known.new.content) == files_between(*whole)
    assert len(known.new.content.files) == kept


def test_large_listings_are_forgotten_but_for_the_last_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_MOST_KEPT", 3)
    outputs = [put(tmp_path, {"a": A, "b": digest}) for digest in (A, B, C)]
    here = Store(tmp_path)

    def ask(output: Output) -> bool:
        return here.manifest(output.content, "", "d") is here.manifest(output.content, "", "d")

    assert all(map(ask, outputs))
    first = here.manifest(outputs[1].content, "", "d")
    assert here.manifest(outputs[0].content, "", "d") == {"a": A, "b": A}
    assert here.manifest(outputs[1].content, "", "d") is first
