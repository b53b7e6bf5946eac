"""The summary of a step: behind what stands there, whole or said to be cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.cli import summary
from dvc_changelog.errors import DocumentError


def test_a_document_is_put_behind_another(tmp_path: Path) -> None:
    place = tmp_path / "summary.md"
    assert summary.append(str(place), "# One\n\n")
    assert summary.append(str(place), "# Two")
    assert place.read_text(encoding="utf-8") == "# One\n\n# Two\n"


def test_what_does_not_fit_is_cut_and_said(tmp_path: Path) -> None:
    place = tmp_path / "summary.md"
    place.write_text("x" * 1000 + "\n", encoding="utf-8")
    fold = f"<details><summary>x</summary>\n\n```text\n{'é' * 60}\n```\n</details>\n"
    lines = fold * 9000
    assert not summary.append(str(place), lines)
    data = place.read_bytes()
    assert len(data) <= summary.LIMIT
    text = data.decode()
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0
    assert text.endswith("bytes, does not fit into the summary of a step, which holds 1,048,576.\n")
    assert not summary.append(str(place), lines)
    assert len(place.read_bytes()) <= summary.LIMIT


@given(
    st.lists(st.sampled_from(("<details>", "</details>", "```", "~~~~", "é" * 40, "x")), max_size=60),
    st.integers(-10, 3000),
)
def test_it_never_takes_more_room_than_there_is(lines: list[str], room: int) -> None:
    text = "\n".join(lines) + "\n"
    data = summary.fitted(text, room)
    assert len(data) <= max(0, room)
    assert data == text.encode() or b"does not fit" in data or not data
    data.decode()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be written"):
        summary.append(str(tmp_path), "text")
