"""Text of the repository shows as itself, and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from render.reading import cells, folded, inlines, kinds, text
from strategies import commits, names, releases, tags, texts, whole

from dvc_changelog.changelog_file import Section, update
from dvc_changelog.config import Config
from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    Author,
    ChangeType,
    Commit,
    Forge,
    MetricChange,
    ParamChange,
    Release,
    Revision,
    Stage,
    StageChange,
)
from dvc_changelog.render import escape, markdown
from dvc_changelog.render.phrase import Part, Phrase, Style, code, link, plain, prose, some, strong

GITHUB = Forge("github", "https://github.com/acme/router")
BASE = Revision("a" * 40, "", 0, "v1.0.0", "v1.0.0")
HEAD = Revision("b" * 40, "", 0, "v1.1.0", "v1.1.0")
OURS = re.compile(r"</?details>|</?summary>|<details><summary>|</summary>")

phrases = st.lists(
    st.builds(
        Part,
        st.sampled_from(Style),
        texts,
        st.sampled_from(("https://a.b/c", "https://a.b/c(d)|e> f")),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
).map(lambda parts: Phrase(tuple(parts)))


def shown(phrase: Phrase) -> str:
    """What a reader is to see: empty code shows as two quotes."""
    return folded(
        "".join('""' if is_code(p) and not escape.visible(p.text) else p.text for p in phrase.parts)
    )


def is_code(part: Part) -> bool:
    return part.style is Style.CODE or (part.style is Style.LINK and part.code)


@given(phrases)
@example(plain("- ") + code("x"))
@example(plain("1") + plain(". x"))
@example(plain("wow!") + link("#41", "https://a.b"))
@example(code("a") + code("b"))
@example(plain("a") + strong("(b)") + "c")
@example(plain("&") + "lt;")
@example(strong(" "))
def test_a_phrase_is_one_paragraph_that_shows_its_text(phrase: Phrase) -> None:
    assume(not any(is_code(p) and p.text and not p.text.strip() for p in phrase.parts))
    written = phrase.markdown
    assert "\n" not in written
    assert kinds(written) in (["paragraph_open", "inline", "paragraph_close"], [])
    assert folded(text(list(inlines(written)))).replace(" ", "") == shown(phrase).replace(" ", "")


@given(phrases)
def test_a_phrase_holds_no_html_and_no_image(phrase: Phrase) -> None:
    found = {token.type for token in inlines(phrase.markdown)}
    assert found <= {"text", "code_inline", "strong_open", "strong_close", "link_open", "link_close"}


@given(phrases)
def test_a_phrase_in_a_list_opens_no_further_block(phrase: Phrase) -> None:
    found = kinds(f"- {phrase.markdown}\n- next\n")
    assert not {"heading_open", "fence", "code_block", "html_block", "blockquote_open", "hr"} & set(found)
    assert found.count("list_item_open") == 2
    assert found.count("bullet_list_open") == 1


@given(st.lists(phrases, min_size=1, max_size=4))
def test_a_row_of_a_table_stays_one_row(row: list[Phrase]) -> None:
    head = "| " + " | ".join("h" * len(row)) + " |\n|" + ":--|" * len(row)
    table = f"{head}\n| " + " | ".join(phrase.cell for phrase in row) + " |\n| end |\n"
    found = cells(table)
    assert [len(each) for each in found] == [len(row)] * 3
    for cell, phrase in zip(found[1], row, strict=True):
        assert folded(cell).replace(" ", "") == shown(phrase).replace(" ", "")


@given(phrases)
def test_nobody_is_mentioned(phrase: Phrase) -> None:
    """A mention is an `@` before a letter and after none, outside code."""
    for written in (phrase.markdown, phrase.cell, escape.as_html(str(phrase))):
        seen = "".join(outside_links(written))
        assert not re.search(r"(?<!\w)@(?=\w)", seen)


def outside_links(written: str) -> Iterator[str]:
    """Text where forges look for mentions: they leave links and code alone."""
    depth = 0
    for token in inlines(written):
        depth += token.nesting if token.type.startswith("link") else 0
        if token.type == "text" and not depth:
            yield token.content
        else:
            yield "\n"  # a mention does not go on into another element


@given(st.one_of(texts, st.lists(st.one_of(texts, st.just("`")), max_size=8).map("".join)))
@example("`a` `` `b`` `c`")
@example("`#41` and `@octocat <b>`")
def test_code_that_a_person_marked_is_code_and_all_else_is_text(given: str) -> None:
    told = prose(given)
    written = told.markdown
    assert "\n" not in written
    assert {token.type for token in inlines(written)} <= {"text", "code_inline", "link_open", "link_close"}
    assert kinds(written) in (["paragraph_open", "inline", "paragraph_close"], [])
    seen = folded(text(list(inlines(written)))).replace(" ", "").replace("`", "")
    assert seen == folded(given).replace(" ", "").replace("`", "")


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("add `snake_case` to `fit`", "add `snake_case` to `fit`"),
        ("`@octocat` `<b>` `#41` `a|b`", "`@octocat` `<b>` `#41` `a|b`"),
        ("``two`` `` ` ``", "`two` \\`\\` \\` \\`\\`"),
        ("an odd ` one", "an odd \\` one"),
        ("an `odd` one `", "an `odd` one \\`"),
        ("a ``` fence ```", "a \\`\\`\\` fence \\`\\`\\`"),
        ("` `", "\\` \\`"),
        ("no `code here", "no \\`code here"),
    ],
)
def test_balanced_backticks_are_code(given: str, written: str) -> None:
    assert prose(given).markdown == written


def test_a_reference_in_code_is_no_link() -> None:
    said = Commit("1" * 40, (), "", 0, Author("", ""), "fix `#41` (#41)", links=("#41",))
    entry = markdown.entry(Release(HEAD, BASE, commits=(said,), forge=GITHUB), Config())
    assert "fix `#41` ([#41](https://github.com/acme/router/issues/41))" in entry


@given(texts)
def test_text_in_html_stays_text(given: str) -> None:
    assert "<" not in escape.as_html(given)
    assert "\n" not in escape.as_html(given)
    assert plain(given).html == escape.as_html(given)
    assert "<" not in code(given).html.removeprefix("<code>").removesuffix("</code>")


@given(tags)
def test_the_heading_of_a_release_shows_its_tag_and_links_to_it(tag: str) -> None:
    release = Release(replace(HEAD, version=tag), BASE)
    tag = tag[1:] if tag[:1] in "vV" and tag[1:2].isdigit() else tag
    for forge in (GITHUB, None):
        entry = markdown.entry(replace(release, forge=forge), Config())
        assert kinds(entry)[0] == "heading_open"
        heading = text(list(inlines(entry.splitlines()[0] + "\n\n" + entry.splitlines()[-1])))
        assert folded(heading) == f"{tag} - 1970-01-01" if forge else heading.startswith(heading[:1])
        assert any(token.type == "link_open" for token in inlines(entry)) == bool(forge)


def test_a_branch_whose_name_is_no_utf_8_is_compared() -> None:
    release = Release(replace(HEAD, version=None, name="\udcff"), BASE, review=True)
    assert f"compare/{'a' * 12}...{'b' * 12}" in markdown.entry(replace(release, forge=GITHUB), Config())


def told(texts_: tuple[str, str, str], commit: Commit) -> Release:
    """A release in which the same texts stand in every place that a repository fills."""
    name, value, path = texts_
    return Release(
        HEAD,
        BASE,
        forge=GITHUB,
        commits=(replace(commit, message=value),),
        aliases=(),
        changes=(
            ParamChange(ChangeType.MODIFIED, path, name, value, value + "x", (name,)),
            ParamChange(ChangeType.MODIFIED, path, name + "l", [value], [name, value]),
            MetricChange(ChangeType.MODIFIED, path, name, 1, 2, 1),
            StageChange(ChangeType.ADDED, path, name, None, Stage(path, name, cmd=value)),
            ArtifactChange(ChangeType.ADDED, path, name, None, Artifact(name, path, path, value)),
        ),
    )


@given(st.tuples(names, texts, names), commits)
def test_a_document_keeps_its_shape_whatever_the_repository_says(
    given: tuple[str, str, str], commit: Commit
) -> None:
    name, value, path = (each.encode("utf-8", "replace").decode() for each in given)
    entry = markdown.entry(told((name, value, path), commit), Config())
    calm = markdown.entry(
        told(("a", "b", "c"), replace(commit, scope="", breaking=commit.breaking and "b")), Config()
    )
    assert kinds(entry) == kinds(calm)


@whole
@given(releases, st.sampled_from((None, GITHUB)))
def test_a_document_holds_no_html_but_its_folds(release: Release, forge: Forge | None) -> None:
    entry = markdown.entry(replace(release, forge=forge), Config(fold_after=2))
    for token in markdown_html(entry):
        assert not OURS.sub("", re.sub(r"<summary>([^<>]|</?code>)*</summary>", "", token)).strip()
    assert entry.count("<details>") == entry.count("</details>") or "`" in entry


def markdown_html(entry: str) -> list[str]:
    from render.reading import blocks

    found = [token.content for token in blocks(entry) if token.type == "html_block"]
    return found + [token.content for token in inlines(entry) if token.type == "html_inline"]


@whole
@given(releases)
def test_a_document_has_no_blank_lines_in_a_row_and_no_space_at_the_end(release: Release) -> None:
    entry = markdown.entry(replace(release, forge=GITHUB), Config(fold_after=2))
    assert "\n\n\n" not in entry
    assert entry == entry.strip() + "\n"
    assert "\r" not in entry


@whole
@given(releases)
def test_no_text_breaks_out_of_the_marks_of_the_file(release: Release) -> None:
    key = release.head.version or "unreleased"
    entry = markdown.entry(replace(release, forge=None), Config(fold_after=2))
    header = markdown.header(Config())
    document = update("", header, [Section(key, entry)], [key], path="CHANGELOG.md")
    marks = [line for line in document.splitlines() if re.match(r" {0,3}<!--", line)]
    assert [line.split()[1] for line in marks] == ["dvc-changelog:begin", "dvc-changelog:end"]
    assert update(document, header, [Section(key, entry)], [key], path="CHANGELOG.md") == document


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("Tune snake_case, 5 < 6", "Tune snake_case, 5 \\< 6"),
        ("_private_ *bold* ~~gone~~", "\\_private\\_ \\*bold\\* \\~\\~gone\\~\\~"),
        ("thanks @octocat, me@acme.org", "thanks @\u200boctocat, me@acme.org"),
        ("costs $5 and $6", "costs \\$5 and \\$6"),
        ("see https://a.b/x/~y/__init__.py now", "see <https://a.b/x/~y/__init__.py> now"),
        ("see https://a.b/x#y.", "see https://a.b/x#y."),
        ("# no heading", "\\# no heading"),
        ("12. no list", "12\\. no list"),
        ("1.5 is no list, -1 neither", "1.5 is no list, -1 neither"),
        ("tab\tand\nline", "tab and line"),
        ("\u202eevil\x1b[31m", "\ufffdevil\ufffd\\[31m"),
        ("family 👩\u200d💻", "family 👩\u200d💻"),
        ("bytes \udcff", "bytes \ufffd"),
    ],
)
def test_plain_text_is_escaped_no_more_than_needed(given: str, written: str) -> None:
    assert plain(given).markdown == written


@pytest.mark.parametrize(
    ("given", "cell", "written"),
    [
        ("a|b", True, "`a\\|b`"),
        ("a|b", False, "`a|b`"),
        ("a`b", False, "``a`b``"),
        ("`a", False, "`` `a ``"),
        (" a ", False, "`  a  `"),
        ("", False, '""'),
        (" ", False, "` `"),
    ],
)
def test_code_is_set_in_as_many_backticks_as_it_takes(given: str, cell: bool, written: str) -> None:
    assert (escape.code_in_cell if cell else escape.code)(given) == written


@pytest.mark.parametrize(
    ("names", "told"), [("", ""), ("a", "a"), ("abc", "a, b and c"), ("abcd", "a, b, c and 1 more")]
)
def test_the_first_few_are_listed_and_the_others_counted(names: str, told: str) -> None:
    assert str(some(names, 3)) == told
