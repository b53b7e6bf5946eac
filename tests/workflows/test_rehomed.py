"""From where data and models are fetched, before and now: a table over configurations of two sides."""

from __future__ import annotations

import pytest

from dvc_changelog.domain import Content, Output, Rehomed, Remotes, Role, Snapshot
from dvc_changelog.workflows.rehomed import rehomed

A, B = {"storage": "s3://a"}, {"storage": "s3://b"}
TWO = {"storage": "s3://a", "spare": "s3://x"}

CASES: dict[str, tuple[Remotes, Remotes, list[Rehomed]]] = {
    "as it was": (Remotes("storage", A), Remotes("storage", A), []),
    "elsewhere": (
        Remotes("storage", A),
        Remotes("storage", B),
        [Rehomed("", "storage", "s3://b", "storage", "s3://a", default=True)],
    ),
    "another name": (Remotes("storage", A), Remotes("store", {"store": "s3://a"}), []),
    "another default": (
        Remotes("storage", TWO),
        Remotes("spare", TWO),
        [Rehomed("", "spare", "s3://x", "storage", "s3://a", default=True)],
    ),
    "the first one": (
        Remotes(),
        Remotes("storage", A),
        [Rehomed("", "storage", "s3://a", "", "", default=True)],
    ),
    "none any more": (
        Remotes("storage", A),
        Remotes(),
        [Rehomed("", "", "", "storage", "s3://a", default=True)],
    ),
    "one that is not asked": (
        Remotes("storage", TWO),
        Remotes("storage", {**TWO, "spare": "s3://y"}),
        [Rehomed("", "spare", "s3://y", "spare", "s3://x", used=False)],
    ),
    "one that an output names": (
        Remotes("storage", {**TWO, "own": "s3://o"}),
        Remotes("storage", {**TWO, "own": "s3://p"}),
        [Rehomed("", "own", "s3://p", "own", "s3://o")],
    ),
    "one that an output names, gone": (
        Remotes("storage", {**TWO, "own": "s3://o"}),
        Remotes("storage", TWO),
        [Rehomed("", "", "", "own", "s3://o")],
    ),
    "spare ones come and go": (Remotes("storage", TWO), Remotes("storage", {**A, "new": "s3://n"}), []),
    "a default elsewhere and another one": (
        Remotes("storage", TWO),
        Remotes("storage", {"storage": "s3://b", "spare": "s3://y"}),
        [
            Rehomed("", "storage", "s3://b", "storage", "s3://a", default=True),
            Rehomed("", "spare", "s3://y", "spare", "s3://x", used=False),
        ],
    ),
}


def side(remotes: Remotes) -> Snapshot:
    own = Output("m.pkl", Content("md5", "a"), Role.SOURCE, remote="own")
    return Snapshot(outputs={"m.pkl": own}, remotes={"": remotes})


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES.keys())
def test_what_is_fetched_from_elsewhere_is_told(old: Remotes, new: Remotes, expected: list[Rehomed]) -> None:
    assert list(rehomed(side(old), side(new))) == expected


def test_a_project_that_is_new_or_gone_has_nothing_to_compare_with() -> None:
    assert rehomed(Snapshot(), side(Remotes("storage", A))) == ()
    assert rehomed(side(Remotes("storage", A)), Snapshot()) == ()
