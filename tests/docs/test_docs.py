"""What the documents show is run: their console blocks in the demo repository, their Python, their links."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from dvc_changelog.config import BumpRule, Config, load, reference_markdown
from dvc_changelog.config.bump import CAUSES, CHANGES, KINDS, LEVELS, ROLES, VERDICTS
from dvc_changelog.config.option import kebab
from dvc_changelog.render.schemas import schema
from dvc_changelog.render.terminal import draw
from dvc_changelog.versioning.reference import rules_markdown
from dvc_changelog.workflows import generate

TOP = Path(__file__).resolve().parents[2]
DOCUMENTS = [TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").glob("*.md"))]
CONSOLE = re.compile(r"^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
TOML = re.compile(r"^```toml\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)(?P<path>[^)#]+)")
UPDATE = bool(os.environ.get("UPDATE_DOCS"))
IDS = [path.relative_to(TOP).as_posix() for path in DOCUMENTS]


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
@pytest.mark.usefixtures("programs")
def test_a_document_shows_what_its_commands_print(document: Path, demo_copy: Path) -> None:
    text = document.read_text(encoding="utf-8")
    shown = CONSOLE.sub(lambda block: f"```console\n{_session(block['body'], demo_copy)}```", text)
    if UPDATE and shown != text:
        document.write_text(shown, encoding="utf-8")
    assert shown == text or UPDATE


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_the_python_of_a_document_runs(document: Path, demo_copy: Path) -> None:
    for block in PYTHON.finditer(document.read_text(encoding="utf-8")):
        done = subprocess.run(
            [sys.executable, "-c", block["body"]], cwd=demo_copy, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_every_link_of_a_document_leads_to_a_file(document: Path) -> None:
    missing = [
        found["path"]
        for found in LINK.finditer(document.read_text(encoding="utf-8"))
        if not (document.parent / found["path"]).exists()
    ]
    assert missing == []


def test_the_configuration_page_lists_the_options_as_they_are() -> None:
    page = TOP / "docs" / "configuration.md"
    head, mark, _ = page.read_text(encoding="utf-8").partition("<!-- options -->\n")
    expected = f"{head}{mark}\n{reference_markdown().strip()}\n"
    if UPDATE:
        page.write_text(expected, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == expected


def test_the_page_of_versions_lists_the_rules_as_they_are() -> None:
    page = TOP / "docs" / "versions.md"
    head, mark, rest = page.read_text(encoding="utf-8").partition("<!-- rules -->\n")
    _, end, tail = rest.partition("<!-- end of rules -->\n")
    expected = f"{head}{mark}\n{rules_markdown()}\n{end}{tail}"
    if UPDATE:
        page.write_text(expected, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == expected


def test_the_page_of_versions_knows_every_word_of_a_rule() -> None:
    text = (TOP / "docs" / "versions.md").read_text(encoding="utf-8")
    words = (*KINDS, *CHANGES, *ROLES, *CAUSES, *VERDICTS, *LEVELS)
    keys = [kebab(field.name) for field in fields(BumpRule) if field.name != "label"]
    assert [word for word in (*words, *keys) if f"`{word}`" not in text] == []


@pytest.mark.parametrize(
    ("name", "definitions"),
    [("changelog", ["reviewed", "finding", "criteria"]), ("check", ["", "finding", "criteria"])],
)
def test_the_page_of_json_knows_every_key_of_a_review(name: str, definitions: list[str]) -> None:
    page = (TOP / "docs/json.md").read_text(encoding="utf-8")
    told = schema(name)
    keys = {key for part in definitions for key in _keys(told["$defs"][part] if part else told)}
    assert [key for key in sorted(keys) if f"`{key}`" not in page and key != "schema_version"] == []


def _keys(part: dict[str, Any]) -> Iterator[str]:
    """The keys of what a schema describes, of what is in it too; definitions stand by themselves."""
    for key, inner in part.get("properties", {}).items():
        yield key
        yield from _keys(inner)
    if "items" in part:
        yield from _keys(part["items"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_the_configuration_of_a_document_is_understood(document: Path, tmp_path: Path) -> None:
    for block in TOML.finditer(document.read_text(encoding="utf-8")):
        (tmp_path / "dvc-changelog.toml").write_text(block["body"].replace("[tool.dvc-changelog]\n", ""))
        load(tmp_path, None, {})


def _session(body: str, place: Path) -> str:
    """The block as it is when its commands are run now."""
    return "".join(f"$ {command}\n{_printed(command, place)}" for command in _commands(body))


def _commands(body: str) -> Iterator[str]:
    for line in body.splitlines():
        if line.startswith("$ "):
            yield line[2:]


def _printed(command: str, place: Path) -> str:
    """What a command prints, on both channels; trailing space is not shown."""
    environment = {
        **os.environ,
        "COLUMNS": "110",
        "NO_COLOR": "1",
        "SOURCE_DATE_EPOCH": "1775000000",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def test_the_picture_of_the_readme_is_what_show_draws(demo_copy: Path) -> None:
    picture = TOP / "docs" / "show.svg"
    drawn = _picture(demo_copy)
    if UPDATE:
        picture.write_text(drawn, encoding="utf-8")
    assert picture.read_text(encoding="utf-8") == drawn


def _picture(place: Path) -> str:
    """A release as `dvc-changelog show` draws it, as an SVG without fonts from elsewhere."""
    told = generate(place, version="v1.2.0", config=Config()).releases[0]
    console = Console(
        record=True, width=104, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    draw(told, Config(), console)
    frame = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    svg = console.export_svg(title="dvc-changelog show v1.2.0", code_format=frame, unique_id="show")
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines())
