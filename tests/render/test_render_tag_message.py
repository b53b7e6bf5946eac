"""The message of a tag or commit that carries an entry: what it looks like, and what is read back from it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from render.stories import full
from strategies import releases, whole

from dvc_changelog.config import Config
from dvc_changelog.domain import Note, Release
from dvc_changelog.history import History, words
from dvc_changelog.history.carried import END, begin
from dvc_changelog.render import markdown
from dvc_changelog.render.tag_message import LIMIT, commit_message, message

if TYPE_CHECKING:
    from gitrepo import GitRepo

ENTRY = """\
## [1.2.0] - 2026-03-14

`router` was retrained.

### Models

- `router` 18 KB ([`e4bc9b0`](https://example.org/a/b/commit/e4bc9b0))

<details><summary>2 more commits (<code>docs</code>)</summary>

- Fixes #12, GH-3 and owner/repo#4 ([#5](https://example.org/a/b/issues/5))
- Closes https://example.org/a/b/issues/6, resolves ABC-7 `[skip ci]`

</details>

### Why

#### Deep

- Reason: none

[1.2.0]: https://example.org/a/b/compare/v1.1.0...v1.2.0
"""
LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=20)
MARKS = st.sampled_from(
    ["", "# heading", "Reason: x", "---", begin(), begin("v1"), END, "  indented", "é", "\t"]
)
WORDS = st.lists(LINES | MARKS, max_size=8).map("\n".join)
ENTRIES = st.lists(LINES | MARKS | st.sampled_from(["### Why", "```", "## [x]", "[x]: y"]), max_size=8).map(
    lambda lines: "\n".join(["## [1.0.0] - 2026-01-01", "", *lines])
)


def test_a_tag_says_the_words_then_the_entry_without_its_heading() -> None:
    assert message(ENTRY, "v1.2.0", "Spanish\n\nAt last.\n") == (
        "Spanish\n\nAt last.\n\n<!-- dvc-changelog entry v1.2.0 -->\n\n`router` was retrained.\n\n"
        "Models\n------\n\n- `router` 18 KB ([`e4bc9b0`](https://example.org/a/b/commit/e4bc9b0))\n\n"
        "<details><summary>2 more commits (<code>docs</code>)</summary>\n\n"
        "- Fixes #12, GH-3 and owner/repo#4 ([#5](https://example.org/a/b/issues/5))\n"
        "- Closes https://example.org/a/b/issues/6, resolves ABC-7 `[skip ci]`\n\n</details>\n\n"
        "Why\n----\n\n### Deep\n\n- Reason: none\n\n<!-- dvc-changelog end -->\n"
    )


def test_a_commit_says_it_plainly_and_nothing_in_it_acts() -> None:
    told = commit_message(ENTRY, "chore: release 1.2.0\n\nBody\n\nReason: x\nSigned-off-by: A <a@b>\n")
    z = "\u200b"
    assert told == (
        "chore: release 1.2.0\n\nBody\n\n<!-- dvc-changelog entry -->\n\n`router` was retrained.\n\n"
        "Models\n------\n\n- `router` 18 KB (`e4bc9b0`)\n\n2 more commits (`docs`):\n\n"
        f"- Fixes #{z}12, GH-{z}3 and owner/repo#{z}4 (#{z}5)\n"
        f"- Closes {z}https://example.org/a/b/issues/6, resolves ABC-{z}7 `[{z}skip ci]`\n\n"
        "Why\n----\n\n### Deep\n\n- Reason: none\n\n<!-- dvc-changelog end -->\n\n"
        "Reason: x\nSigned-off-by: A <a@b>\n"
    )


def test_without_words_the_tag_s_name_is_the_subject() -> None:
    told = message(ENTRY, "v1.2.0")
    assert told.startswith("v1.2.0\n\n<!--")
    assert told == message(ENTRY, "v1.2.0", " v1.2.0\n")
    assert words(told) == ""


def test_words_that_the_entry_quotes_stand_once() -> None:
    release = replace(full(), notes=(Note("tag", "Spanish *first*", tag="v1.2.0"),))
    told = message(markdown.entry(release, Config()), "v1.2.0", "Spanish *first*")
    assert told.startswith("Spanish *first*\n\n<!--")
    assert "\\*first" not in told


@given(ENTRIES, WORDS, st.sampled_from(["v1.0.0", "a=b@v1.0.0--x", "v1", "é"]))
@example("## 1\n", begin("v1"), "v1")
def test_the_words_are_read_back_whatever_the_entry_says(entry: str, said: str, tag: str) -> None:
    told = message(entry, tag, said)
    expected = words(said)
    assert words(told) == ("" if expected == tag else expected)
    assert message(entry, tag, words(told)) == told


@whole
@given(releases, WORDS)
def test_the_words_are_read_back_from_any_release(release: Release, said: str) -> None:
    told = message(markdown.entry(release, Config()), "v7", said)
    assert words(told) == words(said)


@given(ENTRIES, WORDS)
def test_a_commit_s_words_are_read_back(entry: str, said: str) -> None:
    def paragraphs(text: str) -> list[str]:
        return [line for line in text.split("\n") if line.strip()]

    assert paragraphs(words(commit_message(entry, said))) == paragraphs(words(said))


@pytest.mark.parametrize("make", [lambda e: message(e, "v1", "Words"), lambda e: commit_message(e, "Words")])
def test_an_entry_too_long_is_cut_where_nothing_is_open_and_says_so(make) -> None:  # type: ignore[no-untyped-def]  # two of one kind
    rows = "\n".join(f"- {'é' * 40} {n}" for n in range(900))
    entry = f"## 1.0.0\n\nFirst.\n\n### Data\n\n<details><summary>900</summary>\n\n{rows}\n\n</details>\n"
    told = make(entry + "\n### Why\n\n- x\n")
    assert len(told.encode()) < LIMIT + 1000
    assert "First.\n\nThis entry is too long for a message: the whole of it is in `CHANGELOG.md`." in told
    assert "<details>" not in told
    assert words(told) == "Words"


NASTY = [
    "Words\n\n# no comment\n\n  indented\n\n\n\n\nfar\tapart  \nlast",
    "a\r\n\r\nb",
    "Reason: x",
    "Zeile ä €\n---\nafter a divider\n\nSigned-off-by: A <a@b>",
    "",
]


@pytest.mark.parametrize("said", NASTY)
@pytest.mark.parametrize("long", [1, 1500], ids=["short", "long"])
def test_git_gives_a_tag_s_words_back(repo: GitRepo, said: str, long: int) -> None:
    repo.commit()
    entry = ENTRY + "\nReason: forged\n" * long
    text = message(entry, "v1.2.0", said)
    repo.git("tag", "--annotate", "--cleanup=verbatim", "--file=-", "v1.2.0", stdin=text.encode())
    (tag,) = History(repo.path).all_tags
    assert tag.message == words(said)
    assert repo.git_bytes("for-each-ref", "--format=%(contents)", "refs/tags").decode() == text + "\n"
    trailers = repo.git("for-each-ref", "--format=%(contents:trailers)", "refs/tags")
    assert "forged" not in trailers


@pytest.mark.parametrize("cleanup", ["verbatim", "whitespace", "strip"])
def test_git_finds_a_commit_s_own_trailers_and_no_others(repo: GitRepo, cleanup: str) -> None:
    text = commit_message(ENTRY + "\nReason: forged\n", "Release\n\nBody\n\nReason: own\n")
    repo.git("commit", "--allow-empty", "-q", f"--cleanup={cleanup}", "--file=-", stdin=text.encode())
    (commit,) = History(repo.path).reached("HEAD")
    assert (commit.message, commit.body, commit.trailers) == ("Release", "Body", (("Reason", "own"),))
    told = repo.git("log", "-1", "--format=%B")
    assert "Models\n------" in told  # a heading is no comment to Git
    parsed = subprocess.run(
        ["git", "interpret-trailers", "--parse"], input=text, capture_output=True, text=True, check=True
    )
    assert parsed.stdout == "Reason: own\n"
