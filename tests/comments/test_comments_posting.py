"""Posting to each forge, held to the description that it publishes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from forgeserver import BASIC, MACHINE, SECRET, SOMEBODY, USER, Fault, ForgeServer, serving

from dvc_changelog.comments.forges import limit_of
from dvc_changelog.comments.ours import Signature
from dvc_changelog.comments.patience import Patience
from dvc_changelog.comments.posting import Posted, deliver, post
from dvc_changelog.comments.token import Token
from dvc_changelog.errors import ForgeError, NotPermittedError

MARK = "<!-- dvc-changelog review id=default -->"
HEAD = f"{MARK}\n\n### Model review"
BODY = f"{HEAD}\n\nAll *good*: größer, 模型, 🚀\n"
SIGNATURE = Signature(frozenset({MARK}), "### Model review")
QUICK = Patience(total=5, timeout=5, first=0.001, tries=4)


def posted(forge: ForgeServer, body: str = BODY, patience: Patience = QUICK) -> Posted:
    return post(forge.place, Token("A_TOKEN", SECRET), body, signature=SIGNATURE, patience=patience)


def test_the_first_time_it_is_created(forge: ForgeServer) -> None:
    done = posted(forge)
    assert (done.created, done.unchanged, done.messages) == (True, False, ())
    assert done.url.startswith(f"{forge.url}/team/models/")
    assert forge.texts() == [BODY]
    assert forge.methods == ["GET", "POST"]


def test_the_second_time_it_is_updated_among_what_others_say(forge: ForgeServer) -> None:
    forge.add("Looks good to me", SOMEBODY)
    mine = forge.add(f"{HEAD}\nold", MACHINE)
    forge.add(f"> {MARK}\n> old\n\nWhat does it mean?", SOMEBODY)
    forge.add(f"It begins with\n{MARK}", SOMEBODY)
    done = posted(forge)
    assert not done.created
    assert not done.unchanged
    assert str(mine.id) in done.url
    assert mine.text == BODY
    assert len(forge.comments) == 4
    assert len(forge.methods) == 2


def test_what_is_there_already_is_left_alone(forge: ForgeServer) -> None:
    mine = forge.add(BODY)
    for there in (BODY, BODY.rstrip(), BODY.replace("\n", "\r\n")):
        mine.text = there
        done = posted(forge)
        assert done.unchanged
        assert str(mine.id) in done.url
    assert set(forge.methods) == {"GET"}


def test_reviews_of_several_names_live_side_by_side(forge: ForgeServer) -> None:
    other = MARK.replace("default", "nightly")
    for round_ in "12":
        for mark in (MARK, other):
            body = f"{mark}\n### Model review {round_}"
            signature = Signature(frozenset({mark}), "### Model review")
            post(forge.place, Token("A_TOKEN", SECRET), body, signature=signature, patience=QUICK)
    assert forge.texts() == [f"{MARK}\n### Model review 2", f"{other}\n### Model review 2"]


def test_it_is_found_beyond_the_first_page(forge: ForgeServer) -> None:
    for number in range(230):
        forge.add(f"{number}", SOMEBODY)
    mine = forge.add(f"{HEAD}\nold", MACHINE)
    forge.add("after", SOMEBODY)
    assert not posted(forge).created
    assert mine.text == BODY
    pages = {"github": 3, "gitlab": 3, "gitea": 1, "bitbucket": 24}[forge.dialect.kind]
    assert forge.methods.count("GET") == pages


def test_of_several_the_oldest_is_updated_and_it_is_said(forge: ForgeServer) -> None:
    oldest, newer = forge.add(f"{HEAD}\na"), forge.add(f"{HEAD}\nb")
    forge.comments.reverse()
    done = posted(forge)
    assert (oldest.text, newer.text) == (BODY, f"{HEAD}\nb")
    assert len(done.messages) == 1
    assert str(newer.id) in done.messages[0]


def test_a_copy_of_somebody_else_is_left_alone(forge: ForgeServer) -> None:
    """It is the older one: without a look at the next, each run would write one more."""
    theirs = forge.add(f"{HEAD}\ncopied", SOMEBODY)
    first = posted(forge)
    assert first.created
    again = posted(forge, f"{BODY}\nmore")
    assert not again.created
    assert forge.texts() == [theirs.text, f"{BODY}\nmore"]


def test_what_was_deleted_or_is_of_the_forge_itself_is_no_comment(forge: ForgeServer) -> None:
    forge.add(f"{MARK}\ngone", deleted=True)
    forge.add(f"{MARK}\nchanged the title", system=True)
    assert posted(forge).created


def test_the_longest_that_is_taken_and_one_more(forge: ForgeServer) -> None:
    limit = limit_of(forge.place.kind)
    full = MARK + "\n" + "é🚀" * (limit // 2)
    assert posted(forge, full[:limit]).created
    assert forge.texts() == [full[:limit]]
    with pytest.raises(ForgeError, match=f"{limit + 1:,} characters"):
        posted(forge, full.ljust(limit + 1, ".")[: limit + 1])


FAULTS = [
    Fault(500, "<h1>oops</h1>"),
    Fault(502, ""),
    Fault(),
    Fault(429, '{"message": "slow down"}', {"Retry-After": "0"}),
    Fault(403, '{"message": "You have exceeded a secondary rate limit"}', {"Retry-After": "0"}),
]


def test_what_passes_is_tried_again(forge: ForgeServer) -> None:
    forge.faults = [replace(fault, method=method) for fault in FAULTS for method in ("GET", "POST")]
    slept: list[float] = []
    assert posted(forge, patience=Patience(total=99, first=0, tries=11, sleep=slept.append)).created
    assert forge.texts() == [BODY]
    assert (forge.methods.count("GET"), forge.methods.count("POST"), len(slept)) == (11, 6, 10)


def test_one_that_was_made_though_the_answer_was_lost_is_not_made_twice(forge: ForgeServer) -> None:
    forge.faults = [Fault(method="POST", lost=True)]
    assert posted(forge).unchanged
    assert forge.texts() == [BODY]


def test_a_forge_that_stays_away_is_given_up(forge: ForgeServer) -> None:
    forge.faults = [Fault(503, "{}") for _ in range(9)]
    with pytest.raises(ForgeError, match="503") as raised:
        posted(forge)
    assert "at 4 tries" in str(raised.value)
    assert len(forge.asked) == 4


LIMITS = {
    "github": [(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1764321020"})],
    "gitlab": [(429, {"RateLimit-Reset": "1764321020"})],
}


def test_a_longer_wait_than_ours_is_told(forge: ForgeServer) -> None:
    slept: list[float] = []
    patience = Patience(sleep=slept.append, now=lambda: 1764320000.0)
    for status, headers in [
        (429, {"Retry-After": "1020"}),
        (503, {"Retry-After": "Fri, 28 Nov 2025 09:10:20 GMT"}),
        *LIMITS.get(forge.place.kind, []),
    ]:
        forge.faults = [Fault(status, '{"message": "API rate limit exceeded"}', headers)]
        with pytest.raises(ForgeError, match="17 minutes"):
            posted(forge, patience=patience)
    assert slept == []
    assert set(forge.methods) == {"GET"}


def test_a_token_that_may_not_read(forge: ForgeServer) -> None:
    for status in (401, 403):
        forge.faults = [Fault(status, '{"message": "no"}')]
        with pytest.raises(NotPermittedError, match=r"A_TOKEN may not comment on .* 12 of team/models"):
            posted(forge)
    assert forge.methods == ["GET", "GET"]


def test_a_token_that_may_not_write(forge: ForgeServer) -> None:
    needed = {
        "github": "permissions: pull-requests: write",
        "gitlab": "scope `api`",
        "gitea": "write:issue",
        "bitbucket": "pullrequest:write",
    }
    for status in (403, 404, 423):
        forge.faults = [Fault(status, '{"message": "Not Found"}', method="POST")]
        with pytest.raises(NotPermittedError) as raised:
            posted(forge)
        assert needed[forge.place.kind] in raised.value.remedy
    assert forge.methods == ["GET", "POST"] * 3


def test_a_token_that_may_not_even_update_its_own(forge: ForgeServer) -> None:
    forge.add(f"{HEAD}\nold", MACHINE)
    forge.read_only = True
    with pytest.raises(NotPermittedError, match="Resource not accessible"):
        posted(forge)
    assert len(forge.methods) == 3


def test_what_a_forge_does_not_like_is_told(forge: ForgeServer) -> None:
    forge.faults = [Fault(400, json.dumps(forge.dialect.error("Nothing but spaces")), method="POST")]
    with pytest.raises(ForgeError, match=r"did not take the comment on .*: 400 Nothing but spaces\n"):
        posted(forge)
    forge.faults = [Fault(400, "<html>", method="POST")]
    with pytest.raises(ForgeError) as raised:
        posted(forge)
    assert "http" not in str(raised.value)


def test_a_pull_request_that_is_not_there(forge: ForgeServer) -> None:
    forge.faults = [Fault(404, '{"message": "Not Found"}')]
    with pytest.raises(ForgeError, match="request 12 of team/models") as raised:
        posted(forge)
    assert not isinstance(raised.value, NotPermittedError)
    assert forge.url in str(raised.value)


def test_an_address_where_something_else_answers(forge: ForgeServer) -> None:
    forge.faults = [Fault(200, "<html>Sign in</html>", {"Content-Type": "text/html"})]
    with pytest.raises(ForgeError, match=rf"What answers at {forge.url}.* is not the API"):
        posted(forge)
    assert len(forge.asked) == 1


def test_an_address_where_nobody_answers(forge: ForgeServer) -> None:
    place = type(forge.place)(forge.place.kind, "http://127.0.0.1:9", "team/models", 12)
    with pytest.raises(ForgeError, match="cannot be reached, at 4 tries: Connection refused"):
        post(place, Token("A_TOKEN", SECRET), BODY, signature=SIGNATURE, patience=QUICK)


def test_an_answer_that_does_not_come(forge: ForgeServer) -> None:
    forge.faults = [Fault(hang=True)]
    with pytest.raises(ForgeError, match=r"cannot be reached: .*timed out"):
        posted(forge, patience=Patience(timeout=0.2, tries=1))


def test_bitbucket_takes_a_user_and_a_password() -> None:
    with serving("bitbucket") as forge:
        environ = {"BITBUCKET_USERNAME": USER, "BITBUCKET_APP_PASSWORD": SECRET}
        assert deliver(forge.place, BODY, environ, signature=SIGNATURE, patience=QUICK).created
        assert forge.asked[0].headers["authorization"] == f"Basic {BASIC}"


FOLLOWED = {"gitlab", "bitbucket"}  # whose libraries go where a 307 sends them, as it allows


@pytest.mark.parametrize("there", [(), (f"{HEAD}\nold",)])
@pytest.mark.parametrize("text", ["", '{"message": "Moved Permanently", "url": "https://example.org/x"}'])
def test_a_repository_that_was_renamed(forge: ForgeServer, there: tuple[str, ...], text: str) -> None:
    """The list of comments is followed there by some libraries, what is written by none: it would be lost."""
    writing = {"gitlab": "PUT", "bitbucket": "PUT"}.get(forge.dialect.kind, "PATCH") if there else "POST"
    for old in there:
        forge.add(old, MACHINE)
    at = forge.url + forge.dialect.comments_path + (f"/{forge.comments[0].id}" if there else "")
    forge.faults = [Fault(307, text, {"Location": at}, method=writing)]
    if forge.dialect.kind in FOLLOWED:
        assert posted(forge).created == (not there)
        assert forge.texts() == [BODY]
        return
    with pytest.raises(ForgeError, match=r"team/models has moved.*nothing was written") as raised:
        posted(forge)
    assert "new name" in raised.value.remedy
    assert forge.texts() == list(there)
    assert len(forge.methods) == 2


def test_an_answer_that_has_no_comment(forge: ForgeServer) -> None:
    for text in ("{}", "[]", "null"):
        forge.faults = [Fault(200, text, method="POST")]
        with pytest.raises(ForgeError, match="is not the API"):
            posted(forge)
