"""Reading some tables of a TOML file gives what reading all of it gives for them."""

from __future__ import annotations

import tomllib

import pytest

from dvc_changelog.snapshot.toml_tables import read_tables
from dvc_changelog.snapshot.unreadable import UnreadableError

WANTED = ("project", "tool.poetry")
TEXTS = [
    '[project]\nname = "a"\ndependencies = [\n  "x",\n]\n\n[project.optional-dependencies]\ndev = ["y"]\n',
    '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\nx = "^1"\n[[tool.poetry.source]]\nname = "s"\n',
    "[project]\ndependencies = [\n[1, 2],\n]\n",
    'project = {name = "a"}\n',
    "[project] # the project\nname = 'a'\n[tool.\"odd name\"]\nx = 1\n",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_wanted_tables_are_those_of_the_whole_file(text: str) -> None:
    whole, read = tomllib.loads(text), read_tables(text.encode(), WANTED)
    assert read.get("project") == whole.get("project")
    assert read.get("tool", {}).get("poetry") == whole.get("tool", {}).get("poetry")


@pytest.mark.parametrize("text", ["[project]\nname = \n", "[project\n", "[project]\nname = 1\nname = 2\n"])
def test_a_broken_wanted_table_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_tables(text.encode(), WANTED)
