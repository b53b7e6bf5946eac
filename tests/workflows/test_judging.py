"""Metrics judged in repositories: by their names, by rules, by the releases before; what `init` suggests."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from dvc_changelog.config import Config
from dvc_changelog.domain import MetricChange, Release, Verdict
from dvc_changelog.render import markdown
from dvc_changelog.workflows import Part, compare, generate, metric_rules

if TYPE_CHECKING:
    from gitrepo import GitRepo

PIPELINE = "metrics: [metrics.json]\nparams: [params.yaml]\n"


def release(repo: GitRepo, version: str, **metrics: object) -> None:
    """Release these metrics, "__" of their names standing for a dot."""
    named = {name.replace("__", "."): value for name, value in metrics.items()}
    repo.release(version, files={"dvc.yaml": PIPELINE, "metrics.json": json.dumps(named)})


def latest(repo: GitRepo, rules: dict[str, Any] | None = None, **options: object) -> Release:
    config = Config().replace(metric_rules=rules or {}, **options)
    return generate(repo.path, config=config, part=Part.LATEST).releases[0]


def verdicts(told: Release) -> dict[str, Verdict]:
    return {change.name: change.judged.verdict for change in told.changes if isinstance(change, MetricChange)}


def test_metrics_are_judged_by_their_names_and_rules_correct_that(repo: GitRepo) -> None:
    release(repo, "v1.0.0", auc=0.8, loss=0.5, n=1)
    release(repo, "v1.1.0", auc=0.9, loss=0.6, n=2)
    assert verdicts(latest(repo)) == {"auc": "better", "loss": "worse", "n": "neutral"}
    rules = {"loss": {"better": "higher"}, "n": {"better": "lower"}, "*": {"better": "neither"}}
    assert verdicts(latest(repo, rules)) == {"auc": "neutral", "loss": "better", "n": "worse"}


def test_a_swing_within_its_tolerance_is_noise(repo: GitRepo) -> None:
    release(repo, "v1.0.0", auc=0.8)
    for auc in (0.7, 0.8):
        repo.commit(f"auc {auc}", {"metrics.json": json.dumps({"auc": auc})})
    repo.tag("v1.1.0")
    assert [swing.turn for swing in latest(repo, {"auc": {"tolerance": 0.05}}).swings] == [0.7]
    assert not latest(repo, {"auc": {"tolerance": 0.1}}).swings


def test_a_limit_is_told_whether_the_metric_moved_or_not(repo: GitRepo) -> None:
    release(repo, "v1.0.0", auc=0.8, latency=55)
    release(repo, "v1.1.0", auc=0.7, latency=55)
    rules = {"auc": {"max-drop": 0.05}, "latency": {"max": 50, "unit": "ms"}}
    told = latest(repo, rules)
    assert [(alert.name, alert.limit) for alert in told.alerts] == [("auc", "max-drop"), ("latency", "max")]
    entry = markdown.entry(told, Config())
    assert "| **worse** by more than the 0.05 allowed |" in entry
    assert "- `latency` is still 55 ms, **over the limit of 50 ms**\n" in entry
    first = generate(repo.path, config=Config().replace(metric_rules=rules)).releases[-1]
    assert [alert.name for alert in first.alerts] == ["latency"]
    assert "- `latency` is 55 ms, **over the limit of 50 ms**\n" in markdown.entry(first, Config())


def test_a_limit_of_a_metric_that_dvc_keeps_elsewhere_cannot_be_checked(repo: GitRepo) -> None:
    lock = """\
schema: '2.0'
stages:
  train:
    cmd: train
    outs:
    - {path: metrics.json, hash: md5, md5: 0123456789abcdef0123456789abcdef, size: 9}
