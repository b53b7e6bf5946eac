"""The documentation drawn from the options: true, whole, and valid TOML."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.config import Config, load, reference_markdown, template_text
from dvc_changelog.config.option import Kind, kebab
from dvc_changelog.config.settings import options, settle
from dvc_changelog.config.shape import bare, from_variable, literal, shaped

LINES = [line for line in template_text().splitlines() if line.startswith("#") and line[1:2] not in {" ", ""}]


def uncommented() -> str:
    """The written template with each option switched on."""
    return "\n".join(
        line.removeprefix("#") if line in LINES else line for line in template_text().splitlines()
    )


def everything(config: Config) -> list[object]:
    """All values of a configuration, with the order of its tables."""
    values = [getattr(config, name) for name in options()]
    return [list(value.items()) if hasattr(value, "items") else value for value in values]


def test_the_template_as_written_sets_nothing(tmp_path: Path) -> None:
    (tmp_path / "dvc-changelog.toml").write_text(template_text())
    assert tomllib.loads(template_text()) == {}
    assert load(tmp_path, None, {}) == Config()


def test_the_names_of_options_stay_whole_in_comments() -> None:
    assert not [line for line in template_text().splitlines() if line.endswith("-")]


@pytest.mark.parametrize("place", ["dvc-changelog.toml", "pyproject.toml"])
def test_the_template_with_all_switched_on_is_the_default(tmp_path: Path, place: str) -> None:
    head = "[tool.dvc-changelog]\n" if place == "pyproject.toml" else ""
    (tmp_path / place).write_text(head + uncommented())
    config = load(tmp_path, None, {})
    assert config.source == place
    assert everything(config) == everything(Config())


def test_the_template_names_every_option() -> None:
    assert {kebab(name) for name in options()} == set(tomllib.loads(uncommented()))


@pytest.mark.parametrize("line", LINES)
def test_each_line_can_be_switched_on_alone(tmp_path: Path, line: str) -> None:
    (tmp_path / "dvc-changelog.toml").write_text(template_text().replace(line, line[1:]))
    assert set(load(tmp_path, None, {}).groups) == set(Config().groups)


@pytest.mark.parametrize("name", list(options()))
def test_each_option_is_documented_and_its_example_is_taken(tmp_path: Path, name: str) -> None:
    option = options()[name]
    assert option.doc.endswith(".")
    assert option.example or option.kind is Kind.FLAG
    (tmp_path / "dvc-changelog.toml").write_text(option.example)
    config = load(tmp_path, None, {})
    assert (getattr(config, name) != getattr(Config(), name)) == bool(option.example)


@pytest.mark.parametrize("name", list(options()))
def test_each_default_is_settled(name: str) -> None:
    default = getattr(Config(), name)
    assert settle(name, shaped(options()[name].kind, default)) == default


def test_the_reference_is_one_table_with_a_row_an_option() -> None:
    head, rule, *rows = reference_markdown().splitlines()
    assert rule == "|---|---|---|---|"
    assert [row.split("`")[1] for row in rows] == [kebab(name) for name in options()]
    assert {row.replace("\\|", "").count("|") for row in [head, *rows]} == {5}


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    TEXT
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.lists(TEXT)
    | st.dictionaries(TEXT, st.lists(TEXT))
)
def test_a_literal_is_read_back_as_what_it_was(value: object) -> None:
    assert tomllib.loads(f"value = {literal(value)}")["value"] == value


@given(TEXT)
def test_a_key_is_read_back_as_what_it_was(key: str) -> None:
    assert list(tomllib.loads(f"{bare(key)} = 1")) == [key]


@given(st.lists(TEXT))
def test_a_list_written_as_toml_passes_through_a_variable(values: list[str]) -> None:
    assert from_variable(Kind.LIST, literal(values)) == tuple(values)
