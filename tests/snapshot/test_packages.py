"""What a project's files pin: one table of (file, content, expected) for each format."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from dvc_changelog.snapshot.packages import names, parse
from dvc_changelog.snapshot.unreadable import UnreadableError

KNOWN = """
requirements.txt requirements-dev.txt requirements_gpu.txt dev-requirements.txt test_requirements.txt
sub/requirements.txt requirements/base.txt a/requirements/dev.txt constraints.txt constraints-3.11.txt
pyproject.toml setup.cfg uv.lock poetry.lock pdm.lock Pipfile Pipfile.lock renv.lock DESCRIPTION
pkg/DESCRIPTION
environment.yml environment.yaml environment-gpu.yml conda.yaml conda_env.yml conda-lock.yml
""".split()  # noqa: SIM905  # a table to be read

UNKNOWN = """
requirements.md requirements.in.bak notes.txt requirements/README.md setup.py dvc.lock dvc.yaml params.yaml
description.txt environment.py Cargo.lock package.json my-environment.txt data/uv.lock.dvc Description
""".split()  # noqa: SIM905  # a table to be read


@pytest.mark.parametrize("path", KNOWN)
def test_a_file_that_pins_packages_is_known_by_name(path: str) -> None:
    assert names(path)


@pytest.mark.parametrize("path", UNKNOWN)
def test_another_file_is_not(path: str) -> None:
    assert not names(path)
    assert parse(path, b"numpy==1.0") == {}


REQUIREMENTS: list[tuple[str, Mapping[str, str]]] = [
    ("", {}),
    ("numpy==1.26.4\n", {"numpy": "1.26.4"}),
    ("numpy\n", {"numpy": ""}),
    ("numpy===1.0\nb==1.*\nc~=1.4\nd!=2\n", {"numpy": "1.0", "b": "==1.*", "c": "~=1.4", "d": "!=2"}),
    ("torch==2.1.0+cu118", {"torch": "2.1.0+cu118"}),
    ("pandas >= 2 , < 3", {"pandas": "<3,>=2"}),
    ("Scikit_Learn==1.3\nzope.interface==6", {"scikit-learn": "1.3", "zope-interface": "6"}),
    ("uvicorn[standard, x] == 0.30", {"uvicorn": "0.30"}),
    ("# a\n\n  a==1  # why\nb==2 # c==3\r\n", {"a": "1", "b": "2"}),
    ("a==1 ; python_version < '3.9'", {"a": "1"}),
    ('a==1; python_version<"3.9"\na==2; python_version>="3.9"', {"a": "1 | 2"}),
    ('a==2; python_version>="3.9"\na==1; python_version<"3.9"', {"a": "1 | 2"}),
    ("a==1; sys_platform=='win32'\na==1; sys_platform!='win32'", {"a": "1"}),
    ("a\na==1", {"a": "1"}),
    ("-r base.txt\n-c constraints.txt\n--index-url https://u:p@x.org/simple\n-f ./w\na==1", {"a": "1"}),
    ("a==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nb==2 --hash=sha256:cc", {"a": "1", "b": "2"}),
    ("a>=1,\\\n<2", {"a": "<2,>=1"}),
    ("-e .\n-e .[dev]\n.\n./sub\n-e ../x", {}),
    (
        "-e git+https://github.com/o/Repo.git@v1#egg=My_Pkg",
        {"my-pkg": "git+https://github.com/o/Repo.git@v1"},
    ),
    ("--editable=git+https://x.org/o/r@v=1#egg=r", {"r": "git+https://x.org/o/r@v=1"}),
    ("git+https://github.com/o/tool.git@v2", {"tool": "git+https://github.com/o/tool.git@v2"}),
    ("git+ssh://git@github.com/o/tool.git", {"tool": "git+ssh://git@github.com/o/tool.git"}),
    ("pkg @ git+https://github.com/o/p@v1", {"pkg": "git+https://github.com/o/p@v1"}),
    ("pkg @ https://user:secret@x.org/p.zip ; python_version > '3'", {"pkg": "https://x.org/p.zip"}),
    ("git+https://token@github.com/o/p@v1#egg=p", {"p": "git+https://github.com/o/p@v1"}),
    (
        "https://x.org/foo_bar-1.0-py3-none-any.whl",
        {"foo-bar": "https://x.org/foo_bar-1.0-py3-none-any.whl"},
    ),
    ("./wheels/foo-1.2.tar.gz", {"foo": "./wheels/foo-1.2.tar.gz"}),
    ("a>=1.*", {"a": ">=1.*"}),
    ("pytz>dev", {"pytz": ">dev"}),
]


@pytest.mark.parametrize(("text", "expected"), REQUIREMENTS)
def test_requirements_are_read_as_pip_reads_them(text: str, expected: Mapping[str, str]) -> None:
    assert parse("requirements.txt", text.encode()) == expected


_NAMES = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,4}[A-Za-z0-9])?", fullmatch=True)
_EXTRAS = st.sampled_from(["", "[]", "[s3]", "[a,b]", "[a-b]", " [s3]"])
_SPECIFIERS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["==", "~=", ">=", "<=", "!=", "<", ">", "===", "=", " == "]),
    st.from_regex(r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}", fullmatch=True),
    st.sampled_from(["", ".*", "rc1", "+cu118", ",<9", ".post1"]),
)
_URLS = st.sampled_from(
    [
        " @ git+https://x.org/p@v1",
        "@https://x.org/p.whl",
        " @ https://x.org/p;q",
        " @ https://x.org/p ; q",
        " @ ./p",
    ]
)


@given(st.builds("{}{}{}".format, _NAMES, _EXTRAS, st.just("") | _SPECIFIERS | _URLS))
def test_what_packaging_reads_is_read_as_it_does(text: str) -> None:
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        assume(False)  # it is read by rules of our own
    specifier = str(wanted.specifier)
    exact = re.fullmatch(r"={2,3}([^,*]+)", specifier)
    version = wanted.url or (exact[1] if exact else specifier)
    assert parse("requirements.txt", text.encode()) == {canonicalize_name(wanted.name): version}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_requirements_frozen_by_powershell_are_read(encoding: str) -> None:
    assert parse("requirements.txt", "a==1\r\nb==2\r\n".encode(encoding)) == {"a": "1", "b": "2"}
    conda = "name: x\r\ndependencies:\r\n- a=1.0\r\n- b=2\r\n"
    assert parse("environment.yml", conda.encode(encoding)) == {"a": "1.0", "b": "2"}


PYPROJECT = """
[project]
name = "My.Project"
requires-python = ">=3.11"
dependencies = ["numpy==1.26", "dvc[s3]>=3; python_version>'3'", "pkg @ git+https://x.org/p@v1"]
[project.optional-dependencies]
dev = ["pytest", "my-project[extra]"]
[dependency-groups]
lint = ["ruff==0.8", {include-group = "dev"}]
[tool.uv]
dev-dependencies = ["mypy>=1"]
[tool.pdm.dev-dependencies]
test = ["hypothesis"]
"""

POETRY = """
[tool.poetry]
name = "p"
[tool.poetry.dependencies]
python = "^3.10"
NumPy = "1.26.4"
any = "*"
torch = {version = "==2.1", source = "pytorch", optional = true}
lib = {git = "https://x.org/lib.git", tag = "v1"}
bare = {git = "https://x.org/bare.git"}
local = {path = "../local", develop = true}
multi = [{version = "<2", python = "<3.9"}, {version = ">=2", python = ">=3.9"}]
[tool.poetry.dev-dependencies]
black = "^22"
[tool.poetry.group.test.dependencies]
pytest = "^8"
"""

SETUP = """
[metadata]
name = x
description = 100% good
[options]
python_requires = >=3.8
install_requires =
    numpy==1.20
    # a comment
    pandas>=1; python_version > "3"
