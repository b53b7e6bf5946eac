"""docs/ci.md: its snippets are of the schemas that CI systems publish, its commands and tables are ours."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from cigrounds import TOP, complaints

from dvc_changelog.cli.app import app

TEXT = (TOP / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCKS: list[Any] = [
    yaml.safe_load(found) for found in re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
]
ACTION: dict[str, Any] = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
COMMANDS = sorted(set(re.findall(r"dvc-changelog\"? ((?:review|check|generate|release) [^`\n]*)", TEXT)))


@pytest.mark.parametrize(
    ("schema", "key", "count"),
    [
        ("github-workflows", "jobs", 2),
        ("gitlab-ci", "include", 2),
        ("bitbucket-pipelines", "pipelines", 1),
        ("azure-pipelines", "pool", 1),
    ],
)
def test_snippets_are_of_the_published_schemas(schema: str, key: str, count: int, tmp_path: Path) -> None:
    snippets = [block for block in BLOCKS if key in block]
    assert len(snippets) == count
    paths = [tmp_path / f"{number}.yml" for number in range(count)]
    for path, snippet in zip(paths, snippets, strict=True):
        text = yaml.safe_dump({"on" if name is True else name: value for name, value in snippet.items()})
        path.write_text(text, encoding="utf-8")
    assert complaints(schema, *paths) == ""


def test_snippet_of_pre_commit_is_a_configuration(tmp_path: Path) -> None:
    (snippet,) = (block for block in BLOCKS if "repos" in block)
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(snippet), encoding="utf-8")
    command = [sys.executable, "-m", "pre_commit", "validate-config", "config.yaml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
    (repo,) = snippet["repos"]
    ours = {
        hook["id"] for hook in yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    }
    assert {hook["id"] for hook in repo["hooks"]} == ours


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 4


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_take_the_arguments_shown(command: str) -> None:
    name, *given = shlex.split(command)
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    group.commands[name].make_context(name, given)


@pytest.mark.parametrize("part", ["inputs", "outputs"])
def test_tables_name_what_the_action_has(part: str) -> None:
    table = TEXT.split("| input |" if part == "inputs" else "| output |")[1].split("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert [name for row in rows for name in re.findall(r"`([\w-]+)`", row)] == [*ACTION[part]]
