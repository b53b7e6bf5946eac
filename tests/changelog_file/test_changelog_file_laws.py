"""What holds for any edit by hand and any new text."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dvc_changelog.changelog_file import Section, read, update, write
from dvc_changelog.changelog_file.alignment import pairs

RELEASES = ("v3", "v2", "v1")
ORDER = ("unreleased", *RELEASES)
HEADER = "# Changelog\n"

TOOL_LINES = st.sampled_from(
    [
        *["", "### Data", "### Metrics", "- a", "- b", "- c", "  - of b", "A paragraph."],
        *[
            "| M | A |",
            "|:--|--:|",
            "| x | 1 |",
            "| y | 2 |",
            "<details><summary>1 more</summary>",
            "</details>",
        ],
    ]
)
HAND_LINES = st.one_of(
    st.sampled_from(
        ["", "### Notes", "## Mine", "```", "| hand | 1 |", "- hand", "  hand", "<details>", "a\r"]
    ),
    st.text(alphabet="ab#-*>|` \t\u2028ü", max_size=6),
)
CASES = settings(max_examples=300, deadline=None)


def title(key: str) -> str:
    return "## Unreleased" if key == "unreleased" else f"## [{key}] - 2026-01-01"


@st.composite
def section_lists(draw: st.DrawFn, keys: tuple[str, ...] = ORDER) -> list[Section]:
    chosen = [key for key in keys if draw(st.booleans())]
    texts = {key: draw(st.lists(TOOL_LINES, max_size=12)) for key in chosen}
    return [Section(key, "\n".join([title(key), "", *lines]) + "\n") for key, lines in texts.items()]


def run(text: str, sections: list[Section], order: tuple[str, ...] = ORDER) -> str:
    return update(text, HEADER, sections, order, path="CHANGELOG.md")


@st.composite
def edited(draw: st.DrawFn, text: str, *, removing: bool = True) -> tuple[str, list[str]]:
    """The text after some edits within it (never of a mark), and the lines inserted."""
    lines = text.split("\n")
    inserted: list[str] = []
    for number in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        if removing and draw(st.booleans()):
            if not lines[at].startswith("<!--") and lines[at] not in inserted:
                del lines[at]
        else:
            line = f"{draw(HAND_LINES)}§{number}" if draw(st.booleans()) else draw(HAND_LINES)
            inserted.append(line)
            lines.insert(at, line)
    return "\n".join(lines), inserted


@CASES
@given(st.data(), section_lists(), section_lists())
def test_a_second_run_changes_no_byte(
    data: st.DataObject, before: list[Section], after: list[Section]
) -> None:
    text, _ = data.draw(edited(run("", before)))
    order = data.draw(st.sampled_from([ORDER, RELEASES]))
    once = run(text, after, order)
    assert once == run(once, after, order)


@CASES
@given(st.data(), section_lists())
def test_the_same_sections_leave_every_edit_alone(data: st.DataObject, sections: list[Section]) -> None:
    text, _ = data.draw(edited(run("", sections)))
    marked = {key for key in ORDER if f"begin {key} -->" in text}
    assume(marked or not sections)
    assert text == run(text, sections)


@CASES
@given(st.data(), section_lists(), section_lists())
def test_a_line_by_hand_survives_every_update(
    data: st.DataObject, before: list[Section], after: list[Section]
) -> None:
    text, inserted = data.draw(edited(run("", before)))
    tools = {line for section in before for line in section.text.split("\n")}
    order = data.draw(st.sampled_from([ORDER, RELEASES]))
    by_hand = Counter(line for line in inserted if line.strip() and normal(line) not in map(normal, tools))
    for _ in range(2):
        text = run(text, after, order)
        assert by_hand <= Counter(text.split("\n"))
        order = ORDER


def normal(line: str) -> str:
    return re.sub(r"[\s|*+-]+", "", line)


@CASES
@given(st.data(), section_lists(RELEASES), section_lists(RELEASES))
def test_lines_that_a_person_removed_do_not_come_back(
    data: st.DataObject, before: list[Section], more: list[Section]
) -> None:
    unique = [
        Section(section.key, section.text + "".join(f"- {section.key} {n}\n" for n in range(5)))
        for section in before
    ]
    text = run("", unique)
    gone = {f"- {section.key} {data.draw(st.integers(0, 4))}" for section in unique}
    text = "\n".join(line for line in text.split("\n") if line not in gone)
    again = [Section(each.key, each.text.replace("- a\n", "- z\n")) for each in unique]
    text = run(run(text, again), again + [each for each in more if each.key not in {s.key for s in again}])
    assert not gone & set(text.split("\n"))


@CASES
@given(st.data(), section_lists(), section_lists())
def test_sections_not_asked_for_and_text_outside_are_not_touched(
    data: st.DataObject, before: list[Section], after: list[Section]
) -> None:
    text, _ = data.draw(edited(run("", before)))
    new = run(text, after)
    asked = {section.key for section in after}
    for key in set(RELEASES) - asked:
        mine = re.compile(
            rf"<!-- dvc-changelog:begin {key} -->.*<!-- dvc-changelog:end {key} .*?-->", re.DOTALL
        )
        assert mine.findall(text) == mine.findall(new)
    assert outside(text) == outside(new)


def outside(text: str) -> list[str]:
    rest = re.sub(
        r"<!-- dvc-changelog:begin (\S+) -->.*?<!-- dvc-changelog:end \1 .*?-->", "", text, flags=re.DOTALL
    )
    return [line for line in rest.split("\n") if line.strip() and "dvc-changelog:managed" not in line]


@CASES
@given(section_lists(), section_lists())
def test_without_edits_the_file_is_as_if_written_anew(before: list[Section], after: list[Section]) -> None:
    keys = {section.key for section in after}
    assume({section.key for section in before} <= keys)
    assert filled(run("", after)) == filled(run(run("", before), after))


def filled(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


@CASES
@given(
    st.data(),
    section_lists(RELEASES),
    st.lists(
        st.one_of(
            TOOL_LINES,
            HAND_LINES,
            st.sampled_from(
                ["## [Unreleased]", "## v2", "## [1] - 2020", "## Other", "[1]: https://example.org"]
            ),
        ),
        max_size=12,
    ),
)
def test_adoption_keeps_every_line_in_its_order(
    data: st.DataObject, sections: list[Section], lines: list[str]
) -> None:
    text = "\n".join(lines)
    assume(text.strip())
    if data.draw(st.booleans()):
        sections = [Section("unreleased", "## Unreleased\n\n- u\n"), *sections]
    new = update(text, HEADER, sections, ORDER, path="CHANGELOG.md", adopt=True)
    kept = iter(new.split("\n"))
    assert all(line in kept for line in lines)
    assert new == run(new, sections)


@CASES
@given(st.data(), section_lists(), section_lists(), st.booleans(), st.booleans())
def test_line_ends_and_byte_order_mark_stay(
    data: st.DataObject, before: list[Section], after: list[Section], crlf: bool, bom: bool
) -> None:
    text, _ = data.draw(edited(run("", before)))
    text = text.replace("\r", "")
    assume(before)
    encoded = (b"\xef\xbb\xbf" if bom else b"") + text.replace("\n", "\r\n" if crlf else "\n").encode()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "CHANGELOG.md")
        path.write_bytes(encoded)
        document = read(path)
        write(path, document, run(document.text, after))
        data_after = path.read_bytes()
    assert data_after.startswith(b"\xef\xbb\xbf") == bom
    assert data_after.count(b"\r\n") == (data_after.count(b"\n") if crlf else 0)
    assert data_after.endswith(b"\n") == encoded.endswith(b"\n")


@CASES
@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_an_alignment_is_a_longest_common_subsequence(old: list[str], new: list[str]) -> None:
    matched = pairs(old, new)
    assert all(old[i] == new[j] for i, j in matched)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(matched))
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, word in enumerate(old):
        for j, other in enumerate(new):
            best = max(lengths[i][j + 1], lengths[i + 1][j])
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if word == other else best
    assert lengths[-1][-1] == len(matched)
