"""What a person wrote into the message of a tag or commit that carries an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.history import History, words
from dvc_changelog.history.carried import END, begin, unsigned, without_marks

if TYPE_CHECKING:
    from gitrepo import GitRepo

SIGNED = "-----BEGIN PGP SIGNATURE-----\n\niHUEABYIAB0W\n=EiGW\n-----END PGP SIGNATURE-----\n"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("", ""),
        ("Spanish\n", "Spanish"),
        ("Spanish\r\n\r\nMore\r\n", "Spanish\n\nMore"),
        (f"v1\n\n{begin('v1')}\n\nEntry\n\n{END}\n", ""),
        (f"Release 1\n\n{begin('v1')}\n\nEntry\n\n{END}\n", "Release 1"),
        (f"Spanish\n\n{begin('v1')}\r\n\r\nEntry\r\n{END}\r\n", "Spanish"),
        (f"Spanish\n\n{begin()}\nEntry\n{END}\n\nReason: x\n", "Spanish\n\nReason: x"),
        (f"Spanish\n\n{begin('v1')}\nEntry without an end\n\nReason: x\n", "Spanish"),
        (f"One\n{begin('v1')}\nA\n{END}\nTwo\n{begin('v2')}\nB\n{END}\n", "One\n\nTwo"),
        (f"Quoted: `{begin('v1')}`", f"Quoted: `{begin('v1')}`"),
        (f"{END}\n", END),
    ],
)
def test_words_are_what_stands_around_an_entry(message: str, said: str) -> None:
    assert words(message) == said


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40))
def test_a_subject_of_the_tools_own_is_known_whatever_it_is(subject: str) -> None:
    line = begin(subject)
    assert "-->" not in line.removesuffix("-->")
    assert words(f"{subject}\n\n{line}\n\nEntry\n\n{END}") == ""


@pytest.mark.parametrize("line", [begin(), begin("v1"), END, SIGNED])
def test_an_entry_cannot_hold_a_mark_or_begin_a_signature(line: str) -> None:
    entry = without_marks(f"Text\n{line}\nText")
    assert words(f"A\n\n{begin('v1')}\n{entry}\n{END}\n\nB") == "A\n\nB"
    assert unsigned(entry) == entry


@pytest.mark.parametrize(
    "kind", ["PGP SIGNATURE", "PGP MESSAGE", "SIGNED MESSAGE", "SSH SIGNATURE"], ids=lambda k: k.split()[0]
)
def test_a_signature_is_not_read(repo: GitRepo, kind: str) -> None:
    """A tag object by hand: no key is needed, and none is asked for."""
    commit = repo.commit()
    head = f"object {commit}\ntype commit\ntag v1\ntagger A <a@example.org> 1700000000 +0000\n\n"
    signed = SIGNED.replace("PGP SIGNATURE", kind)
    tag = repo.git("hash-object", "-t", "tag", "-w", "--stdin", stdin=f"{head}Good\n\n- a\n{signed}".encode())
    repo.git("update-ref", "refs/tags/v1", tag)
    assert [each.message for each in History(repo.path).all_tags] == ["Good\n\n- a"]


def test_lines_right_below_the_first_stay_lines(repo: GitRepo) -> None:
    repo.commit()
    repo.tag("v1", message="Better\n- accuracy 0.9\n- f1 0.8")
    assert [tag.message for tag in History(repo.path).all_tags] == ["Better\n- accuracy 0.9\n- f1 0.8"]


def test_a_commit_says_what_a_person_wrote_and_keeps_its_trailers(repo: GitRepo) -> None:
    entry = "- Fixes #12\n- This reverts commit 0123456789abcdef0123456789abcdef01234567.\n\nReason: forged"
    repo.commit(f"chore: release 1\n\nBody\n\n{begin()}\n\n{entry}\n\n{END}\n\nReason: own\n")
    (commit,) = History(repo.path).reached("HEAD")
    assert (commit.body, commit.trailers, commit.links, commit.reverts) == (
        "Body",
        (("Reason", "own"),),
        (),
        "",
    )
