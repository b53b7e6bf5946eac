"""Findings where CI shows them: as JSON, JUnit XML, annotations and plain text, whatever text they hold."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml, Skipped
from markdown_it import MarkdownIt
from render.reviews import criteria
from strategies import ids, texts, whole

from dvc_changelog.domain import OF_REVIEW, Finding, FindingKind, Release, Review, Revision
from dvc_changelog.render import check, findings_json, junit
from dvc_changelog.render.annotations import annotated, command
from dvc_changelog.render.criteria import loosened
from dvc_changelog.render.rules import CLAIMS
from dvc_changelog.render.schemas import schema

BASE, HEAD = (Revision(sign * 40, "", 0, name) for sign, name in (("a", "main"), ("b", "tune")))
SLOW = Finding(
    FindingKind.THRESHOLD,
    "latency (m.json) is 55 ms, over the limit of 50 ms. This branch moved it from 41 ms.",
    "Train it better, or correct its limit in `metric-rules`.",
    path="m.json",
    commit_id="e4bc9b0" + "0" * 33,
    subject="latency",
)
SILENT = Finding(
    FindingKind.UNDOCUMENTED,
    "The model router (model.pkl) changed with bea12fe, and no commit says why.",
    '`git commit --amend --no-edit --trailer "Reason: …"` says it.',
    path="dvc.lock",
    commit_id="bea12fe" + "0" * 33,
    subject="model.pkl",
)
STALE = Finding(FindingKind.STALE_LOCK, "The stage train is not as it last ran.", "`dvc repro train`.")


def reviewed(
    *findings: Finding,
    fail_on: Sequence[FindingKind] = (FindingKind.THRESHOLD,),
    checked: Sequence[FindingKind] = OF_REVIEW,
) -> Review:
    return Review(
        Release(HEAD, BASE),
        "main",
        "tune",
        findings=findings,
        fail_on=frozenset(fail_on),
        checked=tuple(checked),
        command="dvc-changelog check",
    )


kinds = st.sampled_from(OF_REVIEW)
remedies = texts.map("Mend {}".format)
"""A remedy begins with words of ours, or is quoted."""
found = st.builds(Finding, kinds, texts, remedies, path=texts, commit_id=ids | st.just(""), subject=texts)
told = st.builds(
    Review,
    st.just(Release(HEAD, BASE)),
    texts,
    texts,
    findings=st.lists(found, max_size=24).map(tuple),
    fail_on=st.frozensets(kinds),
    checked=st.lists(kinds, unique=True).map(tuple),
    criteria=st.none() | criteria,
    command=texts,
)


def _left_open(review: Review, open_: Sequence[Finding]) -> Review:
    """What is known not to hold is not unknown."""
    known = {item.kind for item in review.findings}
    return replace(review, unchecked=tuple(item for item in open_ if item.kind not in known))


reviews = st.builds(_left_open, told, st.lists(found, max_size=4, unique_by=lambda item: item.kind))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema("check"))


@whole
@given(reviews)
def test_every_check_is_valid_json(review: Review) -> None:
    text = findings_json.document(review)
    data = json.loads(text.encode())
    Draft202012Validator(schema("check")).validate(data)
    assert data["passed"] is not any(item["fails"] for item in (*data["findings"], *data["unchecked"]))


def test_the_json_has_what_was_found() -> None:
    told = json.loads(findings_json.document(reviewed(SLOW, STALE, checked=OF_REVIEW[:5])))
    assert told["passed"] is False
    assert told["checked"] == ["threshold", "regression", "unreadable", "undocumented", "stale-lock"]
    assert told["base"] == {"name": "main", "commit_id": "a" * 40}
    assert told["findings"] == [
        {
            "rule": "threshold",
            "what": SLOW.what,
            "remedy": SLOW.remedy,
            "path": "m.json",
            "commit_id": SLOW.commit_id,
            "subject": "latency",
            "fails": True,
        },
        {
            "rule": "stale-lock",
            "what": STALE.what,
            "remedy": STALE.remedy,
            "path": None,
            "commit_id": None,
            "subject": None,
            "fails": False,
        },
    ]


# What Jenkins' schema (junit-10.xsd) knows: attributes of an element, those that must be, its children.
JUNIT = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set[str](), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time"},
        {"name", "tests", "failures", "errors"},
        {"properties", "testcase"},
    ),
    "properties": (set[str](), set[str](), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set[str]()),
    "testcase": ({"name", "classname", "time"}, {"name"}, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"type", "message"}, set[str](), set[str]()),
    "error": ({"type", "message"}, set[str](), set[str]()),
    "skipped": ({"type", "message"}, set[str](), set[str]()),
    "system-out": (set[str](), set[str](), set[str]()),
}


def xml_of(text: str) -> str:
    """What of a text XML can have."""
    legal = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    return "".join(sign if legal.match(sign) else "\ufffd" for sign in text)


@whole
@given(reviews)
@example(reviewed(Finding(FindingKind.THRESHOLD, "]]>\r\n\x00\ud800", "<![CDATA[", path="\r")))
def test_every_check_is_valid_junit(review: Review) -> None:
    """It is what the schema allows, and a reader has every text as it was."""
    text = junit.document(review)
    root = ET.fromstring(text.encode())
    for element in root.iter():
        allowed, required, children = JUNIT[element.tag]
        assert required <= set(element.attrib) <= allowed
        assert {child.tag for child in element} <= children
    (suite,) = JUnitXml.fromstring(text.encode())
    cases = list(suite)
    items = (*review.findings, *review.unchecked)
    looked = {*review.checked, *(item.kind for item in items)}
    assert [case.name.split(":")[0] for case in cases] == [kind for kind in OF_REVIEW if kind in looked]
    failing = {item.kind for item in review.failing}
    errors = {item.kind for item in review.unchecked} & failing
    others = {item.kind for item in items} - failing
    assert (suite.tests, suite.skipped) == (len(cases), len(others))
    assert (suite.failures, suite.errors) == (len(failing - errors), len(errors))
    for case in cases:
        mine = [item for item in items if item.kind == case.name.split(":")[0]]
        if not mine:
            assert case.is_passed
            continue
        (result,) = case.result
        told = case.system_out if isinstance(result, Skipped) else result.text
        kind = mine[0].kind
        assert isinstance(result, Error if kind in errors else Failure if kind in failing else Skipped)
        assert xml_of(mine[0].what) in result.message
        for item in mine:
            assert xml_of(item.what) in (told or "")
            assert xml_of(item.remedy) in (told or "")


def test_a_rule_that_holds_is_a_case_that_passed() -> None:
    root = ET.fromstring(junit.document(reviewed(SLOW, STALE, SILENT)))
    cases = {case.attrib["name"]: [child.tag for child in case] for case in root.iter("testcase")}
    assert cases == {
        "threshold: no metric is beyond its limit": ["failure"],
        "regression: no metric got worse by more than its tolerance": [],
        "unreadable: what decides can be read": [],
        "undocumented: each change of a model or of source data has a reason": ["skipped", "system-out"],
        "stale-lock: the pipeline ran since its inputs changed": ["skipped", "system-out"],
        "outdated: the changelog is up to date": [],
    }
    (failure,) = root.iter("failure")
    assert failure.attrib == {"type": "threshold", "message": SLOW.what}
    assert failure.text == f"{SLOW.what}\ne4bc9b0 m.json\n{SLOW.remedy}"


def _read(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner reads it: properties up to the next `::`, then the message."""
    matched = re.fullmatch(r"::(\w+)(?: ([^\r\n]*?))?::([^\r\n]*)", line)
    assert matched
    pairs = (pair.split("=", 1) for pair in (matched[2] or "").split(",") if pair)
    return matched[1], {name: _unescaped(value) for name, value in pairs}, _unescaped(matched[3])


