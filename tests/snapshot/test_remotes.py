"""What is too large to be fetched for a changelog. What is fetched: see tests/workflows/test_fetch.py."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from dvc_changelog.domain import Content
from dvc_changelog.snapshot.remotes import LARGEST, MOST_FILES, Fetched, fetch
from dvc_changelog.snapshot.store import Wanted


@pytest.mark.parametrize(
    "content",
    [
        Content("md5", "a" * 32, size=LARGEST + 1),
        Content("md5", f"{'a' * 32}.dir", size=1, nfiles=MOST_FILES + 1),
    ],
)
def test_what_is_large_is_not_asked_for_and_said(content: Content, tmp_path: Path) -> None:
    """There is no project: whoever opened it would fail otherwise."""
    said = "big is too large to be fetched for a changelog"
    assert fetch(tmp_path, [Wanted(content, "big")]) == Fetched(0, (said,))


def test_the_size_of_what_a_directory_holds_is_no_matter_for_its_listing(tmp_path: Path) -> None:
    listing = Content("md5", f"{'a' * 32}.dir", size=LARGEST + 1, nfiles=MOST_FILES)
    (said,) = fetch(tmp_path, [Wanted(listing, "data")]).failures
    assert "could not be fetched" in said


@pytest.mark.parametrize(("legacy", "layout"), [(False, "files/md5"), (True, ".")])
def test_objects_are_got_in_the_layout_of_the_dvc_that_made_them(
    legacy: bool, layout: str, tmp_path: Path
) -> None:
    """And only what came is counted."""
    remote, project = tmp_path / "remote", tmp_path / "project"
    digests = [hashlib.md5(text, usedforsecurity=False).hexdigest() for text in (b"a: 1", b"a: 2")]
    here, lost = (Content("md5", digest, size=4, legacy=legacy) for digest in digests)
    place = Path(layout, here.digest[:2], here.digest[2:])
    (remote / place).parent.mkdir(parents=True)
    (remote / place).write_bytes(b"a: 1")
    (project / ".dvc").mkdir(parents=True)
    (project / ".dvc/config").write_text(
        f"[core]\n    no_scm = true\n    remote = r\n['remote \"r\"']\n    url = {remote}\n"
    )
    got = fetch(project, [Wanted(here, "m.yaml"), Wanted(lost, "n.yaml")])
    assert got.count == 1
    assert [failure.partition(";")[0] for failure in got.failures] == ["n.yaml: not on the remote"]
    assert (project / ".dvc/cache" / place).read_bytes() == b"a: 1"
