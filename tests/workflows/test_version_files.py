"""A version set in files: only its characters change, whatever the format; what is not found is said."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.errors import ConfigError
from dvc_changelog.workflows.version_files import stamped

PYPROJECT = """\
# a project
[build-system]
requires = ["hatchling==1.2.0"]  # not ours

[project]
name    = 'churn'
version = '1.2.0'  # ours, and 1.2.0 here is a comment
dependencies = ["numpy>=1.2.0"]

[tool.other]
version = "1.2.0"
limit = nan
"""
LOCK = '{\n\t"version": "1.2.0",\n\t"packages": {"": {"version": "1.2.0"}, "a": {"version": "1.2.0"}}\n}'
PIPELINE = "vars:\n  - version: 1.2.0  # of the model\n  - lr: 1.2\nstages: {a: {cmd: echo 1.2.0}}\n"
HELM = "image:\n    tag: v1.2.0\n    other: 'v1.2.0'\n"

UV_LOCK = 'name = "a"\nversion = "1.2.0"\nname = "churn"\r\nversion = "1.2.0"'

SET = [
    # the entry, what its file holds, the part that changes, with ^ for the new version
    ("pyproject.toml", PYPROJECT, "'^'  # ours"),
    ("pyproject.toml:tool.other.version", PYPROJECT, '"^"\nlimit'),
    ("sub/pyproject.toml", '[tool.poetry]\nversion = "0.1.0a1"\n', '"^"'),
    ("Cargo.toml", '[package]\nversion.workspace = true\n[workspace.package]\nversion = "1.0.0"\n', '"^"'),
    ("pixi.toml", '[workspace]\nversion="1.2"', '"^"'),
    ("package.json", '{"name": "é", "version":"1.2.0-rc.1", "n": [NaN, 1e999]}', ':"^"'),
    ("package-lock.json:version", LOCK, '"version": "^",'),
    ('package-lock.json:packages."".version', LOCK, '"": {"version": "^"}'),
    ("CITATION.cff", "cff-version: 1.2.0\nversion: 1.2.0\ndate-released: 2024-01-01\n", "\nversion: ^\ndate"),
    ("CITATION.cff", "---\nversion: 1.10\n", ": ^\n"),
    ("setup.cfg", "[metadata]\nname = churn\nversion=1.2.0\n\n[flake8]\nignore = E1\n", "version=^\n"),
    ("setup.cfg:bumpversion.current_version", "[bumpversion]\ncurrent_version: 1.2.0\n", ": ^\n"),
    ("dvc.yaml:vars.0.version", PIPELINE, "version: ^  #"),
    ("chart.yaml:image.tag", HELM, "tag: v^\n"),
    ("VERSION", "1.2.0\n", "^\n"),
    ("VERSION", "\ufeffv1.2.0", "v^"),
    ('src/churn/__init__.py:__version__ = "{version}"', '\n__version__ = "2024.05.1"  # 1.2.0\n', '"^"'),
    ("a.py:v = '{version}'", "v = '1.0.0-SNAPSHOT'\nw = '1.0.0'", "v = '^'"),
    ("README.md:churn@v{version}", "Take churn@v1.2.0. Then 1.2.0.", "@v^."),
    ("README.md:churn=={version}", "`pip install churn==1.2.0rc1` or `churn==1.2.0rc1`", "==^`"),
    ("Dockerfile:churn:{version}", "FROM churn:1.2.0-slim\n", "churn:^-slim"),
    ("Dockerfile:churn:{version}", "FROM churn:1.2.0-rc.3\n", "churn:^\n"),
    ("Dockerfile:churn:{version}", "FROM churn:1.2.0-next.3\n", "churn:^\n"),
    ("a.sh:churn-{version}.tar.gz", "tar xf churn-1.2.0+cpu.tar.gz", "churn-^.tar.gz"),
    ("a.sh:{version}-gpu", "pull churn:v1.2.0-gpu", ":v^-gpu"),
    ('uv.lock:name = "churn"\nversion = "{version}"', UV_LOCK, '"churn"\r\nversion = "^"'),
    ("a.md:from {version} to {version}", "from 1.2.0 to 1.2.0", "from ^ to ^"),
]


@pytest.mark.parametrize("version", ["1.3.0", "2.0.0-rc.1", "2025.01", "1.3.0-odd3", "1!2.0rc1.dev3+local.7"])
@pytest.mark.parametrize(("entry", "text", "part"), SET)
def test_only_the_version_changes(entry: str, text: str, part: str, version: str) -> None:
    path = entry.partition(":")[0]
    new = stamped([entry], {path: text.encode()}.get, version)[path].decode()
    assert part.replace("^", version) in new
    # What stands before and behind the versions is as it was, and no more than they were taken away.
    kept = [piece for piece in new.split(version) if piece]
    at = 0
    for piece in kept:
        at = text.index(piece, at) + len(piece)
    assert stamped([entry], {path: new.encode()}.get, version) == {}
    assert stamped([entry], {path: new.encode()}.get, "9.9.9", current=version)[path].decode() == (
        new.replace(version, "9.9.9")
    )


@pytest.mark.parametrize(("entry", "text", "part"), SET)
def test_line_ends_of_windows_and_a_byte_order_mark_stay(entry: str, text: str, part: str) -> None:
    path = entry.partition(":")[0]
    before = "\ufeff" + text.lstrip("\ufeff").replace("\r\n", "\n").replace("\n", "\r\n")
    after = stamped([entry], {path: before.encode()}.get, "7.7.7")[path].decode()
    assert part.replace("^", "7.7.7").split("\n")[0].split("\r")[0] in after
    assert after.count("\r\n") == after.count("\n") == before.count("\n")
    assert after[0] == "\ufeff"


SEVERAL = "version = 1.2.0, since 1.0.0"
WRONG = [
    ("pyproject.toml", None, "pyproject.toml: Git has no such file", "git add"),
    ("pyproject.toml", "[project\n", "cannot be read as TOML: Expected ']'", "Correct it"),
    ("pyproject.toml", "[project]\nname = 'a'", "neither `project.version` nor `tool.poetry.version`", "Add"),
    ("pyproject.toml", "[project]\ndynamic = ['version']", "its version is dynamic", "__version__"),
    ("pyproject.toml:a.b", "[a]\nb = 1", "`a.b` is a number, not a text", "quotes"),
    ("pyproject.toml:a.b", "[a.b]", "`a.b` is a table, not a text", "quotes"),
    ('a.json:"".x', "{}", 'has no `"".x`', "Add it"),
    (
        "setup.cfg",
        "[metadata]\nversion = attr: a.b",
        "`metadata.version` is 'attr: a.b', which is no",
        "text",
    ),
    ("a.yaml:v", "v: &v 1.0.0\nw: *v\n", "`v` cannot be set by itself", "text around"),
    ("a.yaml:v", "v: [1", "cannot be read as YAML", "Correct it"),
    ("a.json:v", '{"v": "1.\\u0030.0"}', "`v` cannot be set by itself", "text around"),
    ("a.json:v.0.w", '{"v": []}', "has no `v.0.w`", "Add it"),
    ("setup.cfg", "[metadata", "cannot be read as INI", "Correct it"),
    ("VERSION", "churn 1.2.0", "holds more than a version", "text around"),
    ("README.md:{version}", "churn 1.2.0", "holds more than a version", "text around"),
    ("a.py:v = '{version}'", 'v = "1.2.0"', "`v = '{version}'` is not found", "as the file does"),
    ("a.sh:churn-{version}", "tar xf churn-1.2.0.tar.gz", "is not found", "what follows the version"),
    ("a.md:{version}, since {version}", SEVERAL, "several versions: 1.2.0, 1.0.0", "more of the text"),
    ("a/*.py:{version}!", "", "'a/*.py' matches no file of Git", "remove it"),
    ("README.md", "1.2.0", "does not say where", "README.md:"),
]


@pytest.mark.parametrize(("entry", "text", "what", "remedy"), WRONG)
def test_what_is_not_there_is_said(entry: str, text: str | None, what: str, remedy: str) -> None:
    files = {} if text is None else {entry.partition(":")[0]: text.encode()}
    with pytest.raises(ConfigError) as raised:
        stamped([entry], files.get, "1.3.0")
    assert what in raised.value.what
    assert remedy in raised.value.remedy


def test_what_is_not_utf_8_is_said() -> None:
    with pytest.raises(ConfigError, match="not UTF-8"):
        stamped(["VERSION"], {"VERSION": b"\xff\xfe1\x00"}.get, "1.3.0")


def test_a_glob_means_the_files_that_have_a_version_there() -> None:
    held = b'__version__ = "1.0.0"\n'
    files = {
        "src/a/__init__.py": held,
        "src/b/__init__.py": b"",
        "src/c/__init__.py": b"\xff",
        "src/d/deep/__init__.py": held,
        "x/src/a/__init__.py": held,
    }

    def of(glob: str) -> Mapping[str, bytes]:
        return stamped([f'{glob}:__version__ = "{{version}}"'], files.get, "1.1.0", paths=lambda: files)

    assert list(of("src/*/__init__.py")) == ["src/a/__init__.py"]
    assert list(of("src/**/__init__.py")) == ["src/a/__init__.py", "src/d/deep/__init__.py"]
    with pytest.raises(ConfigError, match="is not found"):
        of("src/b/*.py")


def test_several_entries_set_several_places_of_one_file() -> None:
    entries = ["package-lock.json:version", 'package-lock.json:packages."".version']
    (new,) = stamped(entries, {"package-lock.json": LOCK.encode()}.get, "1.10.0").values()
    assert new.decode() == LOCK.replace('"1.2.0"', '"1.10.0"', 2)


def test_two_entries_may_say_the_same_but_not_differ() -> None:
    files = {"a.toml": b'[image]\ntag = "1.2.0-gpu"\n'}
    same = ["a.toml:image.tag", 'a.toml:tag = "{version}"', "a.toml:image.tag"]
    assert stamped(same, files.get, "1.3.0") == {"a.toml": b'[image]\ntag = "1.3.0"\n'}
    with pytest.raises(ConfigError, match="two entries for one place that disagree"):
        stamped(["a.toml:image.tag", 'a.toml:tag = "{version}-gpu"'], files.get, "1.3.0")


def test_what_holds_the_version_already_does_not_change() -> None:
    files = {"pyproject.toml": PYPROJECT.encode(), "VERSION": b"1.1.0\n"}
    assert stamped(["pyproject.toml", "VERSION"], files.get, "1.2.0") == {"VERSION": b"1.2.0\n"}


NUMBERS = st.lists(st.integers(0, 99), min_size=2, max_size=3).map(
    lambda numbers: ".".join(map(str, numbers))
)
ENDINGS = st.sampled_from(["", "", "-rc.1", "-beta.12", "rc1", "a3", ".dev4", "-rc1", ".post1"])
VERSIONS = st.builds("{}{}".format, NUMBERS, ENDINGS) | st.sampled_from(
    ["2024.01.05", "2024-03-01", "7", "1_2"]
)
LEAVES = VERSIONS | st.booleans() | st.integers() | st.sampled_from(["", "a", "é", "1.2.0 b", "nan"])
TREES = st.recursive(
    st.dictionaries(st.sampled_from(["version", "a", "", "é b"]), LEAVES, max_size=4),
    lambda below: st.dictionaries(st.sampled_from(["version", "a", "x.y"]), below | LEAVES, max_size=4),
    max_leaves=8,
)


@given(TREES, VERSIONS, VERSIONS, st.sampled_from(["json", "yaml", "toml"]), st.booleans())
def test_a_key_changes_alone_in_whatever_data(
    tree: dict[str, object], old: str, new: str, kind: str, tabs: bool
) -> None:
    """What the format's own reader says before and after differs in this value alone."""
    data = {**tree, "release": {"version": old, "other": old}}
    load: Callable[[str], Any]
    match kind:
        case "json":
            text = json.dumps(data, indent="\t" if tabs else 2, ensure_ascii=tabs)
            load = json.loads
        case "yaml":
            text = yaml.safe_dump(data, allow_unicode=tabs, default_flow_style=tabs, default_style='"')
            load = yaml.safe_load
        case _:
            import tomlkit

            text, load = tomlkit.dumps(data), tomllib.loads
    files = {f"f.{kind}": text.encode()}
    after = {**files, **stamped([f"f.{kind}:release.version"], files.get, new)}
    assert load(after[f"f.{kind}"].decode()) == {**data, "release": {"version": new, "other": old}}
    assert stamped([f"f.{kind}:release.version"], after.get, new) == {}
    assert {**after, **stamped([f"f.{kind}:release.version"], after.get, old)} == files


@given(st.text("ab v=\"'\n.-", max_size=20), st.text("ab=\"'\n", max_size=5), VERSIONS, VERSIONS)
def test_a_text_is_set_there_and_back(around: str, literal: str, old: str, new: str) -> None:
    """Where what follows cannot be taken for a part of the version."""
    entry = f"f.txt:<{literal}{{version}}{literal[::-1]}>"
    text = f"{around}<{literal}{old}{literal[::-1]}>{around}".encode()
    files = {"f.txt": text}
    there = {**files, **stamped([entry], files.get, new)}
    assert there["f.txt"].decode() == f"{around}<{literal}{new}{literal[::-1]}>{around}"
    assert stamped([entry], there.get, new) == {}
    assert {**there, **stamped([entry], there.get, old)} == files
