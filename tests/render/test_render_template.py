"""A user's own template: documented, sandboxed, and told where it is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from render.stories import first, full

from dvc_changelog.config import Config
from dvc_changelog.errors import TemplateError
from dvc_changelog.render import markdown
from dvc_changelog.render.shapes import Line, Section, Table, View

PAGE = Path(__file__).resolve().parents[2] / "docs" / "templates.md"


def rendered(tmp_path: Path, source: str) -> str:
    template = tmp_path / "release.md.j2"
    template.write_text(source, encoding="utf-8")
    return markdown.entry(full(), Config(), template=template)


def test_the_example_of_the_page_renders(tmp_path: Path) -> None:
    example = re.search(r"```jinja\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    told = rendered(tmp_path, example[1])
    assert told.startswith("## 1.2.0 (2026-03-14)\n\n`test.latency_ms` went from 41 ms to 55 ms, ")
    assert "- `test.roc_auc`: 0.912 to 0.931\n" in told
    assert "* **router** (`models/router.pkl`) retrained by `train`" in told


def test_the_page_names_every_value_and_filter() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_.]+)`", page))
    assert {f"view.{name}" for name in View.__slots__} <= named
    assert {*Section.__slots__, *Table.__slots__, *Line.__slots__} <= named
    assert {"release", "config", "forge", "limit", "open_below"} <= named
    assert {"cell", "code", "heading", "html", "url", "raw", "size", "date", "digest", "value"} <= named


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{% set x = '<b>' %}{{ x }}", "\\<b\\>"),
        ("{{ '<b>' | raw }}", "<b>"),
        ("{{ 'a|b' | code | cell }}", "`a\\|b`"),
        ("<i>{{ 'a & <b>' | html }}</i>", "<i>a &amp; &lt;b&gt;</i>"),
        (
            "{{ 2520000 | size }}, {{ 0 | date }}, {{ 'd1f6e0551234' | digest }}",
            "2.4 MB, 1970-01-01, d1f6e055",
        ),
        ("{% set x = [1, 'a'] %}{{ x | value }}", '\\[1, "a"\\]'),
        ("({{ 'a b' | url }})", "(a%20b)"),
        ("{{ forge }}x", "x"),
        ("{{ release.commits | length }} {{ config.fold_after }}", "8 15"),
    ],
)
def test_a_filter_writes_what_the_page_says(tmp_path: Path, source: str, written: str) -> None:
    assert rendered(tmp_path, source) == written + "\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a\n{% for %}", "line 2: "),
        ("a\nb\n{{ nothing.here }}", "line 3: 'nothing' is undefined"),
        ("{{ view.titel }}", "line 1: 'dvc_changelog.render.shapes.View object' has no attribute 'titel'"),
        ("a\n{{ 1 / 0 }}", "line 2: division by zero"),
        ("{{ view.title | shout }}", "line 1: No filter named 'shout'"),
        ("{{ release.__class__.__mro__ }}", "line 1: access to attribute '__class__'"),
        ("{{ release.commits[0].__init__.__globals__ }}", "line 1: access to attribute '__init__'"),
        ("{% include '/etc/passwd' %}", "line 1: "),
        ("{% set x = [] %}{{ x.append(1) }}", "line 1: "),
        ("{{ range(10 ** 9) | list }}", "line 1: Range too big"),
    ],
)
def test_an_error_names_the_file_and_the_line(tmp_path: Path, source: str, line: str) -> None:
    with pytest.raises(TemplateError) as caught:
        rendered(tmp_path, source)
    assert caught.value.what.startswith(f"{tmp_path / 'release.md.j2'}: {line}")
    assert caught.value.remedy == "docs/templates.md lists the values and filters that a template has."


def test_a_template_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"no\.j2: the template cannot be read: No such file"):
        markdown.entry(first(), Config(), template=tmp_path / "no.j2")
    (tmp_path / "latin.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match="not UTF-8"):
        markdown.entry(first(), Config(), template=tmp_path / "latin.j2")
