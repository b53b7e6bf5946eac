"""How it is said that a branch changes what it is judged by: first where more passes, else at the end."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator
from render.reviews import review, tuned
from render.stories import between

from dvc_changelog.config import Config
from dvc_changelog.domain import Alert, ChangeType, Criteria, Criterion, Review
from dvc_changelog.render import check, findings_json, review_json
from dvc_changelog.render.annotations import annotated
from dvc_changelog.render.comment import comment
from dvc_changelog.render.schemas import schema

FILE = "dvc-changelog.toml"
MIN = Criterion("min", 0.6, 0.4, looser=True, metrics=("auc",))
DROP = Criterion("max-drop", None, 0.5, looser=False, metrics=("auc",))
LOW = Alert("m.json", "auc", "min", 0.6, 0.50073, 0.7)
FELL = Alert("m.json", "auc", "max-drop", 0.02, 0.118, 0.7)
LESS = "`auc` is 0.50073 and does not meet the minimum of 0.6 that `main` has."
FAR = "`auc` got worse by 0.118, more than the maximum drop of 0.02 that `main` has."
NOT_SAID = "\N{EN DASH}"
STRICTER = "This branch judges more strictly, in"


def changed(
    *changes: Criterion, missed: tuple[Alert, ...] = (), fate: ChangeType = ChangeType.MODIFIED
) -> Criteria:
    return Criteria(FILE, fate, changes, missed)


def verdict(told: Review) -> str:
    return comment(told, Config()).split("\n\n", 2)[2]


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        (changed(MIN), f"`{FILE}`: minimum of `auc` 0.6 → 0.4."),
        (changed(MIN, fate=ChangeType.DELETED), f"`{FILE}`, which is gone: minimum of `auc` 0.6 → 0.4."),
        (changed(replace(MIN, new=None)), f"`{FILE}`: minimum of `auc` 0.6 → {NOT_SAID}."),
        (
            changed(MIN, missed=(LOW,)),
            f"`{FILE}`: minimum of `auc` 0.6 → 0.4. {LESS}",
        ),
        (
            changed(replace(DROP, old=0.02, looser=True), missed=(FELL,)),
            f"`{FILE}`: maximum drop of `auc` 0.02 → 0.5. {FAR}",
        ),
        (
            changed(Criterion("max", 50, 60, looser=True, metrics=("a", "b", "c", "d"), unit="ms")),
            f"`{FILE}`: limit of `a`, `b`, `c` and 1 more: 50 ms → 60 ms.",
        ),
        (
            changed(Criterion("fail-on", ("threshold", "outdated"), None, looser=True)),
            f"`{FILE}`: `fail-on` `threshold` and `outdated` → {NOT_SAID}.",
        ),
        (
            changed(Criterion("better", "higher", "neither", looser=True, metrics=("auc",))),
            f"`{FILE}`: better way of `auc` higher → neither.",
        ),
    ],
)
def test_what_lets_more_pass_is_the_first_thing_to_look_at(criteria: Criteria, said: str) -> None:
    told = review(between(), criteria=criteria)
    assert verdict(told).startswith(
        f"**1 thing to look at.** This branch changes what is judged, in {said}\n"
    )
    assert "This branch changes what is judged" in check.text(told)
    assert "This branch changes what is judged" in check.markdown(told)
    start = f"::warning file={FILE},title=dvc-changelog%3A configuration::This branch changes what is judged"
    assert annotated(told).startswith(start)


def test_it_comes_before_what_fails_and_does_not_fail_itself() -> None:
    lines = verdict(replace(tuned(), criteria=changed(MIN))).split("\n")
    assert lines[0].startswith("**3 things to look at**, 1 of which fails")
    assert lines[2].startswith("- This branch changes what is judged")
    assert lines[3].startswith("- **Fails:**")


def test_what_lets_less_pass_is_said_at_the_end() -> None:
    told = review(between(), criteria=changed(DROP, fate=ChangeType.ADDED))
    assert verdict(told).startswith("**Nothing")
    new = "This branch says for the first time what is judged, in"
    assert f"\n> {new} `{FILE}`: maximum drop of `auc` {NOT_SAID} → 0.5.\n" in verdict(told)
    told = review(between(), criteria=changed(DROP))
    assert f"\n> {STRICTER} `{FILE}`: maximum drop of `auc` {NOT_SAID} → 0.5.\n" in verdict(told)
    assert f"\n{STRICTER} {FILE}: maximum drop of auc {NOT_SAID} → 0.5.\n" in check.text(told)
    both = verdict(review(between(), criteria=changed(MIN, DROP)))
    assert f"\n> This branch also judges more strictly, in `{FILE}`: maximum drop" in both


def test_a_side_that_cannot_be_read_is_said() -> None:
    unread = replace(changed(), unread="line 1: not valid TOML")
    told = verdict(review(between(), criteria=unread))
    assert told.startswith("**Nothing")
    why = "whether this branch loosens what is judged is not known: line 1: not valid TOML."
    assert f"\n> `{FILE}` of `main` cannot be read, and {why}\n" in told
    there = verdict(review(between(), criteria=replace(unread, at_head=True)))
    assert there.startswith(f"**1 thing to look at.** `{FILE}` of this branch cannot be read, and")


def test_the_target_may_judge_otherwise_by_now() -> None:
    said = verdict(review(between(), criteria=changed(MIN, missed=(LOW,)), behind=3))
    assert "the minimum of 0.6 that the merge base has." in said


def test_of_many_some_are_told() -> None:
    many = tuple(replace(MIN, metrics=(f"m{n}",)) for n in range(8))
    low = tuple(replace(LOW, name=f"m{n}") for n in range(8))
    said = verdict(review(between(), criteria=changed(*many, missed=low)))
    assert "minimum of `m4` 0.6 → 0.4; and 3 more." in said
    assert "So it is with 5 more limits that `main` has." in said


@pytest.mark.parametrize(
    "criteria",
    [
        None,
        changed(MIN, DROP, Criterion("fail-on", ("threshold",), None, looser=True), missed=(LOW,)),
        replace(changed(), unread="line 1"),
    ],
)
def test_json_has_it_as_the_schemas_say(criteria: Criteria | None) -> None:
    told = review(between(), criteria=criteria)
    of_review, of_check = json.loads(review_json.document(told)), json.loads(findings_json.document(told))
    Draft202012Validator(schema("changelog")).validate(of_review)
    Draft202012Validator(schema("check")).validate(of_check)
    assert of_review["review"]["criteria"] == of_check["criteria"]
    assert (of_check["criteria"] is None) is (criteria is None)
