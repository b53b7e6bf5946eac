"""What stands at the top of a release. The golden document is to be read as prose."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from render.headlines import HEADLINES
from render.test_render_golden import agree
from strategies import releases, whole

from dvc_changelog.domain import Release
from dvc_changelog.render import headline, names

SENTENCES = 5
"""At most: the kind of release, what broke, what happened, what came of it, the size."""


def text(release: Release) -> str:
    _, previous = names.sides(release)
    return " ".join(sentence.markdown for sentence in headline.sentences(release, previous))


def test_headlines_read_as_their_golden_document() -> None:
    agree("headlines.md", "".join(f"- *{case}*: {text(release)}\n" for case, release in HEADLINES.items()))


@pytest.mark.parametrize("case", HEADLINES)
def test_a_headline_is_of_whole_sentences(case: str) -> None:
    told = text(HEADLINES[case])
    assert not re.search(r"  | [.;:,]|[;:,]{2}|[.;:,]\.|\(\)|:$", told)
    assert told.endswith(".")
    assert len(re.findall(r"\.(?= |$)", told)) <= SENTENCES


@whole
@given(releases)
def test_any_release_has_a_headline(release: Release) -> None:
    assert text(release).rstrip("*").endswith((".", ")"))
