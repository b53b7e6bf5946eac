"""Rules of versions as a person writes them: what is understood, and what is refused with the remedy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dvc_changelog.config import BumpRule, load
from dvc_changelog.domain import Level
from dvc_changelog.errors import ConfigError

UNDERSTOOD: list[tuple[str, BumpRule]] = [
    # the rule in TOML, the rule
    ('{level = "none"}', BumpRule(Level.NONE)),
    ('{forbid = "any"}', BumpRule(forbid=Level.PATCH)),
    ('{forbid = "major", kind = "model"}', BumpRule(forbid=Level.MAJOR, kind=("model",))),
    (
        '{kind = ["model", "data"], change = ["deleted", "retyped"], level = "major"}',
        BumpRule(Level.MAJOR, kind=("model", "data"), change=("deleted", "retyped")),
    ),
    (
        '{path = "models/*.pkl", name = ["churn", "sub:*"], role = "public", level = "minor"}',
        BumpRule(Level.MINOR, path=("models/*.pkl",), name=("churn", "sub:*"), role=("public",)),
    ),
    (
        '{because = ["data", "architecture"], level = "minor"}',
        BumpRule(Level.MINOR, because=("data", "architecture")),
    ),
    (
        '{kind = "metric", verdict = "worse", level = "none"}',
        BumpRule(Level.NONE, kind=("metric",), verdict=("worse",)),
    ),
    ('{verdict = "better", level = "minor"}', BumpRule(Level.MINOR, verdict=("better",))),
    (
        '{kind = "commit", group = ["chore", "deps"], breaking = false, level = "patch"}',
        BumpRule(Level.PATCH, kind=("commit",), group=("chore", "deps"), breaking=False),
    ),
    (
        '{name = "test.auc", below = 0.9, forbid = "any"}',
        BumpRule(None, Level.PATCH, name=("test.auc",), below=0.9),
    ),
    ('{below = 1, above = -2.5, level = "major"}', BumpRule(Level.MAJOR, below=1, above=-2.5)),
]

GROUPS = [
    # the file, what the message says, the remedy
    ('bump-rules = [{group = "feta", level = "minor"}]', "rule 1: unknown group `feta`", "`feat`"),
    ('bump-rules = [{level = "none"}, {group = ["fix", "fxi"], level = "minor"}]', "rule 2", "`fix`"),
    ('bump-rules = [{group = "known-isue", level = "minor"}]', "unknown group", "`known-issue`"),
]


@pytest.mark.parametrize(("text", "what", "remedy"), GROUPS)
def test_a_group_that_nobody_knows_is_refused(tmp_path: Path, text: str, what: str, remedy: str) -> None:
    (tmp_path / "dvc-changelog.toml").write_text(f"{text}\n")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, None, {})
    assert what in str(caught.value)
    assert remedy in f"{caught.value} {caught.value.remedy}"


@pytest.mark.parametrize(
    "text",
    [
        'bump-rules = [{group = ["feat", "data", "docs", "known-issue", "deps", "chore"], level = "minor"}]',
        'bump-rules = [{group = "retrain", level = "minor"}]\ngroups = {Retrained = ["retrain"]}',
        'bump-rules = [{group = "credit", level = "none"}]\nnote-trailers = {Thanks = "credit"}',
    ],
)
def test_a_group_of_ones_own_is_known(tmp_path: Path, text: str) -> None:
    (tmp_path / "dvc-changelog.toml").write_text(f"{text}\n")
    assert load(tmp_path, None, {}).bump_rules


REFUSED: list[tuple[str, str, str]] = [
    # the rule in TOML, what the message says of it, the remedy
    ('{kind = "model"}', "rule 1 has neither `level` nor `forbid`", 'forbid = "any" for no release'),
    ("{}", "rule 1 has neither `level` nor `forbid`", 'level = "minor"'),
    ('{level = "major", forbid = "any"}', "rule 1 has both `level` and `forbid`", "Give one"),
    ('{levle = "major"}', "rule 1: unknown key `levle`", "Did you mean `level`?"),
    ('{label = "mine", level = "major"}', "rule 1: unknown key `label`", "Did you mean `level`?"),
    (
        '{level = "majro"}',
        'rule 1: `level` must be "major", "minor", "patch" or "none"',
        "Did you mean `major`?",
    ),
    ('{level = "any"}', "rule 1: `level` must be", "There are: `none`, `patch`"),
    ("{level = 1}", "rule 1: `level` must be", "in quotes"),
    (
        '{forbid = "none"}',
        'rule 1: `forbid` must be "any", "patch", "minor" or "major"',
        "Leave the rule out.",
    ),
    ('{forbid = "all"}', 'rule 1: `forbid` must be "any", "patch", "minor" or "major"', "`any`"),
    ("{forbid = true}", 'rule 1: `forbid` must be "any", "patch", "minor" or "major"', "in quotes"),
    (
        '{level = "none", kind = "modle"}',
        "rule 1: `kind` has the unknown word `modle`",
        "Did you mean `model`?",
    ),
    ('{level = "none", kind = []}', "rule 1: `kind` must be a text, or a list of texts", 'Write "…"'),
    (
        '{level = "none", kind = ["model", 3]}',
        "rule 1: `kind` must be a text, or a list of texts",
        'Write "…"',
    ),
    ('{level = "none", path = ""}', "rule 1: `path` must be a text, or a list of texts", 'Write "…"'),
    ('{level = "none", name = 3}', "rule 1: `name` must be a text, or a list of texts", 'Write "…"'),
    (
        '{level = "none", change = "removed"}',
        "`change` has the unknown word `removed`",
        "Did you mean `deleted`?",
    ),
    ('{level = "none", role = "output"}', "`role` has the unknown word `output`", "`public`"),
    (
        '{level = "none", because = "params"}',
        "`because` has the unknown word `params`",
        "Did you mean `param`?",
    ),
    (
        '{level = "none", verdict = "wrose"}',
        "`verdict` has the unknown word `wrose`",
        "Did you mean `worse`?",
    ),
    ('{level = "none", breaking = "yes"}', "rule 1: `breaking` must be true or false", "without quotes"),
    ('{forbid = "any", below = "0.9"}', "rule 1: `below` must be a number", "0.9, without quotes"),
    ('{forbid = "any", above = nan}', "rule 1: `above` must be a number", "such as 0.9"),
    ('{forbid = "any", above = true}', "rule 1: `above` must be a number", "such as 0.9"),
    ('{forbid = "any", kind = "model", below = 1}', "rule 1: only a metric has a `below`", 'kind = "metric"'),
    (
        '{level = "none", kind = ["metric", "param"], verdict = "worse"}',
        "only a metric has a `verdict`",
        "leave kind out",
    ),
    ('{level = "none", kind = "model", group = "feat"}', "only a commit has a `group`", 'kind = "commit"'),
    ('{level = "none", kind = "note", breaking = true}', "only a commit has a `breaking`", 'kind = "commit"'),
    ('"model"', "rule 1 must be a table", 'Write {kind = "model", level = "minor"}.'),
    ('{level = "none"}, {level = "no"}', "rule 2: `level` must be", "Did you mean `none`?"),
]


@pytest.mark.parametrize(("rule", "expected"), UNDERSTOOD, ids=[rule for rule, _ in UNDERSTOOD])
def test_a_rule_is_understood_in_a_file_and_in_a_variable(
    tmp_path: Path, rule: str, expected: BumpRule
) -> None:
    (tmp_path / "dvc-changelog.toml").write_text(f"bump-rules = [{rule}]\n")
    (found,) = load(tmp_path, None, {}).bump_rules
    assert _unlabelled(found) == expected
    assert found.label == "rule 1"
    (said,) = load(tmp_path / "elsewhere", None, {"DVC_CHANGELOG_BUMP_RULES": f"[{rule}]"}).bump_rules
    assert said == found


@pytest.mark.parametrize(("rules", "what", "remedy"), REFUSED, ids=[rules for rules, _, _ in REFUSED])
def test_a_rule_is_refused_by_its_number_and_key_and_with_a_remedy(
    tmp_path: Path, rules: str, what: str, remedy: str
) -> None:
    (tmp_path / "dvc-changelog.toml").write_text(f"\nbump-rules = [{rules}]\n")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, None, {})
    first, _, rest = str(caught.value).partition("\n")
    assert first.startswith("dvc-changelog.toml: line 2: `bump-rules`: ")
    assert what in first
    assert remedy in rest
    with pytest.raises(ConfigError) as said:
        load(tmp_path / "elsewhere", None, {"DVC_CHANGELOG_BUMP_RULES": f"[{rules}]"})
    assert "DVC_CHANGELOG_BUMP_RULES" in str(said.value)
    assert what in str(said.value)
    assert remedy in str(said.value)


def test_rules_are_numbered_as_they_stand_and_tables_serve_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[[tool.dvc-changelog.bump-rules]]\nkind = "model"\nlevel = "major"\n\n'
        '[[tool.dvc-changelog.bump-rules]]\nlevel = "none"\n'
    )
    rules = load(tmp_path, None, {}).bump_rules
    assert [(rule.label, rule.level) for rule in rules] == [("rule 1", Level.MAJOR), ("rule 2", Level.NONE)]


@pytest.mark.parametrize("text", ["model", "{level = 'none'}", "[{level = 'none'"])
def test_a_variable_that_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="must be a list of rules"):
        load(tmp_path, None, {"DVC_CHANGELOG_BUMP_RULES": text})


def test_an_empty_list_in_a_variable_takes_the_rules_of_the_file_away(tmp_path: Path) -> None:
    (tmp_path / "dvc-changelog.toml").write_text('bump-rules = [{level = "none"}]\n')
    assert load(tmp_path, None, {"DVC_CHANGELOG_BUMP_RULES": "[]"}).bump_rules == ()


def _unlabelled(rule: BumpRule) -> BumpRule:
    return replace(rule, label="")
