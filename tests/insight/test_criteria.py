"""What one configuration judges otherwise than another: a table, and laws over any two."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import whole

from dvc_changelog.config import Config
from dvc_changelog.domain import Alert, Criterion, ValueFile
from dvc_changelog.insight.criteria import changed, missed

DEFAULT = ("threshold", "stale-lock")
METRICS = {"m.json": ValueFile("m.json", {"auc": 0.5, "loss": 0.2, "rate": 1, "hidden": 3})}
AUC, NEW_AUC = ("auc",), {"auc": {"min": 0.6}}
Parts = dict[str, Any]


def rules(**said: Any) -> Parts:
    return {"metric_rules": said}


def told(old: Parts, new: Parts) -> list[Criterion]:
    return list(changed(Config().replace(**old), Config().replace(**new), DEFAULT, METRICS, METRICS))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (rules(auc={"min": 0.6}), rules(auc={"min": 0.4}), Criterion("min", 0.6, 0.4, True, AUC)),
        (rules(auc={"min": 0.6}), rules(auc={"min": 0.7}), Criterion("min", 0.6, 0.7, False, AUC)),
        (rules(auc={"min": 0.6}), {}, Criterion("min", 0.6, None, True, AUC)),
        ({}, rules(auc={"min": 0.6}), Criterion("min", None, 0.6, False, AUC)),
        (
            rules(rate={"max": 50, "unit": "ms"}),
            rules(rate={"max": 60, "unit": "ms"}),
            Criterion("max", 50, 60, True, ("rate",), "ms"),
        ),
        (rules(auc={"max": 50}), rules(auc={"max": 40}), Criterion("max", 50, 40, False, AUC)),
        (
            rules(auc={"max_drop": 0.02}),
            rules(auc={"max_drop": 0.5}),
            Criterion("max-drop", 0.02, 0.5, True, AUC),
        ),
        ({}, rules(auc={"max_drop": 0.5}), Criterion("max-drop", None, 0.5, False, AUC)),
        ({}, rules(auc={"tolerance": 0.1}), Criterion("tolerance", None, 0.1, True, AUC)),
        (rules(auc={"tolerance": 0.1}), {}, Criterion("tolerance", 0.1, None, False, AUC)),
        (
            rules(auc={"relative_tolerance": 0.1}),
            rules(auc={"relative_tolerance": 0.2}),
            Criterion("relative-tolerance", 0.1, 0.2, True, AUC),
        ),
        ({}, rules(auc={"better": "neither"}), Criterion("better", "higher", "neither", True, AUC)),
        ({}, rules(hidden={"better": "lower"}), Criterion("better", "neither", "lower", False, ("hidden",))),
        (
            {"metric_rules": {"*": {"min": 0.1}}},
            {"metric_rules": {"*": {"min": 0}}},
            Criterion("min", 0.1, 0, True, ("auc", "loss", "rate", "hidden")),
        ),
        # One that comes first hides the other, and is of more than that.
        (
            {"metric_rules": {"auc": {"min": 0.6}, "a*": {"min": 0.4}}},
            {"metric_rules": {"a*": {"min": 0.4}, "auc": {"min": 0.6}}},
            Criterion("min", 0.6, 0.4, True, AUC),
        ),
        # Of a metric that nobody can read here, the rule is compared.
        (
            {"metric_rules": {"cached.*": {"min": 0.6}}},
            {"metric_rules": {"cached.*": {"min": 0.4}}},
            Criterion("min", 0.6, 0.4, True, ("cached.*",)),
        ),
        ({}, {"fail_on": ["none"]}, Criterion("fail-on", None, ("none",), True)),
        ({"fail_on": ["threshold"]}, {}, Criterion("fail-on", ("threshold",), None, False)),
        (
            {"fail_on": ["threshold", "outdated"]},
            {"fail_on": ["threshold"]},
            Criterion("fail-on", ("threshold", "outdated"), ("threshold",), True),
        ),
        (
            {},
            {"note_trailers": {"Why": "reason"}},
            Criterion("note-trailers", ("Reason",), ("Reason", "Why"), True),
        ),
        ({}, {"note_trailers": {"Reason": ""}}, Criterion("note-trailers", ("Reason",), None, True)),
        (
            {"metrics": ["a.json", "b.json"]},
            {"metrics": ["a.json"]},
            Criterion("metrics", ("a.json", "b.json"), ("a.json",), True),
        ),
        ({}, {"models": ["a.bin"]}, Criterion("models", None, ("a.bin",), False)),
        ({}, {"exclude_paths": ["m/**"]}, Criterion("exclude-paths", None, ("m/**",), True)),
        ({}, {"include_paths": ["m/**"]}, Criterion("include-paths", None, ("m/**",), True)),
        ({"include_paths": ["m/**"]}, {}, Criterion("include-paths", ("m/**",), None, False)),
        (
            {"include_paths": ["a"]},
            {"include_paths": ["a", "b"]},
            Criterion("include-paths", ("a",), ("a", "b"), False),
        ),
        ({}, {"project": "churn"}, Criterion("project", None, "churn", True)),
        ({"target": "main"}, {"target": "next"}, Criterion("target", "main", "next", True)),
    ],
)
def test_what_is_judged_otherwise(old: Parts, new: Parts, expected: Criterion) -> None:
    assert told(old, new) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, rules(auc={"better": "higher", "unit": "%"})),  # its name says so already
        ({}, rules(auc={"tolerance": 0})),
        (rules(auc={"min": 0.6}), {"metric_rules": {"m.json:auc": {"min": 0.6}}}),
        ({}, {"fail_on": ["stale-lock", "threshold"]}),
        ({"fail_on": ["threshold", "outdated"]}, {"fail_on": ["outdated", "threshold"]}),
        ({}, {"note_trailers": {"See": "note"}}),
        ({}, {"title": "Ours", "fold_after": 3, "output": "CHANGES.md", "quiet_groups": ["docs"]}),
    ],
)
def test_what_is_said_in_other_words_is_the_same(old: Parts, new: Parts) -> None:
    assert told(old, new) == []


limits = st.fixed_dictionaries(
    {},
    optional={
        key: st.sampled_from((0, 0.1, 0.2))
        for key in ("min", "max", "max_drop", "tolerance", "relative_tolerance")
    },
).filter(lambda said: "min" not in said or said["min"] <= said.get("max", 1))
configs = st.builds(
    Config().replace,
    metric_rules=st.dictionaries(st.sampled_from(("auc", "a*", "*", "x.y")), limits, max_size=3),
    fail_on=st.lists(st.sampled_from(("threshold", "outdated", "stale-lock")), unique=True),
    exclude_paths=st.lists(st.sampled_from(("a", "b")), unique=True),
)


@whole
@given(configs, configs)
def test_swapping_sides_swaps_old_and_new_and_what_is_looser(one: Config, other: Config) -> None:
    there, back = (list(changed(*pair, DEFAULT, METRICS)) for pair in ((one, other), (other, one)))
    assert list(changed(one, one, DEFAULT, METRICS)) == []
    assert {(c.option, c.metrics, c.old, c.new) for c in there} == {
        (c.option, c.metrics, c.new, c.old) for c in back
    }
    ways = {(c.option, c.metrics, c.old, c.new): c.looser for c in back}
    for change in there:
        if change.option not in {"fail-on", "exclude-paths"}:  # one may come as another goes
            assert change.looser is not ways[change.option, change.metrics, change.new, change.old]


def test_the_limits_that_were_are_missed_but_for_those_that_are_found_anyway() -> None:
    before = {"m.json": ValueFile("m.json", {"auc": 0.9})}
    old = Config().replace(metric_rules={"auc": {"min": 0.6, "max_drop": 0.1}, "gone": {"min": 1}})
    low = Alert("m.json", "auc", "min", 0.6, 0.5, 0.9)
    drop = Alert("m.json", "auc", "max-drop", 0.1, 0.4, 0.9)
    assert list(missed(old, (before, METRICS), {}, ())) == [low, drop]
    assert list(missed(old, (before, METRICS), {}, (drop,))) == [low]
