"""Which comments are ours to replace: by their text, their authors, and who we are."""

from __future__ import annotations

import pytest
from forgeserver import MACHINE, ME, SECRET, SOMEBODY, ForgeServer, serving

from dvc_changelog.comments.ours import Signature
from dvc_changelog.comments.patience import Patience
from dvc_changelog.comments.posting import Posted, post
from dvc_changelog.comments.token import Token

MARK = "<!-- dvc-changelog review id=default -->"
BODY = f"{MARK}\n\n### Model review: `b` into `main`\n\nAll good.\n"
OLD = BODY.replace("All good", "old")
THEIRS = f"{MARK}\nMy own words"
SIGNATURE = Signature(frozenset({MARK, "[//]: # (m)"}), "### Model review")
GUARDED = {"bitbucket"}  # where nobody may edit what another one wrote, and no token is asked whose it is


def posted(forge: ForgeServer, token: str = SECRET) -> Posted:
    patience = Patience(total=5, timeout=5, first=0.001, tries=2)
    return post(forge.place, Token("A_TOKEN", token), BODY, signature=SIGNATURE, patience=patience)


@pytest.mark.parametrize(
    ("text", "marked", "on_top", "whole"),
    [
        (BODY, True, True, True),
        (BODY.replace("\n", "\r\n"), True, True, True),
        (f"\ufeff\n  \n{BODY}", True, True, True),
        ("[//]: # (m)\n### Model review (x): y", True, True, True),
        (f"Look:\n{BODY}", True, False, True),
        (f"{MARK}\n{BODY}", True, True, True),
        (THEIRS, True, True, False),
        (MARK, True, True, False),
        (f"It begins with\n{MARK}", True, False, False),
        (f"### Model review\n{MARK}", True, False, False),
        (f"It begins with {MARK}", False, False, False),
        (f"> {BODY}", False, False, False),
        (BODY.replace("default", "nightly"), False, False, False),
        ("### Model review", False, False, False),
        ("", False, False, False),
    ],
)
def test_what_a_comment_of_ours_looks_like(text: str, marked: bool, on_top: bool, whole: bool) -> None:
    found = SIGNATURE.marked(text), SIGNATURE.on_top(text), SIGNATURE.whole(text)
    assert found == (marked, on_top, whole)


def test_a_persons_own_words_are_not_replaced(forge: ForgeServer) -> None:
    """Though they begin with the mark, and the forge would let us."""
    forge.guarded = False
    forge.add(THEIRS, SOMEBODY)
    forge.add(f"{MARK}\n\nold", MACHINE)
    done = posted(forge)
    assert (done.created, done.messages) == (False, ())
    assert forge.texts() == [THEIRS, BODY]
    assert len(forge.methods) == 2


@pytest.mark.parametrize("author", [ME, SOMEBODY, MACHINE])
def test_where_there_is_none_of_ours_one_is_created(forge: ForgeServer, author: int) -> None:
    forge.guarded = False
    forge.add(f"It begins with\n{MARK}" if author == MACHINE else THEIRS, author)
    done = posted(forge)
    assert done.created
    assert "not known to be ours" in done.messages[0]
    assert forge.methods == ["GET", "POST"]


def test_of_somebody_else_none_is_replaced_and_one_is_created(forge: ForgeServer) -> None:
    """Who posts the whole of it first would own what reviewers trust."""
    forge.guarded = forge.dialect.kind in GUARDED
    copied = forge.add(OLD, SOMEBODY)
    for created in (True, False):
        assert posted(forge).created == created
        assert forge.texts() == [copied.text, BODY]


def test_of_several_authors_it_is_the_one_of_the_token(forge: ForgeServer) -> None:
    """One question more tells; where the forge answers none, a forge that guards comments does."""
    forge.guarded = forge.dialect.kind in GUARDED
    copied, mine = forge.add(f"{OLD}\nMy own words", SOMEBODY), forge.add(OLD)
    done = posted(forge)
    assert not done.created
    assert forge.texts() == [copied.text, BODY]
    assert mine.text == BODY
    assert forge.methods.count("GET") == (1 if forge.guarded else 2)


def test_where_a_forge_does_not_say_who_we_are_the_shape_decides(forge: ForgeServer) -> None:
    forge.guarded = forge.tells_me = False
    for author in (ME, SOMEBODY):
        forge.comments = []
        forge.add(THEIRS, SOMEBODY)
        forge.add(OLD, author)
        forge.add(OLD, MACHINE)
        forge.add(OLD, ME)
        assert not posted(forge).created
        assert forge.texts() == [THEIRS, OLD, BODY, OLD]  # a machine has no words to lose
        del forge.comments[2]
        done = posted(forge)
        assert forge.texts() == [THEIRS, BODY, OLD]
        assert len(done.messages) == (author == ME)  # what is not known to be ours is not to be deleted


def test_the_token_of_github_actions_is_no_persons() -> None:
    token = f"ghs_{SECRET}"
    with serving("github") as forge:
        forge.guarded, forge.secrets = False, {token}
        forge.add(OLD, SOMEBODY)
        assert posted(forge, token).created
        assert forge.methods == ["GET", "POST"]


def test_of_an_account_that_is_gone_the_shape_decides() -> None:
    with serving("github") as forge:
        token = f"ghs_{SECRET}"
        forge.guarded, forge.secrets = False, {SECRET, token}
        for number, each in enumerate((SECRET, token), start=1):
            forge.comments = []
            forge.add(OLD, 0)
            assert not posted(forge, each).created
            assert forge.methods == ["GET", "PATCH"] * number


@pytest.mark.parametrize("author", [ME, MACHINE])
def test_ours_is_known_though_somebody_wrote_above_it(forge: ForgeServer, author: int) -> None:
    forge.guarded = False
    forge.add(f"Look:\n{OLD}", SOMEBODY)
    edited = forge.add(f"**Mind the limit!**\n\n{OLD}", author)
    done = posted(forge)
    unknown = forge.dialect.kind in GUARDED and author == ME
    assert done.created == unknown
    assert (edited.text == BODY) != unknown
    assert len(done.messages) == (2 if unknown else 0)
    assert forge.comments[0].text != BODY
    assert posted(forge).unchanged


def test_of_two_of_ours_it_is_the_one_that_is_as_it_was_written(forge: ForgeServer) -> None:
    first, second = forge.add(f"Quoted:\n{OLD}", MACHINE), forge.add(OLD, MACHINE)
    assert not posted(forge).created
    assert (first.text == OLD, second.text) == (False, BODY)
    assert forge.methods.count("GET") == 1
