"""Where the configuration is looked for, and what happens when a file cannot be read."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from dvc_changelog.config import Config, existing, init_path, load, read
from dvc_changelog.errors import ConfigError

PLACES = ["dvc-changelog.toml", ".dvc-changelog.toml", ".config/dvc-changelog.toml", "pyproject.toml"]


def put(root: Path, place: str, text: str) -> Path:
    """Write a configuration at a place, below our table where the file is shared."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "[tool.dvc-changelog]\n" if place == "pyproject.toml" else ""
    path.write_text(head + text, encoding="utf-8")
    return path


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, None, {}) == Config()
    assert load(tmp_path, None, {}).source == ""
    assert existing(tmp_path) == ""


def test_a_root_that_is_not_there_gives_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "gone", None, {}) == Config()


@pytest.mark.parametrize("place", PLACES)
def test_each_place_is_read(tmp_path: Path, place: str) -> None:
    put(tmp_path, place, 'title = "Ours"\n')
    config = load(tmp_path, None, {})
    assert (config.title, config.source) == ("Ours", place)
    assert existing(tmp_path) == place


@pytest.mark.parametrize(("first", "second"), list(pairwise(PLACES)))
def test_the_first_place_wins(tmp_path: Path, first: str, second: str) -> None:
    put(tmp_path, first, 'title = "First"\n')
    put(tmp_path, second, 'title = "Second"\nartifact = "unseen"\n')
    config = load(tmp_path, None, {})
    assert (config.title, config.artifact, config.source) == ("First", "", first)


def test_the_file_given_wins_over_every_place(tmp_path: Path) -> None:
    put(tmp_path, "dvc-changelog.toml", 'title = "Found"\n')
    given = put(tmp_path, "ci/own.toml", 'title = "Given"\n')
    config = load(tmp_path, given, {"DVC_CHANGELOG_CONFIG": "nowhere.toml"})
    assert (config.title, config.source) == ("Given", str(given))


def test_a_variable_names_the_file(tmp_path: Path) -> None:
    given = put(tmp_path, "own.toml", 'title = "Given"\n')
    assert load(tmp_path, None, {"DVC_CHANGELOG_CONFIG": str(given)}).title == "Given"
    assert load(tmp_path, None, {"DVC_CHANGELOG_CONFIG": ""}).title == "Changelog"


def test_a_token_and_an_address_in_the_environment_are_no_options(tmp_path: Path) -> None:
    environ = {"DVC_CHANGELOG_TOKEN": "t", "DVC_CHANGELOG_API_URL": "u", "DVC_CHANGELOG_DEBUG": "1"}
    assert load(tmp_path, None, environ) == load(tmp_path, None, {})


def test_a_pyproject_of_someone_else_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["dvc-changelog"]\n')
    assert load(tmp_path, None, {}).source == ""


def test_a_broken_pyproject_that_is_not_about_us_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project\n")
    assert load(tmp_path, None, {}).source == ""


def test_a_file_given_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file") as caught:
        load(tmp_path, tmp_path / "gone.toml", {})
    assert caught.value.path == str(tmp_path / "gone.toml")
    assert caught.value.exit_code == 2


def test_a_pyproject_given_must_have_our_table(tmp_path: Path) -> None:
    given = tmp_path / "pyproject.toml"
    given.write_text("[project]\n")
    with pytest.raises(ConfigError, match=re.escape("no table [tool.dvc-changelog]")):
        load(tmp_path, given, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tool.dvc-changelog = 3\n", "`tool.dvc-changelog` must be a table"),
        ("[tool.dvc-changelog]\n[tool.dvc_changelog]\n", "has both"),
    ],
)
def test_a_pyproject_with_our_table_wrong(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigError, match=re.escape(expected)):
        load(tmp_path, None, {})


def test_our_table_in_pyproject_may_be_in_snake_case(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.dvc_changelog]\nmerges = true\n")
    assert load(tmp_path, None, {}).merges


def test_a_directory_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "dvc-changelog.toml").mkdir()
    with pytest.raises(ConfigError, match=r"^dvc-changelog\.toml: cannot be read"):
        load(tmp_path, None, {})


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'title = "a"\ntitle == 3\n', "line 2: not valid TOML"),
        (b'title = "a"\ntitle = "b"\n', "line 2: not valid TOML"),
        (b'title = "a"\nmodels = [\n', "line 3: not valid TOML"),
        (b'title = "a"\nartifact = "\xff"\n', "line 2: not UTF-8"),
        (b"title = " + b"[" * 5000, "dvc-changelog.toml: "),
        (b"fold-after = " + b"9" * 5000, "number too long"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, raw: bytes, expected: str) -> None:
    (tmp_path / "dvc-changelog.toml").write_bytes(raw)
    with pytest.raises(ConfigError, match=r"^dvc-changelog\.toml: ") as caught:
        load(tmp_path, None, {})
    assert expected in str(caught.value)
    assert caught.value.remedy


def test_a_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    (tmp_path / "dvc-changelog.toml").write_bytes(b'\xef\xbb\xbftitle = "Ours"\r\nmerges = true\r\n')
    assert load(tmp_path, None, {}).title == "Ours"


def test_init_writes_at_the_first_place(tmp_path: Path) -> None:
    assert init_path(tmp_path) == tmp_path / "dvc-changelog.toml"


@pytest.mark.parametrize("place", PLACES)
def test_a_file_of_an_earlier_commit_is_read_as_one_that_is_there(tmp_path: Path, place: str) -> None:
    raw = put(tmp_path, place, 'title = "Ours"\n').read_bytes()
    assert read(place, raw) == load(tmp_path, None, {})
    assert read("pyproject.toml", b'[project]\nname = "x"\n') is None
    with pytest.raises(ConfigError, match="line 1: unknown option `titel`"):
        read("dvc-changelog.toml", b'titel = "Ours"\n')
