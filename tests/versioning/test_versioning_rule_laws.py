"""What holds of any rules over any release."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st
from strategies import bump_rules, plain_releases, whole

from dvc_changelog.config import BumpRule
from dvc_changelog.domain import Ask, Level, Release
from dvc_changelog.versioning import MetricNow, bump_of

Item = TypeVar("Item")
Rules = tuple[BumpRule, ...]
NEVER = BumpRule(Level.MAJOR, kind=("model",), verdict=("better",), label="never")
"""No model has a verdict."""


@whole
@given(plain_releases, bump_rules, st.data())
def test_more_never_lowers_the_level(release: Release, rules: Rules, data: st.DataObject) -> None:
    less = replace(
        release,
        changes=_some(data, release.changes),
        commits=_some(data, release.commits),
        notes=_some(data, release.notes),
    )
    assert bump_of(less, rules).level <= bump_of(release, rules).level


@whole
@given(plain_releases, bump_rules, st.data())
def test_the_order_of_what_a_release_has_does_not_matter(
    release: Release, rules: Rules, data: st.DataObject
) -> None:
    turned = replace(
        release,
        changes=tuple(data.draw(st.permutations(release.changes))),
        commits=tuple(data.draw(st.permutations(release.commits))),
        notes=tuple(data.draw(st.permutations(release.notes))),
    )
    one, other = bump_of(release, rules), bump_of(turned, rules)
    assert one.level is other.level
    assert _levels(one.asks) == _levels(other.asks)
    assert set(one.forbidden) == set(other.forbidden)


@whole
@given(plain_releases, bump_rules)
def test_the_level_is_the_highest_that_anything_asks_for(release: Release, rules: Rules) -> None:
    found = bump_of(release, rules)
    assert found.level is max((ask.level for ask in found.asks), default=Level.NONE)
    assert [ask.level for ask in found.asks] == sorted((ask.level for ask in found.asks), reverse=True)


@whole
@given(plain_releases, bump_rules, st.data())
def test_a_rule_that_nothing_meets_changes_nothing(
    release: Release, rules: Rules, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(rules)))
    never = data.draw(st.sampled_from([NEVER, replace(NEVER, level=None, forbid=Level.PATCH)]))
    assert bump_of(release, (*rules[:at], never, *rules[at:])) == bump_of(release, rules)


@whole
@given(plain_releases, bump_rules, st.sampled_from(Level), bump_rules)
def test_what_stands_below_a_rule_for_everything_is_not_read(
    release: Release, rules: Rules, level: Level, below: Rules
) -> None:
    above = (*rules, BumpRule(level, label="all"))
    deaf = tuple(rule for rule in below if rule.level is not None)
    assert bump_of(release, (*above, *deaf)) == bump_of(release, above)


@whole
@given(plain_releases, bump_rules)
def test_the_ids_of_commits_say_nothing(release: Release, rules: Rules) -> None:
    commits = tuple(replace(c, id=f"{number:040x}") for number, c in enumerate(release.commits))
    one, other = bump_of(release, rules), bump_of(replace(release, commits=commits), rules)
    assert one.level is other.level
    # Two commits of one id cannot be, but for the strategy.
    if len({commit.id for commit in release.commits}) == len(commits):
        assert [_nameless(ask) for ask in one.asks] == [_nameless(ask) for ask in other.asks]


@whole
@given(plain_releases, st.floats(allow_nan=False, allow_infinity=False), st.floats(), st.sampled_from(Level))
def test_a_bound_is_met_exactly_below_it(release: Release, bound: float, value: float, level: Level) -> None:
    rule = BumpRule(Level.MAJOR, name=("the.metric",), below=bound, label="bound")
    now = [MetricNow("a/path.json", "the.metric", value)]
    plain, raised = bump_of(release, ()), bump_of(release, (rule,), metrics=now)
    something = bool(release.changes or release.commits or release.notes)
    met = something and not value >= bound
    assert any(ask.rule == "bound" for ask in raised.asks) == met
    assert raised.level is (Level.MAJOR if met else plain.level)
    forbids = replace(rule, level=None, forbid=max(level, Level.PATCH))
    refused = bump_of(release, (forbids,), metrics=now)
    assert refused.level is plain.level
    assert bool(refused.forbids(forbids.forbid or Level.PATCH)) == (not value >= bound)


def _some(data: st.DataObject, items: tuple[Item, ...]) -> tuple[Item, ...]:
    keep = data.draw(st.lists(st.booleans(), min_size=len(items), max_size=len(items)))
    return tuple(item for item, kept in zip(items, keep, strict=True) if kept)


def _levels(asks: tuple[Ask, ...]) -> set[tuple[str, str, str, str, Level]]:
    return {(ask.kind, ask.name, ask.path, ask.commit_id, ask.level) for ask in asks}


def _nameless(ask: Ask) -> Ask:
    return replace(ask, commit_id="")
