"""The document: where sections go, what the unreleased part becomes, adoption, and what is refused."""

from __future__ import annotations

import re

import pytest

from dvc_changelog.changelog_file import Section, Source, richer, update
from dvc_changelog.errors import DocumentError

HEADER = "# Changelog\n\nAll changes.\n"
ORDER = ("unreleased", "v3", "v2", "v1", "v0")


def section(key: str, *lines: str) -> Section:
    title = "Unreleased" if key == "unreleased" else f"[{key.removeprefix('v')}] - 2026-01-01"
    return Section(key, "\n".join([f"## {title}", "", *(lines or (f"- {key}: a", f"- {key}: b"))]) + "\n")


def run(existing: str, *sections: Section, order: tuple[str, ...] = ORDER, adopt: bool = False) -> str:
    """Update, and see that doing it again changes nothing."""
    text = update(existing, HEADER, sections, order, path="CHANGELOG.md", adopt=adopt)
    assert text == update(text, HEADER, sections, order, path="CHANGELOG.md")
    assert text == update(text, "# Other header\n", sections, order, path="CHANGELOG.md", adopt=True)
    return text


def bare(text: str) -> str:
    """The text as a reader sees it: without marks, one blank line at most."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"<!-- dvc-changelog:.*-->\n?", "", text))


def headings(text: str) -> list[str]:
    return [line.split()[1].strip("[]") for line in text.split("\n") if line.startswith("## ")]


@pytest.mark.parametrize("existing", ["", "\n", " \n\n"])
def test_a_new_file_has_header_and_sections_newest_first(existing: str) -> None:
    text = run(existing, section("v1"), section("v2", "- x"))
    assert text.startswith(
        "# Changelog\n\nAll changes.\n\n<!-- dvc-changelog:begin v2 -->\n\n## [2] - 2026-01-01\n\n- x\n\n"
        "<!-- dvc-changelog:end v2 "
    )
    assert bare(text) == (
        "# Changelog\n\nAll changes.\n\n## [2] - 2026-01-01\n\n- x\n\n"
        "## [1] - 2026-01-01\n\n- v1: a\n- v1: b\n\n"
    )
    assert text.endswith("-->\n")


def test_a_file_without_sections_is_still_known_as_ours() -> None:
    text = run("")
    assert bare(text) == HEADER + "\n"
    assert run(text, section("v1")) == run("", section("v1"))


@pytest.mark.parametrize("key", ["a--b", "x>y", "ü/1", "model@v1.0.0", "100%", "a-"])
def test_any_tag_can_be_a_key(key: str) -> None:
    text = run("", section(key), order=(key,))
    marks = [line[4:-3] for line in text.split("\n") if line.startswith("<!--")]
    assert not any("--" in mark or ">" in mark for mark in marks)


@pytest.mark.parametrize("first", [("v3",), ("v0",), ("v2",), ("v3", "v0"), ("v2", "v1")])
def test_new_sections_go_where_the_order_says(first: tuple[str, ...]) -> None:
    text = run("", *map(section, first))
    text = run(text, *map(section, ORDER))
    assert headings(text) == ["Unreleased", "3", "2", "1", "0"]
    assert text == run("", *map(section, ORDER))


def test_sections_that_are_not_asked_for_stay_byte_for_byte() -> None:
    old = run("", section("v2"), section("v1"))
    old = old.replace("- v1: a", "-   v1: a  \n\n\n")
    new = run(old, section("v2", "- all new"))
    assert old[old.index("<!-- dvc-changelog:begin v1") :] == new[new.index("<!-- dvc-changelog:begin v1") :]


def test_a_release_that_is_gone_leaves_what_was_written_by_hand() -> None:
    def without(existing: str, *gone: str) -> str:
        return update(existing, HEADER, [section("v3")], ("v3", "v1"), path="CHANGELOG.md", gone=gone)

    old = run("", section("v3"), section("v2"), section("v1"))
    assert without(old, "v2", "v4") == run("", section("v3"), section("v1"))
    new = without(old.replace("- v2: a", "- by hand"), "v2")
    assert headings(new) == ["3", "2", "1"]
    assert "## [2] - 2026-01-01\n\n- by hand\n\n" in new
    assert "v2: b" not in new
    assert new == without(new, "v2")


def test_text_between_sections_stays() -> None:
    old = run("", section("v2"), section("v1"))
    old = "Above.\n" + old.replace(
        "\n<!-- dvc-changelog:begin v1", "\nBetween.\n\n<!-- dvc-changelog:begin v1"
    )
    new = run(old + "\nBelow.", section("v3"), section("v2", "- x"), section("v1", "- y"))
    assert headings(new) == ["3", "2", "1"]
    assert new.startswith("Above.\n# Changelog")
    assert "-->\n\nBetween.\n\n<!-- dvc-changelog:begin v1" in new
    assert new.endswith("-->\n\nBelow.")


@pytest.mark.parametrize("rest", [(), ("unreleased",)])
def test_notes_on_the_unreleased_part_move_into_the_oldest_new_release(rest: tuple[str, ...]) -> None:
    old = run("", section("unreleased"), section("v1"))
    old = old.replace("- unreleased: a", "- unreleased: a\n- by hand")
    new = run(old, *map(section, rest), section("v3"), section("v2"), section("v1"))
    assert headings(new) == [*(["Unreleased"] if rest else []), "3", "2", "1"]
    assert new.count("- by hand") == 1
    assert "- by hand" in new[new.index("## [2]") : new.index("## [1]")]
    assert "unreleased: a" not in new or rest


def test_a_line_removed_from_the_unreleased_part_is_not_in_the_release() -> None:
    old = run("", section("unreleased", "- a", "- b"), section("v1")).replace("- a\n", "")
    assert "- a\n" not in run(old, section("v2", "- a", "- b"), section("v1"))


def test_releases_older_than_those_in_the_file_do_not_take_the_notes() -> None:
    old = run("", section("unreleased"), section("v3")).replace("- unreleased: a", "- by hand")
    new = run(old, *map(section, ORDER))
    assert headings(new) == ["Unreleased", "3", "2", "1", "0"]
    assert "- by hand" in new[: new.index("## [3]")]


def test_notes_stay_when_a_file_of_the_unreleased_part_alone_gets_its_releases() -> None:
    old = run("", section("unreleased")).replace("- unreleased: a", "- unreleased: a\n- by hand")
    new = run(old, *map(section, ORDER))
    assert "- by hand" in new[: new.index("## [3]")]


def test_the_first_release_takes_the_notes() -> None:
    old = run("", section("unreleased", "- a", "- b")).replace("- a", "- a\n- by hand")
    new = run(old, section("unreleased", "- c"), section("v0", "- a", "- b"))
    assert "- a\n- by hand\n- b" in new[new.index("## [0]") :]


def test_the_unreleased_part_is_left_alone_when_not_asked_for() -> None:
    old = run("", section("unreleased"), section("v1"))
    assert old == run(old, section("v1"))


def test_an_unreleased_part_that_is_no_more_goes() -> None:
    old = run("", section("unreleased"), section("v1"))
    assert run("", section("v1")) == run(old, section("v1"), order=("v1",))


def test_an_unreleased_part_alone_that_is_no_more_leaves_a_file_of_ours() -> None:
    old = run("", section("unreleased"))
    assert run("") == run(old, order=())


def test_of_an_unreleased_part_that_is_no_more_the_notes_stay() -> None:
    old = run("", section("unreleased"), section("v1")).replace("- unreleased: a", "- by hand")
    new = run(old, section("v1"), order=("v1",))
    assert bare(new).startswith(HEADER + "\n## Unreleased\n\n- by hand\n\n## [1]")
    again = run(new, section("unreleased"), section("v1"))
    assert bare(again).startswith(
        HEADER + "\n## Unreleased\n\n- by hand\n- unreleased: a\n- unreleased: b\n\n"
    )


ADOPTABLE = """\
# History

