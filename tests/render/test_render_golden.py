"""Documents as a team reads them. UPDATE_GOLDEN=1 writes them anew: then read them as prose."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from render.stories import FORGES, STORIES, code_only, full, param

from dvc_changelog.config import Config
from dvc_changelog.render import markdown

GOLDEN = Path(__file__).parent / "golden"


def agree(name: str, told: str) -> None:
    """What is told is what the golden file says."""
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STORIES)
def test_a_release_reads_as_its_golden_document(name: str) -> None:
    agree(f"{name}.md", markdown.entry(STORIES[name](), Config()))


@pytest.mark.parametrize("kind", FORGES)
def test_the_links_of_a_forge_are_those_of_its_golden_document(kind: str) -> None:
    agree(f"links-{kind}.md", markdown.entry(replace(code_only(), forge=FORGES[kind]), Config()))


@pytest.mark.parametrize("name", STORIES)
def test_a_document_is_set_with_care(name: str) -> None:
    """No double space, no blank line too many, nothing empty."""
    entry = markdown.entry(STORIES[name](), Config())
    for line in entry.splitlines():
        indent = len(line) - len(line.lstrip())
        assert "  " not in re.sub(r"\|(?:  \|)+", "||", line[indent:])
        assert line == line.rstrip()
        assert not re.search(r"\( ?\)|, ,|\.\.(?!\.)|: \.|, \.| ,", line)
    assert "\n\n\n" not in entry


@pytest.mark.parametrize("name", STORIES)
def test_a_long_list_folds_and_a_short_one_does_not(name: str) -> None:
    entry = markdown.entry(STORIES[name](), Config(fold_after=10**6))
    assert " more</summary>" not in entry
    assert entry.count("<details>") == entry.count("</details>")


def test_a_long_list_of_few_params_a_file_stays_one_table() -> None:
    sites = tuple(param("lr", 1, 2, path=f"sites/{n}.yaml") for n in range(20))
    entry = markdown.entry(replace(code_only(), changes=sites), Config())
    assert "| `lr` in `sites/0.yaml` | 1 | **2** |" in entry
    assert "<summary>5 more</summary>" in entry


def test_what_the_fold_of_a_file_cuts_off_is_said() -> None:
    many = (*(param(f"a{n}", 1, 2, path="a.yaml") for n in range(210)), param("b", 1, 2, "train"))
    entry = markdown.entry(replace(code_only(), changes=many), Config())
    assert "| Parameter in `params.yaml` | 1.1.0 | 1.2.0 | Used by |" in entry
    assert "<summary><code>a.yaml</code>: 210 changed</summary>" in entry
    assert "\n… and 10 more, in `--format json`.\n" in entry


def test_what_a_fold_cuts_off_is_said() -> None:
    entry = markdown.entry(STORIES["large"](), Config(fold_after=0))
    assert "<summary>100 more</summary>" in entry
    assert "in `--format json`" not in entry


def test_a_document_starts_with_what_it_is() -> None:
    from dvc_changelog.domain import Changelog

    text = markdown.document(Changelog((full(),)), Config(title="Model *history*"))
    assert text.startswith("# Model \\*history\\*\n\nAll notable changes")
    assert "\n\n## 1.2.0 - 2026-03-14\n" in text