[options.extras_require]
dev =
    pytest  # and why
gpu = torch==1.8
"""

UV_LOCK = """
version = 1
requires-python = ">=3.11"
[[package]]
name = "me"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "numpy" }]
[[package]]
name = "root"
version = "0.1.0"
source = { virtual = "." }
[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://registry.example/simple" }
[[package]]
name = "numpy"
version = "2.0.0"
source = { registry = "https://registry.example/simple" }
[[package]]
name = "lib"
version = "1.0"
source = { git = "https://x.org/lib?rev=v1#abc" }
"""

POETRY_LOCK = """
[[package]]
name = "Torch_Audio"
version = "2.1"
[package.dependencies]
torch = "2.1"
[[package]]
name = "lib"
version = "1.0"
[package.source]
type = "git"
url = "https://x.org/lib.git"
reference = "v1"
resolved_reference = "abc"
[metadata]
lock-version = "2.0"
"""

CONDA = """
name: env
channels: [conda-forge]
dependencies:
  - python=3.10
  - numpy==1.26.4
  - Pandas >=2,<3
  - scipy
  - conda-forge::pytorch=2.1=py3.10_cuda11.8
  - my_tool
  - "xgboost[version='>=1.7']"
  - pip
  - pip:
      - DVC[s3]==3.50
      - -r requirements.txt
      - git+https://x.org/o/p@v1
"""

FILES: list[tuple[str, str, Mapping[str, str]]] = [
    ("pyproject.toml", "[tool.ruff]\nline-length = 1", {}),
    (
        "pyproject.toml",
        PYPROJECT,
        {
            "dvc": ">=3",
            "hypothesis": "",
            "mypy": ">=1",
            "numpy": "1.26",
            "pkg": "git+https://x.org/p@v1",
            "pytest": "",
            "python": ">=3.11",
            "ruff": "0.8",
        },
    ),
    (
        "pyproject.toml",
        POETRY,
        {
            "any": "",
            "bare": "git+https://x.org/bare.git",
            "black": "^22",
            "lib": "git+https://x.org/lib.git@v1",
            "local": "../local",
            "multi": "<2 | >=2",
            "numpy": "1.26.4",
            "pytest": "^8",
            "python": "^3.10",
            "torch": "2.1",
        },
    ),
    ("setup.cfg", "[flake8]\nmax-line-length = 1\n", {}),
    (
        "setup.cfg",
        SETUP,
        {"numpy": "1.20", "pandas": ">=1", "pytest": "", "python": ">=3.8", "torch": "1.8"},
    ),
    (
        "setup.cfg",
        (
            "[options]\ninstall_requires = torch==1.0\n"
            "[options.extras_require]\ngpu = cupy\nall =\n    %(gpu)s\n    dvc\n"
        ),
        {"cupy": "", "dvc": "", "torch": "1.0"},
    ),
    ("uv.lock", UV_LOCK, {"lib": "git+https://x.org/lib?rev=v1#abc", "numpy": "1.26.4 | 2.0.0"}),
    ("poetry.lock", POETRY_LOCK, {"lib": "git+https://x.org/lib.git@abc", "torch-audio": "2.1"}),
    (
        "pdm.lock",
        (
            '[[package]]\nname = "a"\nversion = "1"\n[[package]]\nname = "b"\nversion = "2"\n'
            'git = "https://x.org/b"\nrevision = "abc"\n'
            '[[package]]\nname = "me"\nversion = "0"\neditable = true\n'
        ),
        {"a": "1", "b": "git+https://x.org/b@abc"},
    ),
    (
        "Pipfile",
        (
            '[[source]]\nname = "pypi"\n[packages]\na = "==1.0"\nB = "*"\n'
            'c = {version = ">=2", extras = ["x"]}\n'
            'd = {git = "https://x.org/d", ref = "v1"}\n[dev-packages]\ne = "*"\n'
            '[requires]\npython_version = "3.11"\n'
        ),
        {"a": "1.0", "b": "", "c": ">=2", "d": "git+https://x.org/d@v1", "e": "", "python": "3.11"},
    ),
    (
        "Pipfile.lock",
        json.dumps(
            {
                "_meta": {"hash": {}},
                "default": {"a": {"version": "==1"}},
                "develop": {"b": {"version": "==2"}},
            }
        ),
        {"a": "1", "b": "2"},
    ),
    ("environment.yml", "name: x\n", {}),
    ("environment.yml", "", {}),
    ("conda.yaml", "dependencies:\n", {}),
    (
        "environment-gpu.yaml",
        CONDA,
        {
            "dvc": "3.50",
            "my_tool": "",
            "numpy": "1.26.4",
            "p": "git+https://x.org/o/p@v1",
            "pandas": ">=2,<3",
            "pip": "",
            "python": "3.10",
            "pytorch": "2.1=py3.10_cuda11.8",
            "scipy": "",
            "xgboost": ">=1.7",
        },
    ),
    (
        "conda-lock.yml",
        (
            "version: 1\npackage:\n- {name: numpy, version: 1.26.4, manager: conda, platform: linux-64}\n"
            "- {name: numpy, version: 1.26.4, manager: conda, platform: osx-64}\n"
            "- {name: My_Pip, version: '1.10', manager: pip, platform: osx-64}\n"
        ),
        {"my-pip": "1.10", "numpy": "1.26.4"},
    ),
    (
        "renv.lock",
        json.dumps(
            {
                "R": {"Version": "4.3.1"},
                "Packages": {
                    "dplyr": {"Package": "dplyr", "Version": "1.1.2", "Source": "Repository"},
                    "Own": {"Version": "0.1", "Source": "GitHub", "RemoteSha": "abc"},
                },
            }
        ),
        {"Own": "0.1@abc", "R": "4.3.1", "dplyr": "1.1.2"},
    ),
    (
        "DESCRIPTION",
        (
            "Package: mine\nAuthor: Ren\xe9\nDepends: R (>= 3.5)\nImports: dplyr (>= 1.0),\n"
            "    ggplot2,\n    x.y (== 2.0)\n"
            "License: MIT\nSuggests: testthat\n"
        ),
        {"R": ">=3.5", "dplyr": ">=1.0", "ggplot2": "", "testthat": "", "x.y": "2.0"},
    ),
    ("DESCRIPTION", "just prose, (with brackets)", {}),
]


@pytest.mark.parametrize(("path", "text", "expected"), FILES)
def test_each_format_gives_names_and_versions(path: str, text: str, expected: Mapping[str, str]) -> None:
    assert parse(path, text.encode("latin-1" if path == "DESCRIPTION" else "utf-8")) == expected
    assert list(expected) == sorted(expected)


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("requirements.txt", b"a==1\n<html> {{ x }}", "not a requirement: '<html> {{ x }}'"),
        ("requirements.txt", b"two words", "not a requirement: 'two words'"),
        ("requirements.txt", b"a==1\n<<<<<<< HEAD\n", "merge conflict markers at line 2"),
        ("requirements.txt", b"a\xff", "not UTF-8"),
        (
            "pyproject.toml",
            b"[project",
            "not valid TOML: Expected ']' at the end of a table declaration (at end of document)",
        ),
        ("pyproject.toml", b"project = 3", "not in the form that its name promises"),
        (
            "setup.cfg",
            b"no section",
            "not valid INI: File contains no section headers. file: '<string>', line: 1 'no section'",
        ),
        ("Pipfile.lock", b"{", "not valid JSON: line 1: Expecting property name enclosed in double quotes"),
        ("Pipfile.lock", b"[]", "not in the form that its name promises"),
        ("uv.lock", b"[[package]]\nversion = '1'", "not in the form that its name promises"),
        (
            "environment.yml",
            b"a: b: c",
            "not valid YAML: line 1: mapping values are not allowed in this context",
        ),
        ("environment.yml", b"\xff\xfea", "not UTF-16, as its first bytes say"),
        ("environment.yml", b"dependencies: 3", "not in the form that its name promises"),
        ("conda-lock.yml", b"- 1", "not in the form that its name promises"),
        ("renv.lock", b"{,", "not valid JSON: line 1: Expecting property name enclosed in double quotes"),
    ],
)
def test_a_broken_file_says_so(path: str, data: bytes, expected: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(path, data)
    assert expected == caught.value.reason


def test_a_secret_never_reaches_the_reason() -> None:
    with pytest.raises(UnreadableError) as caught:
        parse("requirements.txt", b"two words https://user:secret@x.org/p ")
    assert "secret" not in caught.value.reason


@given(
    st.sampled_from([path for path in KNOWN if "/" not in path]),
    st.binary(max_size=60) | st.text().map(str.encode),
)
def test_no_bytes_break_it(path: str, data: bytes) -> None:
    try:
        found = parse(path, data)
    except UnreadableError:
        return
    assert all(isinstance(part, str) for pair in found.items() for part in pair)