Our own words.

```
## [3] no heading
```

## [Unreleased]

- a plan

## v2 (2025-01-01)

- two

## [1] - 2024-01-01

- one

[Unreleased]: https://example.org/compare/v2...HEAD
[1]: https://example.org/v1
"""


def test_a_file_without_marks_is_refused_with_the_remedy() -> None:
    with pytest.raises(DocumentError, match=r"CHANGELOG\.md: has no marks") as caught:
        update(ADOPTABLE, HEADER, [section("v1")], ORDER, path="CHANGELOG.md")
    assert "--adopt" in caught.value.remedy


def test_an_adopted_file_keeps_its_text_and_its_releases() -> None:
    text = run(ADOPTABLE, *map(section, ORDER), adopt=True)
    assert headings(text) == ["3", "Unreleased", "3", "v2", "1", "0"]
    assert "- a plan\n- unreleased: a\n- unreleased: b\n\n<!--" in text
    assert "v2: a" not in text
    assert "v1: a" not in text
    assert text.endswith(ADOPTABLE[ADOPTABLE.index("\n[Unreleased]: ") :])
    kept = iter(text.split("\n"))
    assert all(line in kept for line in ADOPTABLE.split("\n"))


def test_the_plans_of_an_adopted_file_move_into_the_next_release() -> None:
    text = run(ADOPTABLE, *map(section, ORDER), adopt=True)
    order = ("unreleased", "v4", *ORDER[1:])
    text = run(text, section("unreleased", "- newer"), section("v4"), *map(section, ORDER[1:]), order=order)
    assert headings(text) == ["3", "Unreleased", "4", "3", "v2", "1", "0"]
    assert "- a plan" in text[text.index("## [4]") : text.index("## [3] - ")]
    assert "- newer" in text[: text.index("## [4]")]
    assert "## [Unreleased]" not in text


def test_adoption_without_anything_to_add_still_makes_the_file_ours() -> None:
    text = run(ADOPTABLE.replace("## [Unreleased]", "## Plans"), section("v1"), section("v2"), adopt=True)
    assert text == ADOPTABLE.replace("## [Unreleased]", "## Plans") + "\n<!-- dvc-changelog:managed -->\n"


def test_the_persons_unreleased_part_is_taken_over_even_if_there_is_none_of_ours() -> None:
    text = run(ADOPTABLE, section("v3"), order=ORDER[1:], adopt=True)
    assert "## [Unreleased]\n\n- a plan" in text
    text = run(text, section("v4", "- four"), order=("v4", *ORDER[1:]))
    assert "## [4] - 2026-01-01\n\n- four\n- a plan\n" in text
    assert "## [Unreleased]" not in text


def test_an_unreleased_heading_by_hand_in_our_file_is_not_doubled() -> None:
    text = run("", section("v1")).replace("All changes.\n", "All changes.\n\n## UNRELEASED\n\n- plan\n")
    text = run(text, section("unreleased"), section("v1"))
    assert headings(text) == ["UNRELEASED", "1"]
    assert "- plan\n- unreleased: a" in text


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("[1.2.0] - 2026-01-01", "v1.2.0"),
        ("v1.2.0", "1.2.0"),
        ("1.2.0 (2026-01-01)", "v1.2.0"),
        ("[v1.2.0](https://example.org) (2026)", "v1.2.0"),
        ("Version 1.2.0", "v1.2.0"),
        ("**1.2.0**:", "v1.2.0"),
        ("model@v1.0.0", "model@v1.0.0"),
        ("[model@1.0.0]", "model@v1.0.0"),
        ("2024-assessment-year", "2024-assessment-year"),
    ],
)
def test_a_release_with_a_heading_by_hand_is_left_to_the_person(title: str, key: str) -> None:
    text = run(f"# Log\n\n## {title}\n\nMine.\n", section(key), order=(key,), adopt=True)
    assert "- " + key not in text


@pytest.mark.parametrize(
    "line", ["### 1.2.0", "1.2.0", "## 1.2.01", "## About 1.2.0", "    ## 1.2.0", "<!--\n## 1.2.0\n-->"]
)
def test_what_names_no_release_is_no_heading_of_one(line: str) -> None:
    text = run(f"# Log\n\n{line}\n", section("v1.2.0"), order=("v1.2.0",), adopt=True)
    assert "- v1.2.0: a" in text


def test_an_underlined_heading_names_a_release() -> None:
    text = run("# Log\n\nv1 (2020)\n---------\n\nMine.\n", section("v2"), section("v1"), adopt=True)
    assert "v1: a" not in text
    assert text.index("## [2]") < text.index("v1 (2020)")


@pytest.mark.parametrize(
    ("existing", "before"),
    [
        ("# A\n\n## Other\n\ntext\n", "## Other"),
        ("# A\n\n## 1\n\n## Other\n", "## 1\n"),
        ("# A\n\n## 3\n\n## 9\n", "## 9"),
    ],
)
def test_in_an_adopted_file_a_section_goes_among_the_headings(existing: str, before: str) -> None:
    text = run(existing, section("v2"), adopt=True)
    between = text[text.index("<!-- dvc-changelog:end v2") :].split("\n", 2)
    assert between[2].startswith(before)


def test_without_any_heading_a_section_goes_to_the_end() -> None:
    text = run("Some text\n\n[1]: https://example.org", section("v2"), adopt=True)
    assert text.startswith("Some text\n\n<!-- dvc-changelog:begin v2")
    assert text.endswith("-->\n\n[1]: https://example.org")


B, E = "<!-- dvc-changelog:begin v1 -->", "<!-- dvc-changelog:end v1 abcd -->"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([B, "a"], "line 1: the section v1 has no end mark"),
        (["a", E], "line 2: an end mark for v1 without"),
        ([B, B.replace("v1", "v2"), E], "line 1: the section v1 has no end mark before line 2"),
        ([B, E, "", B, E], "line 4: a second section v1; the first is at line 1"),
        ([B, E.replace("v1", "v2")], "line 2: an end mark for v2"),
        (["<!-- dvc-changelog:begin -->", E], "line 1: a mark that does not name"),
        (["<!-- dvc-changelog:begin v1", E], "line 1: a mark that cannot be read"),
        (["```", B, E, B], "line 4: a second section v1"),
    ],
)
def test_broken_marks_are_an_error_that_names_the_line(lines: list[str], message: str) -> None:
    with pytest.raises(DocumentError, match=f"CHANGELOG.md: {re.escape(message)}") as caught:
        update("\n".join(lines), HEADER, [section("v1")], ORDER, path="CHANGELOG.md")
    assert "Restore" in caught.value.remedy


def test_marks_quoted_in_code_are_text() -> None:
    text = run("", section("v1")).replace("All changes.", f"All changes.\n\n```\n{B}\n```")
    assert f"```\n{B}\n```" in run(text, section("v2"), section("v1", "- new"))


def test_a_fence_that_is_not_closed_does_not_hide_our_sections() -> None:
    text = run("", section("v1")).replace("All changes.", "All changes.\n\n```")
    assert headings(run(text, section("v2"), section("v1"))) == ["2", "1"]


def test_a_mark_in_a_message_is_disarmed() -> None:
    text = run("", section("v1", E, "- a"))
    assert "&lt;!-- dvc-changelog:end v1 abcd -->" in text


@pytest.mark.parametrize("damage", ["", " x", " abc", " ab-d", " abcd efgh"])
def test_with_a_damaged_fingerprint_no_text_is_lost(damage: str) -> None:
    text = run("", section("v1")).replace("- v1: a", "- v1: a\n- by hand")
    text = re.sub(r"end v1 \S+", f"end v1{damage}", text)
    new = run(text, section("v1", "- v1: a", "- v1: c"))
    assert bare(new) == HEADER + "\n## [1] - 2026-01-01\n\n- v1: a\n- by hand\n- v1: b\n- v1: c\n\n"


@pytest.mark.parametrize("final", ["", "\n", "\n\n\n"])
def test_the_end_of_the_file_stays_as_it_is(final: str) -> None:
    text = run("", section("v2")).rstrip("\n") + final
    for change in ([section("v1")], [section("v3")], [section("v2", "- x")]):
        assert run(text, *change).endswith(f"-->{final}")


def test_in_a_file_of_mixed_line_ends_the_lines_by_hand_keep_theirs() -> None:
    text = (
        run("", section("v1"))
        .replace("- v1: a\n", "- v1: a\n- by hand\r\n")
        .replace("All changes.", "All.\r")
    )
    new = run(text, section("v2"), section("v1", "- v1: a", "- c"))
    assert "All.\r\n" in new
    assert "- v1: a\n- by hand\r\n- c\n" in new


FULL, POOR = Source("a1..b2", 0, held=True), Source("a1..b2", 2)


@pytest.mark.parametrize(
    ("there", "now", "kept"),
    [
        (FULL, POOR, True),
        (FULL, Source("a1..b2", 0), False),  # all of it comes from Git now: it is no poorer
        (FULL, Source("a1..c3", 2), False),  # another state: the tag moved
        (Source("a1..b2", 1, held=True), POOR, True),
        (Source("a1..b2", 2, held=True), POOR, False),
        (POOR, POOR, False),
        (POOR, Source("a1..b2", 1), False),  # it told nothing from a cache, so nothing is lost
        (Source("..b2", 0, held=True), Source("..b2", 1), True),
    ],
)
def test_a_section_is_richer_that_was_told_of_the_same_states_from_more(
    there: Source, now: Source, *, kept: bool
) -> None:
    text = update("", HEADER, [Section("v1", "## v1\n\n- told\n", there)], ["v1"], path="CHANGELOG.md")
    section = Section("v1", "## v1\n\n- not told\n", now)
    assert richer(text, [section], "CHANGELOG.md") == (frozenset(["v1"]) if kept else frozenset())


def told(existing: str, text: str, source: Source) -> str:
    """The document after a machine told v1 with this text, from this."""
    return update(existing, HEADER, [Section("v1", f"## v1\n\n{text}", source)], ["v1"], path="CHANGELOG.md")


def test_a_section_that_is_told_from_more_is_renewed_with_its_mark() -> None:
    text = told("", "- a\n", POOR).replace("- a\n", "- a\n- by hand\n")
    full = told(text, "- a\n- read\n", FULL)
    assert "a1..b2 0 -->" in full
    assert "- by hand\n" in full
    assert told(full, "- a\n- read\n", FULL) == full


@pytest.mark.parametrize("first", [FULL, POOR, Source("a1..b2", 0)])
@pytest.mark.parametrize("second", [FULL, POOR, Source("a1..b2", 0)])
def test_machines_that_tell_the_same_do_not_quarrel_over_the_mark(first: Source, second: Source) -> None:
    text = told("", "- a\n", first)
    assert told(text, "- a\n", second) == text


def test_the_mark_follows_a_tag_that_moved() -> None:
    moved = told(told("", "- a\n", FULL), "- a\n", Source("a1..c3", 0, held=True))
    assert "a1..c3 0 -->" in moved
    assert ".." not in told(moved, "- a\n", Source("a1..d4", 0))


def test_nothing_is_richer_than_what_has_no_file() -> None:
    assert richer("", [Section("v1", "## v1\n", POOR)], "CHANGELOG.md") == frozenset()