def _unescaped(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def written(text: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@given(texts, texts, texts)
@example("%0A::error::x", "a:b,c=d%25", "::")
def test_any_text_stands_in_an_annotation_as_it_is(message: str, title: str, file: str) -> None:
    expected = [written(text) for text in (message, title, file)]
    level, properties, said = _read(command("error", message, title=title, file=file))
    assert (level, said) == ("error", expected[0])
    assert (properties.get("title", ""), properties.get("file", "")) == (expected[1], expected[2])


@whole
@given(reviews)
def test_no_finding_makes_a_second_command(review: Review) -> None:
    lines = annotated(review).split("\n")[:-1]
    levels = [_read(line)[0] for line in lines]
    for level, number in (
        ("error", len(review.failing)),
        (
            "warning",
            bool(loosened(review)) + sum(item.kind not in review.fail_on for item in review.findings),
        ),
    ):
        assert levels.count(level) == min(number, 10)


def test_what_fails_is_an_error_at_its_file() -> None:
    assert annotated(reviewed(SLOW, STALE)) == (
        f"::error file=m.json,title=dvc-changelog%3A threshold::{SLOW.what}%0A{SLOW.remedy}\n"
        f"::warning title=dvc-changelog%3A stale-lock::{STALE.what}%0A{STALE.remedy}\n"
    )


def test_the_tenth_annotation_says_how_many_more_there_are() -> None:
    lines = annotated(reviewed(*[SLOW] * 10, *[STALE] * 12)).splitlines()
    assert len(lines) == 20
    assert lines[-1] == (
        "::warning title=dvc-changelog%3A more::3 more: 3 stale-lock. `--format json` has them all."
    )
    assert [line for line in lines[:10] if "more" in line] == []


PRINTED = """\
2 of 6 rules do not hold, 1 of which fails the check: tune, compared with main.

threshold: latency (m.json) is 55 ms, over the limit of 50 ms. This branch moved it from 41 ms.
  at e4bc9b0 m.json
  Train it better, or correct its limit in `metric-rules`.

undocumented (does not fail): The model router (model.pkl) changed with bea12fe, and no commit says why.
  at bea12fe dvc.lock
  `git commit --amend --no-edit --trailer "Reason: …"` says it.

Looked at, and these hold:
  regression  no metric got worse by more than its tolerance
  unreadable  what decides can be read
  stale-lock  the pipeline ran since its inputs changed
  outdated    the changelog is up to date
"""


def test_what_is_printed_names_what_was_found_and_what_holds() -> None:
    assert check.text(reviewed(SLOW, SILENT)) == PRINTED


HEADS = [
    ((), (), "Of 6 rules looked at, none is broken: tune, compared with main."),
    ((SLOW,), OF_REVIEW, "1 of 6 rules does not hold: tune, compared with main."),
    ((SLOW, SLOW, STALE), OF_REVIEW, "2 of 6 rules do not hold: tune, compared with main."),
    ((STALE,), (), "1 of 6 rules does not hold, none of which fails the check: tune, compared with main."),
]


@pytest.mark.parametrize(("findings", "fail_on", "head"), HEADS)
def test_the_first_line_says_how_it_came_out(
    findings: tuple[Finding, ...], fail_on: tuple[FindingKind, ...], head: str
) -> None:
    assert check.text(reviewed(*findings, fail_on=fail_on)).splitlines()[0] == head


@whole
@given(reviews)
def test_no_text_begins_a_line_or_moves_the_cursor(review: Review) -> None:
    """A line that begins with `::` would be a command to the runner of GitHub."""
    for _, line in check.rows(review):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)
        assert not line.lstrip().startswith("::")


def test_what_fails_comes_first_and_many_of_one_rule_are_summed_up() -> None:
    worse = [Finding(FindingKind.REGRESSION, f"m{at} got worse.", "Train it better.") for at in range(450)]
    review = reviewed(STALE, *worse, fail_on=[FindingKind.STALE_LOCK])
    heads = [line for line in check.text(review).splitlines() if re.match("stale-lock|regression", line)]
    assert heads[0] == f"stale-lock: {STALE.what}"
    assert heads[1:11] == [f"regression (does not fail): m{at} got worse." for at in range(10)]
    assert heads[11:] == ["regression: and 440 more; `--format json` has them all."]
    page = check.markdown(review)
    assert page.index(STALE.what) < page.index("m0 got worse")
    assert page.count("got worse") == 10
    assert "- **regression**: and 440 more; `--format json` has them all.\n" in page


def test_what_could_not_be_checked_is_a_third_state() -> None:
    why = "That the pipeline ran since its inputs changed could not be checked: dvc.lock cannot be read."
    open_ = replace(STALE, what=why)
    review = replace(reviewed(checked=OF_REVIEW[:5]), unchecked=(open_,))
    printed = check.text(review)
    assert printed.startswith(
        "1 of 5 rules could not be checked, none of which fails the check: tune, compared with main.\n\n"
        f"stale-lock (does not fail): {why}\n"
    )
    assert "stale-lock  the pipeline" not in printed
    assert '<skipped type="stale-lock"' in junit.document(review)
    strict = replace(review, fail_on=frozenset({FindingKind.STALE_LOCK}))
    assert check.text(strict).startswith("1 of 5 rules could not be checked: tune")
    assert '<error type="stale-lock"' in junit.document(strict)
    assert annotated(strict).startswith("::error ")
    both = replace(strict, findings=(SLOW,))
    assert check.text(both).startswith("1 of 5 rules does not hold and 1 could not be checked, 1 of which")


SET = ("<h", "<ul", "<li", "<p", "<strong", "<code", "<br", "<a")
"""The elements that a page may have; an address stays a link."""


@whole
@given(reviews)
@example(
    reviewed(replace(SLOW, what="<script>x</script> @octocat\n# a", path="`|</details>", remedy="**b**"))
)
def test_no_text_is_markup_on_a_page(review: Review) -> None:
    """Each finding is one item of the list, in which only the marks that we set are marks."""
    html = MarkdownIt("commonmark").render(check.markdown(review))
    numbers = Counter(item.kind for item in (*review.findings, *review.unchecked)).values()
    assert html.count("<li>") == sum(min(number, 11) for number in numbers)
    assert html.count("<h3>") == 1
    assert html.count("<strong>") == html.count("<li>")
    assert set(re.findall("</?[a-z]+", html)) <= {*SET, *(f"</{tag[1:]}" for tag in SET)}


def test_a_page_has_what_is_printed() -> None:
    assert check.markdown(reviewed(SLOW, checked=OF_REVIEW[:2])) == (
        "### 1 of 2 rules does not hold: tune, compared with main.\n\n"
        "- **threshold**: latency (m.json) is 55 ms, over the limit of 50 ms. "
        "This branch moved it from 41 ms.<br>`e4bc9b0` `m.json`<br>"
        "Train it better, or correct its limit in `metric-rules`.\n\n"
        "These hold. regression: no metric got worse by more than its tolerance.\n"
    )


def test_every_rule_says_what_it_claims() -> None:
    assert set(CLAIMS) == set(OF_REVIEW)
