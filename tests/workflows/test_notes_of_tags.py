"""The words in annotated tags, from a repository to its changelog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dvc_changelog.config import Config
from dvc_changelog.errors import UsageError
from dvc_changelog.render import markdown
from dvc_changelog.render.tag_message import commit_message, message
from dvc_changelog.workflows import generate

if TYPE_CHECKING:
    from gitrepo import GitRepo

SAID = "Spanish *and* <b>more</b>\n\nLong awaited by @ada:\n- one\n- two\n\nKnown-issue: slow\n"


def _entries(repo: GitRepo, tag: str | None = None, said: str | None = None) -> list[str]:
    told = generate(repo.path, tag=tag, tag_message=said, config=Config())
    return [markdown.entry(release, Config()) for release in told.releases]


def test_a_tag_s_words_stand_at_the_top_of_its_release(repo: GitRepo) -> None:
    repo.commit("Begin")
    repo.tag("v1.0.0", message=SAID)
    repo.tag("latest", message="The one to take")
    (entry,) = _entries(repo)
    assert entry.split("\n", 2)[2].startswith(
        "> Spanish \\*and\\* \\<b\\>more\\</b\\>\n>\n> Long awaited by @\u200bada:\n>\n> - one\n> - two\n\n"
        "> The one to take\n>\n> — `latest`\n\n"
    )
    assert "### Why\n\n- **Known issue**: slow\n" in entry


@pytest.mark.parametrize("said", [SAID, "Release 1.1.0", "Reason: x", "One\r\n\r\nTwo", ""])
def test_a_planned_tag_is_told_as_it_will_be(repo: GitRepo, said: str) -> None:
    repo.release("v1.0.0", "Begin")
    repo.commit("Go on")
    planned = _entries(repo, "v1.1.0", said)
    repo.tag("v1.1.0", message=said)
    told = _entries(repo)

    def undated(entries: list[str]) -> list[list[str]]:
        return [entry.split("\n")[1:] for entry in entries]

    assert undated(planned) == undated(told)
    assert _entries(repo) == told


def test_a_tag_that_carries_its_entry_does_not_tell_it_again(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin")
    repo.commit("fix: something (#3)")
    entry = _entries(repo, "v1.1.0", "Spanish")[0]
    repo.commit(commit_message(entry, "chore(release): 1.1.0"), {"version.txt": "1.1.0\n"})
    entry = _entries(repo, "v1.1.0", "Spanish")[0]
    text = message(entry, "v1.1.0", "Spanish")
    repo.git("tag", "-a", "--cleanup=verbatim", "-F-", "v1.1.0", stdin=text.encode())
    assert _entries(repo)[0].split("\n")[1:] == entry.split("\n")[1:]
    assert "changelog entry" not in entry
    body = {c.message: c.body for c in generate(repo.path, config=Config()).releases[0].commits}
    assert body["1.1.0" if "1.1.0" in body else "chore(release): 1.1.0"] == ""


def test_words_of_prereleases_fold_with_them(repo: GitRepo) -> None:
    for name in ("v1.0.0-rc.1", "v1.0.0-rc.2", "v1.0.0"):
        repo.commit()
        repo.tag(name, message=f"Try {name[-1]}")
    apart = generate(repo.path, config=Config()).releases
    assert [[note.text for note in release.notes] for release in apart] == [["Try 0"], ["Try 2"], ["Try 1"]]
    (folded,) = generate(repo.path, config=Config(merge_prereleases=True)).releases
    assert [(note.tag, note.text) for note in folded.notes] == [
        ("v1.0.0", "Try 0"),
        ("v1.0.0-rc.2", "Try 2"),
        ("v1.0.0-rc.1", "Try 1"),
    ]


def test_words_need_a_tag_that_is_planned(repo: GitRepo) -> None:
    repo.commit()
    with pytest.raises(UsageError, match="--with-tag-message"):
        generate(repo.path, tag_message="Spanish", config=Config())
