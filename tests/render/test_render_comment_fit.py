"""A comment fits, whatever the repository holds: it is whole at every length, and says what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render.reading import blocks, inlines
from render.reviews import STALE, crowd, review, reviews, tuned
from render.stories import between, metric
from strategies import FEW, whole

from dvc_changelog.config import Config
from dvc_changelog.domain import Change, Finding, FindingKind, Goal, Judgement, Review, Verdict
from dvc_changelog.render.comment import comment, mark, verdict, wording

OURS = re.compile(
    r"</?details>|<summary>([^<>]|</?code>)*</summary>|</?sub>|<!-- dvc-changelog review id=\S+ -->"
)
NEVER = 10**9
WORSE = Judgement(Verdict.WORSE, Goal.HIGHER)
FORGES = {"github": (65_536, True), "gitlab": (1_000_000, True), "bitbucket": (32_768, False)}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def html(text: str) -> list[str]:
    found = [token.content for token in blocks(text) if token.type == "html_block"]
    return found + [token.content for token in inlines(text) if token.type == "html_inline"]


def is_whole(text: str, *, has_html: bool) -> bool:
    """Whether every fold is closed, every row is in its table, and no HTML is there but ours."""
    tags = html(text)
    if not has_html:
        assert not tags
    assert not "".join(OURS.sub("", tag) for tag in tags).strip()
    written = "".join(tags)
    assert written.count("<details>") == written.count("</details>")
    depth = 0
    for tag in re.findall(r"</?details>", written):
        depth += -1 if tag.startswith("</") else 1
        assert depth >= 0
    kinds = [token.type for token in blocks(text)]
    rows = sum(line.startswith("|") for line in text.splitlines())
    assert rows == kinds.count("tr_open") + kinds.count("table_open")
    return True


@settings(whole, max_examples=FEW // 2)  # each is set twice
@given(reviews(), st.integers(2_000, 20_000), st.booleans())
def test_a_comment_of_any_review_fits_and_is_whole(told: Review, limit: int, has_html: bool) -> None:
    text = comment(told, Config(fold_after=3), limit=limit, html=has_html)
    assert units(text) <= limit
    assert text.startswith(mark(html=has_html) + "\n\n### Model review: ")
    assert verdict.lead(verdict.things(told, told.release, ()), told).markdown in text
    assert is_whole(text, has_html=has_html)
    assert "\n\n\n" not in text
    assert text == text.strip() + "\n"
    whole = comment(told, Config(fold_after=3), limit=NEVER, html=has_html)
    assert text == whole or "in `--format json`" in text
    assert not re.search(r"^/", text, re.MULTILINE)  # no command of GitLab


@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("number", [100, 5_000])
def test_a_comment_of_many_changes_fits_each_forge(forge: str, number: int) -> None:
    limit, has_html = FORGES[forge]
    text = comment(review(crowd(number), STALE), Config(), limit=limit, html=has_html)
    assert units(text) <= limit
    assert is_whole(text, has_html=has_html)
    assert "**1 thing to look at.** The stage `evaluate` is not as" in text


def test_the_lightest_goes_first_and_the_verdict_stays() -> None:
    """What is left out is named."""
    gone: list[str] = []
    for limit in range(6_500, 700, -100):
        text = comment(tuned(), Config(), limit=limit)
        assert units(text) <= limit
        assert "**2 things to look at**, 1 of which fails the check." in text
        assert "This would be **1.2.0** (minor" in text
        found = re.search(r"^> A comment has no room left for: (.*)\. All of it", text, re.MULTILINE)
        gone += [name for name in (found[1].split(", ") if found else []) if name not in gone]
    order = (
        *("7 commits", "environment", "pipeline", "data (4)"),
        *("hyperparameters", "models (1)", "metrics (3)"),
    )
    assert [name for name in gone if name in order] == list(order)


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("é", 1), ("→", 1), ("\N{ROCKET}", 2), ("a\N{ROCKET}b", 4)]
)
def test_a_length_is_that_of_utf_16(text: str, length: int) -> None:
    assert wording.units(text) == length


def test_one_text_that_is_too_long_takes_no_other_with_it() -> None:
    told = tuned()
    first, *rest = told.release.commits
    commits = (first, replace(rest[0], message="x" * 70_000), *rest[1:])
    text = comment(replace(told, release=replace(told.release, commits=commits)), Config())
    assert "> A comment has no room left for: 7 commits. All of it is in `--format json`." in text
    assert "- Stage `train` now also depends on `src/model.py`" in text
    assert is_whole(text, has_html=True)


def test_a_list_that_is_cut_says_so_where_it_is_cut() -> None:
    """Of the commits the first stay; of those that say little, fewer."""
    text = comment(review(crowd(1_000)), Config())
    assert "- … and 800 more, in `--format json`" in text


def test_many_metrics_take_time_by_their_number() -> None:
    """Counted, not timed: each change is looked at so often that no more of them make it oftener."""
    looks = {}
    for number in (200, 800):
        changes = _Counting(metric(f"m{n}", 0.9, 0.8, judged=WORSE) for n in range(number))
        found = [
            Finding(FindingKind.REGRESSION, f"m{n} (metrics.json) got worse.", "", subject=f"m{n}")
            for n in range(number)
        ]
        found = [replace(one, path="metrics.json") for one in found]
        told = review(between(changes=changes), *found)
        verdict.things(told, told.release, ())
        looks[number] = changes.walks
    assert looks[200] == looks[800]


class _Counting(tuple[Change, ...]):  # noqa: SLOT001  # a tuple has no room for slots
    """Counts how often it is gone through."""

    walks = 0

    def __iter__(self) -> Iterator[Change]:
        self.walks += 1
        return super().__iter__()
