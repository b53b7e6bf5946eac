"""What the options take from a file, from the environment and from a caller, and what they refuse."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.config import Config, MetricRule, covers, load, rule_of
from dvc_changelog.domain import Goal
from dvc_changelog.errors import ConfigError

WRONG: list[tuple[str, str, str]] = [
    # the file, what the message says after the file's name, and the remedy
    ('\ntag-patern = "v"\n', "line 2: unknown option `tag-patern`", "Did you mean `tag-pattern`?"),
    ('include_path = ["a"]\n', "line 1: unknown option `include_path`", "Did you mean `include-paths`?"),
    ("source = 'x'\n", "line 1: unknown option `source`", ""),
    ("zzz = 1\n", "line 1: unknown option `zzz`", "There are: `output`, `title`"),
    ('[group]\nAdded = ["feat"]\n', "line 1: unknown table [group]", "Did you mean `groups`?"),
    ("[xyz]\na = 1\n", "line 1: unknown table [xyz]", "Write the options without a table."),
    ('[tool.dvc-changelog]\ntitle = "x"\n', "line 1: unknown table [tool]", "is for pyproject.toml"),
    ("title = 3\n", "line 1: `title`: must be text in quotes, not the number 3", 'Write "3".'),
    ('merges = "yes"\n', '`merges`: must be true or false, not the text "yes"', "without quotes"),
    ("fold-after = true\n", "`fold-after`: must be a whole number, not true", "without quotes"),
    ("fold-after = 1.5\n", "`fold-after`: must be a whole number, not the number 1.5", ""),
    ("fold-after = -1\n", "`fold-after`: must not be negative", "0 or more"),
    ("title = 2024-01-01\n", "`title`: must be text in quotes, not a date", ""),
    ('models = "a.bin"\n', '`models`: must be a list of texts, not the text "a.bin"', 'Write ["a.bin"].'),
    ("models = {a = 1}\n", "`models`: must be a list of texts, not a table", 'Write ["…", "…"].'),
    ('models = ["a", 1]\n', "`models`: must be a list of texts, not the number 1", ""),
    ("groups = ['feat']\n", "`groups`: must be a table of lists of texts, not a list", ""),
    ('\n[groups]\nAdded = "feat"\n', "line 3: `groups`: `Added` must be a list", 'Write ["feat"].'),
    ('groups.A = ["a"]\ngroups.B = 3\n', "line 2: `groups`: `B` must be a list", ""),
    ("groups = {A = ['a'], B = []}\n", "line 1: `groups`: `B` names no commit type", "`quiet-groups`"),
    ("groups = {A = ['a'], B = ['A']}\n", "`a` stands under both `A` and `B`", "Keep it under one"),
    ("groups = {A = ['two words']}\n", "`A`: 'two words' is not a commit type", "one word"),
    ("groups.'' = ['a']\n", "`groups`: has an empty heading", ""),
    ("quiet-groups = ['chores']\n", "line 1: `quiet-groups`: unknown group `chores`", "`chore`"),
    ("quiet_groups = ['Commits']\n", "`commits` is a heading, not a commit type", "`model`"),
    ("tag-pattern = '(v'\n", "line 1: `tag-pattern`: '(v' is not a regular expression", "backslash"),
    ("tag_pattern = 'a{99999999999999999999}'\n", "is not a regular expression", "backslash"),
    ("skip-tags = ['v', '[']\n", "`skip-tags`: '[' is not a regular expression", "backslash"),
    ("ignore-tags = ['']\n", "`ignore-tags`: holds an empty pattern", "Remove it"),
    ("include-paths = ['']\n", "`include-paths`: holds an empty path", "Remove it"),
    ("exclude-paths = ['../x']\n", "leads out of the repository", "from the Git root"),
    ("output = ' '\n", "`output`: must not be empty", ""),
    ("forge = 'GitHub'\n", "`forge`: unknown forge `GitHub`", "Did you mean `github`?"),
    ("remote-url = 'example'\n", "`remote-url`: 'example' is not an address", "https://"),
    ("note-trailers.Why = 3\n", "line 1: `note-trailers`: `Why` must be text", ""),
    ("note-trailers.'a b' = 'x'\n", "`a b` cannot be a Git trailer", "letters"),
    ("note-trailers.Why = 'X Y'\n", "`Why` has the kind 'X Y'", "small letters"),
    ("metric-rules = 3\n", "line 1: `metric-rules`: must be a table of rules, not the number 3", "better"),
    ("metric-rules = {auc = 3}\n", "`metric-rules`: `auc` must be a table", 'Write {better = "higher"}.'),
    ("\n[metric-rules.auc]\nmni = 1\n", "line 2: `metric-rules`: `auc`: unknown key `mni`", "`min`"),
    ("metric-rules.auc.max_dorp = 1\n", "`auc`: unknown key `max_dorp`", "Did you mean `max-drop`?"),
    ("[metric-rules.test.auc]\nmin = 1\n", "`test` holds a table `auc`", 'metric-rules."test.auc".'),
    ("metric-rules.'' = {min = 1}\n", "has a rule for a metric without a name", '"*" for all'),
    ("metric-rules.auc.better = 'hihger'\n", '`auc`: `better` must be "higher",', "Did you mean `higher`?"),
    ("metric-rules.auc.better = 1\n", '`auc`: `better` must be "higher",', "in quotes"),
    ("metric-rules.auc.tolerance = -1\n", "`auc`: `tolerance` must not be negative, as -1 is", "0 or more"),
    ("metric-rules.auc.relative-tolerance = '1%'\n", "`relative-tolerance` must be a number", "0.05"),
    ("metric-rules.auc.min = nan\n", "`auc`: `min` must be a number", "without quotes"),
    ("metric-rules.auc.min = true\n", "`auc`: `min` must be a number", "without quotes"),
    ("metric-rules.auc = {min = 2, max = 1}\n", "line 1: `metric-rules`: `auc`: `min` is above `max`", ""),
    ("metric-rules.auc.unit = 1\n", "`auc`: `unit` must be text in quotes", 'Write "ms".'),
    ("metric-rules.auc.drift = 'yes'\n", "`auc`: `drift` must be true or false", "without quotes"),
    ("metric-rules.auc = {max-drop = 1, max_drop = 2}\n", "`auc` sets `max-drop` twice", ""),
    ("tag-pattern = 'a'\ntag_pattern = 'b'\n", "`tag-pattern` is set twice", "Keep the first"),
]


@pytest.mark.parametrize(("text", "what", "remedy"), WRONG, ids=[text.strip() for text, _, _ in WRONG])
def test_a_wrong_file_names_the_place_and_the_remedy(
    tmp_path: Path, text: str, what: str, remedy: str
) -> None:
    (tmp_path / "dvc-changelog.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, None, {})
    first, _, rest = str(caught.value).partition("\n")
    assert first.startswith("dvc-changelog.toml: ")
    assert what in first
    assert remedy in rest


def test_in_pyproject_the_line_is_that_of_our_table(tmp_path: Path) -> None:
    text = "[tool.other]\nfold-after = 1\n\n[tool.dvc-changelog]\nfold-after = -1\n"
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: line 5: `fold-after`"):
        load(tmp_path, None, {})


def test_a_line_that_is_not_found_is_not_invented(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\ndvc-changelog = {fold-after = -1}\n")
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: `fold-after`"):
        load(tmp_path, None, {})


def test_keys_may_be_in_kebab_or_snake_case(tmp_path: Path) -> None:
    (tmp_path / "dvc-changelog.toml").write_text("fold-after = 3\nall_tags = true\n")
    config = load(tmp_path, None, {})
    assert (config.fold_after, config.all_tags) == (3, True)


VARIABLES: list[tuple[str, str, object]] = [
    ("TITLE", "Ours", "Ours"),
    ("TITLE", "", "From the file"),
    ("MERGES", "1", True),
    ("MERGES", "True", True),
    ("PACKAGES", "0", False),
    ("PACKAGES", "false", False),
    ("FOLD_AFTER", "3", 3),
    ("MODELS", "a.bin, b/*.bin,", ("a.bin", "b/*.bin")),
    ("MODELS", "", ()),
    ("IGNORE_TAGS", r"^v\d", (r"^v\d",)),
    ("IGNORE_TAGS", r"[a-z]+,b", ("[a-z]+", "b")),
    ("IGNORE_TAGS", r"""['^v\d{1,2}$', "b"]""", (r"^v\d{1,2}$", "b")),
    ("QUIET_GROUPS", "[]", ()),
    (
        "NOTE_TRAILERS",
        '{Why = "reason", note = ""}',
        {"Reason": "reason", "Known-issue": "known-issue", "Why": "reason"},
    ),
    ("METRIC_RULES", '{"*loss" = {better = "lower"}}', {"*loss": MetricRule(better=Goal.LOWER)}),
    ("METRIC_RULES", "", {}),
]


@pytest.mark.parametrize(("name", "text", "expected"), VARIABLES)
def test_a_variable_comes_over_the_file(tmp_path: Path, name: str, text: str, expected: object) -> None:
    (tmp_path / "dvc-changelog.toml").write_text('title = "From the file"\n')
    config = load(tmp_path, None, {f"DVC_CHANGELOG_{name}": text, "PATH": "/bin"})
    assert getattr(config, name.lower()) == expected


def test_variables_alone_leave_no_source(tmp_path: Path) -> None:
    assert load(tmp_path, None, {"DVC_CHANGELOG_MERGES": "1"}).source == ""


WRONG_VARIABLES: list[tuple[str, str, str]] = [
    ("DVC_CHANGELOG_TAG_PATERN", "x", "Did you mean `DVC_CHANGELOG_TAG_PATTERN`?"),
    ("DVC_CHANGELOG_CONFG", "x", "Did you mean `DVC_CHANGELOG_CONFIG`?"),
    ("DVC_CHANGELOG_tag_pattern", "x", "Did you mean `DVC_CHANGELOG_TAG_PATTERN`?"),
    ("DVC_CHANGELOG_SOURCE", "x", "`DVC_CHANGELOG_"),
    ("DVC_CHANGELOG_MERGES", "maybe", "must be true or false"),
    ("DVC_CHANGELOG_FOLD_AFTER", "many", "must be a whole number"),
    ("DVC_CHANGELOG_FOLD_AFTER", "-1", "must not be negative"),
    ("DVC_CHANGELOG_FOLD_AFTER", "9" * 5000, "must be a whole number"),
    ("DVC_CHANGELOG_GROUPS", "9" * 5000, "must be a table"),
    ("DVC_CHANGELOG_TAG_PATTERN", "(", "not a regular expression"),
    ("DVC_CHANGELOG_GROUPS", "feat", "must be a table"),
    ("DVC_CHANGELOG_GROUPS", "{}\nx = 1", "must be a table"),
    ("DVC_CHANGELOG_METRIC_RULES", "loss", "must be a table of rules"),
    ("DVC_CHANGELOG_METRIC_RULES", "{loss = {mni = 1}}", "unknown key `mni`"),
    ("DVC_CHANGELOG_QUIET_GROUPS", "chores", "unknown group `chores`"),
]


@pytest.mark.parametrize(("variable", "text", "expected"), WRONG_VARIABLES)
def test_a_wrong_variable_is_named(tmp_path: Path, variable: str, text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, None, {variable: text})
    assert caught.value.path == variable
    assert expected in str(caught.value)


def test_replace_ignores_what_is_none() -> None:
    config = Config(title="Ours", merges=True, source="x.toml")
    assert config.replace(title=None, merges=None, tag_pattern=None) == config
    assert config.replace(merges=False).title == "Ours"
    assert config.replace(merges=False).merges is False
    assert config.replace(merges=False).source == "x.toml"


def test_replace_takes_lists_as_a_command_line_gives_them() -> None:
    assert Config().replace(include_paths=["a/**"]).include_paths == ("a/**",)


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"tag_pattern": "("}, "options: `tag-pattern`: '(' is not"),
    ({"skip_tags": "v"}, "options: `skip-tags`: must be a list of texts"),
    ({"quiet_groups": ["chores"]}, "options: `quiet-groups`: unknown group"),
]


@pytest.mark.parametrize(("overrides", "expected"), REFUSED)
def test_replace_checks_as_a_file_is_checked(overrides: dict[str, object], expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config().replace(**overrides)
    assert str(caught.value).startswith(expected)


def test_replace_refuses_a_name_that_is_no_option() -> None:
    with pytest.raises(TypeError, match="did you mean 'tag_pattern'"):
        Config().replace(tag_patern="v")
    with pytest.raises(TypeError, match="no option 'source'"):
        Config().replace(source="x")


RULES = """
[metric-rules."test.auc"]
better = "higher"
tolerance = 0.005
[metric-rules."*auc"]
tolerance = 0.1
max_drop = 0.02
[metric-rules."reports/*.json:drift.*"]
drift = true
"""


def test_of_each_thing_the_first_rule_that_says_it_counts(tmp_path: Path) -> None:
    (tmp_path / "dvc-changelog.toml").write_text(RULES)
    rules = load(tmp_path, None, {}).metric_rules
    assert rule_of(rules, "m.json", "test.auc") == MetricRule(Goal.HIGHER, 0.005, max_drop=0.02)
    assert rule_of(rules, "m.json", "train.auc") == MetricRule(tolerance=0.1, max_drop=0.02)
    assert rule_of(rules, "reports/a.json", "drift.psi") == MetricRule(drift=True)
    assert rule_of(rules, "other/a.json", "drift.psi") == MetricRule()


@pytest.mark.parametrize(
    ("key", "path", "name", "expected"),
    [
        ("auc", "m.json", "auc", True),
        ("auc", "m.json", "test.auc", False),
        ("*", "m.json", "test.auc", True),
        ("AUC", "m.json", "auc", False),
        ("m.json:auc", "m.json", "auc", True),
        ("n.json:*", "m.json", "auc", False),
        ("auc.json", "auc.json", "", True),
        ("a[[]0]", "m.json", "a[0]", True),
    ],
)
def test_a_rule_is_of_the_metrics_that_its_key_matches(
    key: str, path: str, name: str, expected: bool
) -> None:
    assert expected is covers(key, path, name)


def test_rules_are_taken_from_a_caller_and_again_from_a_config() -> None:
    config = Config().replace(metric_rules={"auc": {"max-drop": 0.1}})
    assert config.metric_rules == {"auc": MetricRule(max_drop=0.1)}
    assert Config().replace(metric_rules=config.metric_rules) == config
    assert hash(config) == hash(Config().replace(metric_rules=config.metric_rules))


def test_a_config_is_frozen_and_hashable() -> None:
    config = Config()
    assert hash(config) == hash(Config(source="elsewhere"))
    with pytest.raises(AttributeError):
        config.title = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        config.groups["Added"] = ()  # type: ignore[index]


@given(st.dictionaries(st.text(min_size=1), st.text()), st.text())
def test_whatever_the_environment_holds_only_a_config_error_comes_of_it(
    variables: Mapping[str, str], text: str
) -> None:
    environ = {f"DVC_CHANGELOG_{name.upper()}": value for name, value in variables.items()}
    for name in ("GROUPS", "MODELS", "FOLD_AFTER", "NOTE_TRAILERS", "TAG_PATTERN", "METRIC_RULES"):
        try:
            load(Path("/nowhere"), None, {f"DVC_CHANGELOG_{name}": text})
            load(Path("/nowhere"), None, environ)
        except ConfigError as error:
            assert str(error).startswith(f"{error.path}: ")  # noqa: PT017 - the error is one outcome of two
