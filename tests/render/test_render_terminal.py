"""What `show` draws: plain in a pipe, and never an escape sequence of the repository's."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from render.stories import STORIES, full
from render.test_render_golden import agree
from rich.console import Console
from strategies import releases, whole

from dvc_changelog.config import Config
from dvc_changelog.domain import Release
from dvc_changelog.render import terminal


def drawn(release: Release, *, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=100,
        highlight=False,
        soft_wrap=True,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    terminal.draw(release, Config(), console)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().split("\n")).rstrip() + "\n"


@pytest.mark.parametrize(
    "name", ["full", "first", "large", "unreadable", "moves", "swung", "files", "experiments", "causes"]
)
def test_a_release_is_drawn_as_its_golden_text(name: str) -> None:
    agree(f"terminal-{name}.txt", drawn(STORIES[name]()))


@given(releases)
@whole
def test_no_text_of_the_repository_controls_the_terminal(release: Release) -> None:
    told = drawn(release)
    assert {char for char in told if unicodedata.category(char) in {"Cc", "Cs"}} <= {"\n"}
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068") & set(told)
    told.encode("utf-8")


def test_no_text_is_read_as_markup() -> None:
    release = full()
    said = replace(release.commits[1], message="[bold]no[/bold] [link=x]y[/link]")
    assert "[bold]no[/bold] [link=x]y[/link]" in drawn(replace(release, commits=(said,)), colour=True)


def test_it_works_in_a_pipe(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    terminal.draw(full(), Config())
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "retrained by train" in told