"""
    stage = "stages:\n  train:\n    cmd: train\n    metrics: [metrics.json]\n"
    repo.release("v1.0.0", files={".dvc/config": "", "dvc.yaml": stage, "dvc.lock": lock})
    told = latest(repo, {"auc": {"min": 0.9}})
    assert "- The limit of `auc` (at least 0.9) cannot be checked: its value cannot be read here\n" in (
        markdown.entry(told, Config())
    )


def test_a_slow_fall_is_a_trend_the_same_told_alone_or_with_all(repo: GitRepo) -> None:
    for n, auc in enumerate((0.5, 0.94, 0.93, 0.92, 0.91)):
        release(repo, f"v1.{n}.0", auc=auc)
    rules = {"auc": {"tolerance": 0.015}}
    told = latest(repo, rules)
    assert [(trend.since, trend.releases) for trend in told.trends] == [("v1.1.0", 3)]
    every = generate(repo.path, config=Config().replace(metric_rules=rules)).releases
    assert every[0] == told
    assert [bool(each.trends) for each in every] == [True, False, False, False, False]
    line = "- `auc` **falls slowly**: 0.94 → 0.91 over 3 releases, each step within tolerance, since 1.1.0\n"
    assert line in markdown.entry(told, Config())
    assert not latest(repo).trends


def test_drift_in_the_lists_of_a_report_is_told_with_its_limit_and_since_when_it_grows(repo: GitRepo) -> None:
    for n, share in enumerate((0.3, 0.1, 0.2, 0.6)):
        result = {"drift_share": 0.5, "share_of_drifted_columns": share, "columns": ["a"]}
        found = {"metric": "DatasetDriftMetric", "result": result}
        repo.release(
            f"v1.{n}.0",
            files={"dvc.yaml": PIPELINE, "reports/drift.json": json.dumps({"metrics": [found, {"x": 1}]})},
        )
    name = "metrics.0.result.share_of_drifted_columns"
    rules = {"reports/*.json:metrics.*.result.share_of_drifted_columns": {"drift": True, "max": 0.5}}
    told = latest(repo, rules, metrics=["reports/*.json"])
    (drift,) = told.drifts
    assert (drift.name, drift.old, drift.new) == (name, 0.2, 0.6)
    assert (drift.limit, drift.since) == (0.5, "v1.1.0")
    assert verdicts(told) == {name: "worse"}
    line = f"- Drift: `{name}` 0.2 → 0.6, growing since 1.1.0, **over the limit of 0.5**\n"
    assert line in markdown.entry(told, Config())
    assert verdicts(latest(repo, metrics=["reports/*.json"])) == {}


def test_seeds_are_told_where_they_or_what_came_of_them_changed(repo: GitRepo) -> None:
    for version, seed, auc in (
        ("v1.0.0", 1, 0.8),
        ("v1.1.0", 1, 0.9),
        ("v1.2.0", 2, 0.9),
        ("v1.3.0", 2, 0.9),
    ):
        files = {"params.yaml": f"train: {{seed: {seed}}}\n", "README.md": version}
        files |= {"dvc.yaml": PIPELINE, "metrics.json": json.dumps({"auc": auc})}
        repo.release(version, files=files)
    entries = [markdown.entry(told, Config()) for told in generate(repo.path, config=Config()).releases]
    told = [line for entry in entries for line in entry.splitlines() if "seed:" in line]
    assert told == [
        "- Random seed: `train.seed`: 1 → 2",
        "- Random seed: `train.seed` = 1, unchanged",
        "- Random seed: `train.seed` = 1",
    ]
    between = compare(repo.path, "v1.0.0", "v1.1.0", config=Config())
    assert between.seeds is not None
    assert [seed.change for seed in between.seeds] == [None]
    left_out = latest(repo, exclude_paths=["params.yaml"])
    assert left_out.seeds is None


def test_a_rule_that_no_metric_answers_to_is_remarked_on(repo: GitRepo) -> None:
    release(repo, "v1.0.0", auc=0.8)
    config = Config().replace(metric_rules={"acu": {"min": 0.5}, "auc": {"min": 0.5}})
    remark = "No metric answers to this rule of `metric-rules`: `acu`."
    assert remark in generate(repo.path, config=config).messages
    assert remark in compare(repo.path, "v1.0.0", config=config).messages
    assert not any("answers" in message for message in generate(repo.path, config=Config()).messages)


def test_init_suggests_what_the_names_of_metrics_tell(repo: GitRepo) -> None:
    assert metric_rules(repo.path).rules == {}
    folds = {f"fold{n}__auc": 0.8 for n in range(4)}
    release(repo, "v1.0.0", val__loss=1, n=1, note="x", **{"a*": 1, "acc[0]": 1}, **folds)
    assert metric_rules(repo.path).rules == {
        "val.loss": "lower",
        "n": "",
        "a[*]": "",
        "acc[[]0]": "higher",
        "*.auc": "higher",
    }


@pytest.mark.parametrize("broken", [{"dvc.yaml": "metrics: ["}, {"work.txt": "1"}])
def test_init_suggests_nothing_where_nothing_can_be_read(repo: GitRepo, broken: dict[str, str]) -> None:
    repo.commit(files=broken)
    assert metric_rules(repo.path).rules == {}


def test_init_names_the_metrics_that_cannot_be_read(repo: GitRepo) -> None:
    repo.commit(
        files={"dvc.yaml": "metrics: [auc.json, broken.json]", "auc.json": '{"auc": 1}', "broken.json": "{"}
    )
    assert metric_rules(repo.path) == ({"auc": "higher"}, ("broken.json",))


def test_what_init_suggests_is_valid_and_changes_nothing(repo: GitRepo) -> None:
    from dvc_changelog.config import load, template_text

    release(repo, "v1.0.0", auc=0.8, loss=0.5, n=1, **{'odd "name" [x]': 1})
    release(repo, "v1.1.0", auc=0.9, loss=0.6, n=2, **{'odd "name" [x]': 2})
    before = markdown.entry(latest(repo), Config())
    text = template_text(metric_rules(repo.path).rules)
    assert set(tomllib.loads(text)["metric-rules"]) == {"auc", "loss"}
    (repo.path / "dvc-changelog.toml").write_text(text)
    config = load(repo.path, None, {})
    assert before == markdown.entry(
        generate(repo.path, config=config, part=Part.LATEST).releases[0], Config()
    )
    switched_on = text.replace("#metric-rules", "metric-rules")
    (repo.path / "dvc-changelog.toml").write_text(switched_on)
    assert 'odd "name" [[]x]' in load(repo.path, None, {}).metric_rules
