"""What is too large to be fetched for a changelog. What is fetched: see tests/workflows/test_fetch.py."""

from __future__ import annotations

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
