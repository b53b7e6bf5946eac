"""Which outputs one commit rewrote, read from two versions of a lock the short way."""

from __future__ import annotations

import pytest

from dvc_changelog.snapshot import lockfile
from dvc_changelog.snapshot.recorded import recorded_outputs, rewritten_outputs

HEAD = "schema: '2.0'\nstages:\n"


def stage(name: str, outs: str, deps: str = "a") -> str:
    return f"  {name}:\n    cmd: run\n    deps:\n    - path: {deps}\n      md5: 1\n    outs:\n{outs}"


def out(path: str, md5: str, tail: str = "") -> str:
    return f"    - path: {path}\n      hash: md5\n      md5: {md5}\n      size: 3\n{tail}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (stage("a", out("m.pkl", "aa")), stage("a", out("m.pkl", "bb")), ["m.pkl"]),
        (stage("a", out("m.pkl", "aa")), stage("a", out("m.pkl", "aa"), deps="b"), []),
        (stage("a", out("m.pkl", "aa")), "", ["m.pkl"]),
        (
            stage("a", out("m.pkl", "aa") + out("d/x", "cc")),
            stage("a", out("m.pkl", "ab") + out("d/x", "cc")),
            ["m.pkl"],
        ),
        (stage("a", out("'it''s odd'", "aa")), stage("a", out("'it''s odd'", "bb")), ["it's odd"]),
        (stage("a", out("123", "aa")), stage("a", out("123", "bb")), ["123"]),
        (stage("a", out("m.pkl", "aa")), stage("b", out("m.pkl", "aa")), []),
        (
            stage("a", out("m.pkl", "aa")) + stage("b", out("m.pkl", "bb")),
            stage("a", out("m.pkl", "bb")) + stage("b", out("m.pkl", "cc")),
            ["m.pkl"],
        ),
        (
            stage("a", out("m.pkl", "aa")),
            stage("a", out("m.pkl", "aa")) + stage("b", out("m.pkl", "aa")),
            [],
        ),
        (
            stage("a", out("m.pkl", "aa")) + stage("b", out("m.pkl", "aa")),
            stage("b", out("m.pkl", "aa")),
            [],
        ),
        (
            stage("a", out("m.pkl", "aa") + out("d", "bb")),
            stage("a", out("m.pkl", "aa") + out("d", "bb")) + stage("b", out("m.pkl", "aa") + out("d", "cc")),
            ["d"],
        ),
        (  # the other one is what a stage left behind that has another name now
            stage("a", out("m.pkl", "aa")) + stage("b", out("m.pkl", "bb")),
            stage("a", out("m.pkl", "bb")) + stage("b", out("m.pkl", "bb")),
            ["m.pkl"],
        ),
        (
            stage("a", out("m.pkl", "aa")),
            stage("a", out("m.pkl", "bb")) + stage("b", out("m.pkl", "aa")),
            ["m.pkl"],
        ),
        (stage("a", out("m.pkl", "aa")), stage("b", out("n.pkl", "aa")), ["m.pkl", "n.pkl"]),
        (stage("a", out("m.pkl", "'12e5'")), stage("a", out("m.pkl", "'13e5'")), ["m.pkl"]),
    ],
)
def test_the_outputs_that_differ_are_named(old: str, new: str, expected: list[str]) -> None:
    before = recorded_outputs("dvc.lock", (HEAD + old).encode())
    after = recorded_outputs("dvc.lock", (HEAD + new).encode()) if new else {}
    assert list(rewritten_outputs("dvc.lock", before, after)) == expected


def test_what_is_recorded_once_more_is_named_where_that_is_asked_for() -> None:
    """The lock says no `wdir`: it may be the first of another stage's."""
    texts = stage("a", out("m", "1")), stage("a", out("m", "1")) + stage("b", out("m", "1"))
    old, new = (recorded_outputs("dvc.lock", (HEAD + text).encode()) for text in texts)
    assert list(rewritten_outputs("dvc.lock", old, new)) == []
    assert list(rewritten_outputs("dvc.lock", old, new, once_more=True)) == ["m"]


def test_the_short_way_agrees_with_the_whole_lock() -> None:
    text = (HEAD + stage("a", out("m.pkl", "aa") + out("'x y'", "bb", "      isexec: true\n"))).encode()
    outs = lockfile.parse(text).runs["a"].outs
    expected = {o.path for o in outs}
    assert set(rewritten_outputs("dvc.lock", {}, recorded_outputs("dvc.lock", text))) == expected


def source(rev_lock: str, *lines: str) -> str:
    entry = f"deps: [{{path: x, repo: {{url: u, rev_lock: {rev_lock}}}}}]\n" if rev_lock else ""
    return entry + "outs:\n- md5: aa\n  size: 3\n  path: x\n" + "".join(f"  {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (source("1"), source("2"), ["d/x"]),
        (source(""), source("1"), ["d/x"]),
        (source("1"), source(""), ["d/x"]),
        (source("1"), "frozen: true\n" + source("1", "hash: md5", "desc: X"), []),
        (source(""), source("", "hash: md5"), []),
        (source(""), source("", "cloud: {s3: {etag: aa, version_id: '1'}}"), []),
        (source(""), source("").replace("\n", "\r\n"), []),
    ],
)
def test_a_dvc_file_rewrites_its_output_where_that_comes_from_elsewhere(
    old: str, new: str, expected: list[str]
) -> None:
    sides = [recorded_outputs("d/x.dvc", text.encode()) for text in (old, new)]
    assert list(rewritten_outputs("d/x.dvc", *sides)) == expected
