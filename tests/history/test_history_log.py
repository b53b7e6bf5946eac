"""The log: messages of every encoding and form, trailers as Git has them, the paths that a commit touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_changelog.domain import Commit, FileChange
from dvc_changelog.history import Git, log, messages, unsquashed

if TYPE_CHECKING:
    from gitrepo import GitRepo


def newest(repo: GitRepo) -> Commit:
    return log.read(Git(repo.path), ["HEAD"])[0]


@pytest.mark.parametrize(
    ("message", "encoding", "expected"),
    [
        ("Größe geändert".encode("latin-1"), "ISO-8859-1", "Größe geändert"),
        ("データ更新".encode("shift-jis"), "Shift-JIS", "データ更新"),
        ("Größe".encode("latin-1"), "", "Gr\ufffd\ufffde"),
        (b"broken \xff\xfe end", "", "broken \ufffd\ufffd end"),
        ("Größe 🚀".encode(), "", "Größe 🚀"),
        ("Größe".encode("latin-1"), "no-such-encoding", "Gr\ufffd\ufffde"),
    ],
)
def test_no_commit_is_dropped_for_its_bytes(
    repo: GitRepo, message: bytes, encoding: str, expected: str
) -> None:
    repo.commit("Begin")
    _commit_object(repo, message, encoding)
    assert [expected, "Begin"] == [commit.message for commit in log.read(Git(repo.path), ["HEAD"])]


def test_an_author_of_another_encoding_is_read_as_the_commit_says(repo: GitRepo) -> None:
    repo.commit("Begin")
    _commit_object(repo, b"Work", "ISO-8859-1", author="Jörg".encode("latin-1"))
    assert newest(repo).author.name == "Jörg"


def test_an_author_is_named_as_mailmap_says(repo: GitRepo) -> None:
    repo.commit("Work", {".mailmap": "Ada Lovelace <ada@lovelace.org> <ada@example.org>\n"})
    author = newest(repo).author
    assert (author.name, author.email) == ("Ada Lovelace", "ada@lovelace.org")


@pytest.mark.parametrize(
    "message",
    [
        "Subject\n\nBody\n\nReason: drift\nSigned-off-by: Ada <ada@example.org>\n",
        "Subject\n\nReason: a long\n  text folded\n over lines\nReviewed-by: Bob\n",
        "Subject\n\nReason: not one\n\nThis is the last paragraph.\n",
        "Subject\nReason: in the title\n",
        "Reason: the subject itself",
        "Subject\n\nSome text\nSigned-off-by: Ada <a@b>\nmore text\n",
        "Subject\n\n---\nReason: after a divider\n",
        "Subject\n\nFixes #41\nCloses: #42\n(cherry picked from commit 1234567)\n",
        "Subject\n\nReason:\nEmpty-value: \n",
        "Subject\n\nBREAKING CHANGE: all is new\nReviewed-by: Bob\n",
        "Subject\r\n\r\nBody\r\n\r\nReason: drift\r\n",
        "Subject\n\nReason : spaced\nReason:tight\nreason: again\n",
        "Subject\n\nReason: Größe 🚀\n",
    ],
)
def test_trailers_are_those_that_git_parses(repo: GitRepo, message: str) -> None:
    repo.commit(message)
    parsed = repo.git("interpret-trailers", "--parse", "--no-divider", stdin=message.encode())
    expected = [
        (key.strip(), value.strip())
        for key, _, value in (line.partition(":") for line in parsed.splitlines())
    ]
    assert expected == list(newest(repo).trailers)


@pytest.mark.parametrize("message", ["", "\n\n", "   \n"])
def test_an_empty_message_is_said_to_be_none(repo: GitRepo, message: str) -> None:
    repo.commit(message)
    assert (newest(repo).message, newest(repo).body) == ("(no message)", "")


# message, subject, body
MESSAGES = [
    ("One line", "One line", ""),
    ("Title\n\nBody\n", "Title", "Body"),
    ("Title over\ntwo lines\n\nBody", "Title over two lines", "Body"),
    ("\n\n  \nTitle\n\nBody", "Title", "Body"),
    ("Title\r\n\r\nBody\r\nmore\r\n", "Title", "Body\nmore"),
    ("Title\n  \nBody", "Title", "Body"),
    ("Title\n\n\n\nBody\n\nEnd\n\n\n", "Title", "Body\n\nEnd"),
    ("Title\n\n* one\n  - two\n", "Title", "* one\n  - two"),
]


@pytest.mark.parametrize(("message", "subject", "body"), MESSAGES)
def test_a_message_has_a_subject_and_a_body(repo: GitRepo, message: str, subject: str, body: str) -> None:
    repo.commit(message)
    assert (subject, body) == (newest(repo).message, newest(repo).body)


def test_trailers_are_left_out_of_the_body_and_nothing_else_is(repo: GitRepo) -> None:
    repo.commit("Title\n\nBody\n\nReason: drift\n in the data\nSigned-off-by: Ada <a@b>\nSee the wiki.\n")
    commit = newest(repo)
    assert commit.body == "Body\n\nSee the wiki."
    assert ("Reason", "drift in the data") in commit.trailers


# the message, then its type, scope and subject, and what it breaks
CONVENTIONS = [
    ("feat: add recall", "feat", "", "add recall", None),
    ("feat(train): add recall", "feat", "train", "add recall", None),
    ("Fix(Train): Add recall", "fix", "Train", "Add recall", None),
    ("feature: add recall", "feat", "", "add recall", None),
    ("feat!: drop python 3.8", "feat", "", "drop python 3.8", ""),
    ("refactor(api)!: rename", "refactor", "api", "rename", ""),
    ("feat: x\n\nBREAKING CHANGE: y is gone\n", "feat", "", "x", "y is gone"),
    ("feat: x\n\nBREAKING-CHANGE: y is gone\n", "feat", "", "x", "y is gone"),
    ("feat: x\n\nBREAKING CHANGE: y\nis gone\n\nMore.\n", "feat", "", "x", "y is gone"),
    ("feat: x\n\nBREAKING CHANGE: y is gone\nReviewed-by: Z\n", "feat", "", "x", "y is gone"),
    ("Plain words\n\nBREAKING CHANGE: y is gone\n", "", "", "Plain words", "y is gone"),
    ("This is no BREAKING CHANGE: really", "", "", "This is no BREAKING CHANGE: really", None),
    ("Note: nothing", "", "", "Note: nothing", None),
    ("metrics: log recall", "", "", "metrics: log recall", None),
    ("feat:no space", "", "", "feat:no space", None),
    ("feat add recall", "", "", "feat add recall", None),
    ("wow!: nothing", "", "", "wow!: nothing", None),
    ("chore(deps): bump x from 1 to 2", "chore", "deps", "bump x from 1 to 2", None),
]


@pytest.mark.parametrize(("message", "expected"), [(message, tuple(rest)) for message, *rest in CONVENTIONS])
def test_the_convention_is_read_where_it_is_used(
    repo: GitRepo, message: str, expected: tuple[str | None, ...]
) -> None:
    repo.commit(message)
    commit = newest(repo)
    assert expected == (commit.group, commit.scope, commit.message, commit.breaking)
    assert commit.conventional == bool(expected[0])


@pytest.mark.parametrize(
    ("message", "links"),
    [
        ("Fix it (#41)", ("#41",)),
        ("Fix #1, #2 and !3\n\nCloses #2, see #40\n", ("#1", "#2", "!3", "#40")),
        ("org/repo#41 and PR#2 and &#39; and x!5", ()),
        ("#7", ("#7",)),
        ("#1st and #x", ()),
    ],
)
def test_links_to_issues_are_found(message: str, links: tuple[str, ...]) -> None:
    assert links == messages.parse(message).links


def test_a_revert_of_git_names_what_it_reverts(repo: GitRepo) -> None:
    first = repo.commit("feat: add recall", {"a.txt": "1"})
    repo.clock += 1
    repo.git("revert", "--no-edit", "HEAD")
    commit = newest(repo)
    assert (first, "revert", 'Revert "feat: add recall"') == (commit.reverts, commit.group, commit.message)
    assert not commit.conventional or commit.group == "revert"


@pytest.mark.parametrize(
    ("message", "reverts"),
    [
        ('Move to OSRM (#11)\n\n* Debug\n\n* Revert "Debug"\n\nThis reverts commit 29d1ae7d.\n', ""),
        ('Revert "Data" (#36)\n\n* Revert "Data"\n\nThis reverts commit 3e53e0f2.\n', "3e53e0f2"),
        ("Back out the new tiles\n\nThis reverts commit 29d1ae7d.\n", "29d1ae7d"),
    ],
)
def test_a_squash_merge_is_no_revert_for_one_of_its_parts(message: str, reverts: str) -> None:
    assert reverts == messages.parse(message).reverts


def test_a_squash_merge_is_followed_by_the_commits_it_folded(repo: GitRepo) -> None:
    parts = ("feat: add recall", "plain words", "fix(train)!: seed it (#5)", "feat: add recall")
    body = "".join(f"* {part}\n\n" for part in parts) + "Co-authored-by: Bob <b@c>\n"
    commit_id = repo.commit(f"Better training (#41)\n\n{body}")
    found = list(unsquashed([newest(repo)]))
    expected = [("Better training (#41)", ""), ("add recall", "feat"), ("seed it (#5)", "fix")]
    assert expected == [(commit.message, commit.group) for commit in found]
    assert {commit_id} == {commit.id for commit in found}
    assert [commit.links for commit in found] == [("#41", "#5"), ("#41", "#5"), ("#5",)]
    assert [commit.breaking for commit in found] == [None, None, ""]


def test_a_squash_merge_of_one_commit_is_that_commit(repo: GitRepo) -> None:
    repo.commit("feat: add recall (#41)\n\n* feat: add recall\n\n* fix: seed it\n")
    assert [commit.message for commit in unsquashed([newest(repo)])] == ["add recall (#41)", "seed it"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Merge pull request #3 from a/b\n\nfeat(train): add recall", ("add recall", "feat", "train")),
        ("Merge pull request #3 from a/b\n\nfeat!: add recall\n\nWords", ("add recall", "feat", "")),
        ("Merge branch 'b' into 'main'\n\nfix: seed it\n\nSee merge request a/b!3", ("seed it", "fix", "")),
        ("Merge pull request #3 from a/b\n\nAdd recall", ("Merge pull request #3 from a/b", "", "")),
        ("Merge branch 'b'\n\n* b:\n  feat: add recall", ("Merge branch 'b'", "", "")),
        ("fix: join them\n\nfeat: add recall", ("join them", "fix", "")),
    ],
)
def test_the_title_of_a_pull_request_is_what_its_merge_says(
    message: str, expected: tuple[str, str, str]
) -> None:
    merge = messages.parse(message, merge=True)
    assert (merge.subject, merge.type, merge.scope) == expected
    assert merge.breaking == ("" if "!: " in message else None)
    assert not merge.squashed
    assert messages.parse(message).type == ("fix" if message.startswith("fix") else "")


ODD = [
    "a b.txt",
    'quo"te.txt',
    "tab\there",
    "new\nline",
    "back\\slash",
    "größe.txt",
    "-dash",
    ":1",
    " lead",
    "a -> b",
]


@pytest.mark.parametrize("name", ODD)
def test_a_path_is_read_as_it_is(repo: GitRepo, name: str) -> None:
    repo.commit("Add", {name: "1"})
    (file,) = newest(repo).files
    assert FileChange(name, name, "", repo.git("rev-parse", f"HEAD:{name}")) == file


def test_a_path_that_is_no_utf_8_leads_to_its_blob(repo: GitRepo) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"1")
    repo.git("update-index", "-z", "--index-info", stdin=f"100644 {blob}\t".encode() + b"caf\xe9.txt\0")
    repo.record("Größe")
    commit = newest(repo)
    assert [FileChange("caf\udce9.txt", "caf\udce9.txt", "", blob)] == list(commit.files)
    assert commit.message == "Größe"


def test_each_kind_of_change_has_the_blobs_of_its_two_sides(repo: GitRepo) -> None:
    repo.commit("Begin", {"moved.txt": "same\n", "changed.txt": "1", "gone.txt": "gone"})
    old = {name: repo.git("rev-parse", f"HEAD:{name}") for name in ("moved.txt", "changed.txt", "gone.txt")}
    (repo.path / "moved.txt").rename(repo.path / "there.txt")
    (repo.path / "gone.txt").unlink()
    repo.commit("Change", {"changed.txt": "2", "new.txt": "new"})
    new = {name: repo.git("rev-parse", f"HEAD:{name}") for name in ("changed.txt", "new.txt")}
    expected = {
        FileChange("there.txt", "moved.txt", old["moved.txt"], old["moved.txt"]),
        FileChange("changed.txt", "changed.txt", old["changed.txt"], new["changed.txt"]),
        FileChange("gone.txt", "gone.txt", old["gone.txt"], ""),
        FileChange("new.txt", "new.txt", "", new["new.txt"]),
    }
    assert expected == set(newest(repo).files)


def test_the_settings_of_a_person_change_nothing(repo: GitRepo) -> None:
    repo.commit("Begin", {"sub/a.txt": "same\n", "b.txt": "1"})
    (repo.path / "sub/a.txt").rename(repo.path / "sub/c.txt")
    repo.commit("feat: move\n\nReason: x\n", {"b.txt": "2"})
    plain = log.read(Git(repo.path), ["HEAD"])
    for setting in (
        *(
            "diff.renames=false",
            "diff.renames=copies",
            "diff.noprefix=true",
            "diff.relative=true",
            "log.follow=true",
        ),
        *(
            "log.diffMerges=separate",
            "color.ui=always",
            "format.pretty=oneline",
            "core.abbrev=5",
            "log.showRoot=false",
        ),
        *("diff.external=false", "log.showSignature=true", "core.pager=false", "trailer.separators=:"),
        *(
            "i18n.logOutputEncoding=ISO-8859-1",
            "log.decorate=full",
            "notes.displayRef=*",
            "log.date=relative",
        ),
    ):
        repo.git("config", *setting.split("=", 1))
    assert plain == log.read(Git(repo.path / "sub"), ["HEAD"])


def test_a_submodule_and_an_empty_commit_are_read(repo: GitRepo, tmp_path: object) -> None:
    repo.commit("Begin")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/lib")
    repo.record("Add a submodule")
    repo.record("Nothing")
    nothing, added, _ = log.read(Git(repo.path), ["HEAD"])
    assert (nothing.files, [file.path for file in added.files]) == ((), ["vendor/lib"])


def test_a_merge_has_no_files_of_its_own(repo: GitRepo) -> None:
    first = repo.commit("Begin")
    repo.git("checkout", "-q", "-b", "side")
    side = repo.commit("Side", {"side.txt": "1"})
    repo.git("checkout", "-q", "main")
    main = repo.commit("Main", {"main.txt": "1"})
    merge = repo.merge("side")
    commits = {commit.id: commit for commit in log.read(Git(repo.path), ["HEAD"])}
    assert {first, side, main, merge} == set(commits)
    assert ((main, side), ()) == (commits[merge].parents, commits[merge].files)


def test_a_message_cannot_pass_for_another_commit(repo: GitRepo) -> None:
    repo.commit("Begin")
    repo.commit("Evil\n\n\x01dvc-changelog\x02\nabc\x1e\x1f\n\nReason: x\n")
    assert [commit.message for commit in log.read(Git(repo.path), ["HEAD"])] == ["Evil", "Begin"]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("feat:!()#1 \n\r*-BREAKING CHGx@é\x85"), max_size=60))
def test_any_message_is_understood_without_losing_a_word(text: str) -> None:
    message = messages.parse(text)
    told = f"{message.type}{message.scope}{message.subject}{message.body}".lower().replace("-", "")
    for word in text.split():
        part = word.strip("()!:#").lower().replace("-", "")
        if part.isalpha() and not message.type:
            assert part in told


def _commit_object(repo: GitRepo, message: bytes, encoding: str = "", author: bytes = b"Ada") -> None:
    """A commit as other tools write it: no bytes are checked or changed."""
    tree, parent = repo.git("rev-parse", "HEAD^{tree}"), repo.git("rev-parse", "HEAD")
    who = author + f" <ada@example.org> {repo.clock} +0000\n".encode()
    head = f"tree {tree}\nparent {parent}\n".encode() + b"author " + who + b"committer " + who
    head += f"encoding {encoding}\n".encode() if encoding else b""
    oid = repo.git(
        "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=head + b"\n" + message
    )
    repo.git("update-ref", "HEAD", oid)
