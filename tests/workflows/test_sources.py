"""What changed in the repositories that data is imported from: fetched where one asks, told at the import."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from dataregistry import source
from gitrepo import GitRepo, isolated, repo
from snapshot.agreement import quiet_dvc

from dvc_changelog import compare, generate
from dvc_changelog.config import Config
from dvc_changelog.domain import (
    ChangeType,
    FileChanged,
    ImportChange,
    MetricChange,
    OutputChange,
    Release,
    SourceChanges,
)
from dvc_changelog.history import source as elsewhere
from dvc_changelog.render import json_, markdown

__all__ = ["isolated", "quiet_dvc", "repo", "source"]


@pytest.fixture
def user(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A DVC project without anything in it; the current directory."""
    from dvc.repo import Repo

    monkeypatch.chdir(repo.path)
    Repo.init().close()
    repo.commit("Begin", {})
    return repo


def import_and_update(user: GitRepo, url: str, paths: Sequence[str]) -> None:
    from dvc.repo import Repo

    with Repo() as dvc:
        for path in paths:
            dvc.imp(url, path, rev="v1")
    user.commit("Import", {})
    with Repo() as dvc:
        dvc.update([f"{path}.dvc" for path in paths], rev="v2")
    user.commit("Update", {})


def found(told: Release) -> list[SourceChanges | None]:
    return [c.source_changes for c in told.changes if isinstance(c, ImportChange)]


def only(told: Release) -> SourceChanges:
    (one,) = found(told)
    assert one is not None, told.messages
    return one


def subjects(changes: SourceChanges) -> list[str]:
    return [commit.message for commit in changes.commits]


@pytest.mark.parametrize("form", ["as_posix", "as_uri"])
def test_what_dvc_updated_is_told_with_the_commits_of_the_source(
    form: str, source: GitRepo, user: GitRepo, tmp_path: Path
) -> None:
    url = getattr(source.path, form)()
    import_and_update(user, url, ["d.csv", "cats"])
    steps: list[tuple[str, int, int]] = []
    told = compare(user.path, "HEAD~1", config=Config(), fetch=True, progress=lambda *s: steps.append(s))
    assert told.messages == ()
    assert ("Fetching source", 1, 1) in steps
    cats, data = found(told)
    assert cats is not None
    assert data is not None
    assert subjects(cats) == subjects(data) == ["Version 2"]
    assert data.commits[0].id == source.git("rev-parse", "v2")
    assert cats.gone == data.gone == ()
    (change,) = data.changes
    assert isinstance(change, OutputChange)
    assert change.old is not None
    assert change.new is not None
    assert (change.path, change.old.content.size, change.new.content.size) == ("d.csv", 2, 4)
    own = next(c for c in told.changes if isinstance(c, OutputChange) and c.path == "d.csv")
    assert own.new is not None
    assert change.new.content.same(own.new.content)
    text = markdown.entry(told, Config())
    commit = source.git("rev-parse", "v2")[:7]
    assert text.count("`d.csv` updated, 2 B → 4 B") == 1  # in "Data", and not again at the import
    assert text.count(f"\n  - Version 2 (`{commit}`)\n") == 2
    assert "Other work" not in text


def test_a_dataset_of_dvc_yaml_is_told_too(source: GitRepo, user: GitRepo) -> None:
    from dvc.repo import Repo

    with Repo() as dvc, dvc.lock:
        dvc.datasets.add("numbers", source.path.as_uri(), "dvc", path="d.csv", rev="v1")
    user.commit("Add", {})
    with Repo() as dvc, dvc.lock:
        dvc.datasets.update("numbers", rev="v2")
    user.commit("Update", {})
    told = compare(user.path, "HEAD~1", config=Config(), fetch=True)
    assert subjects(only(told)) == ["Version 2"]
    assert "\n  - `d.csv` updated, 2 B → 4 B, `" in markdown.entry(told, Config())


# From here on the `.dvc` files of the user and those of the source are written by hand, in DVC's form.

ENTRY = "outs:\n- md5: {md5}\n  size: {size}\n  hash: md5\n  path: {path}\n"


def add(path: str, number: int) -> dict[str, str]:
    """What `dvc add` leaves in Git."""
    return {f"{path}.dvc": ENTRY.format(md5=f"{number:032x}", size=number, path=path.rpartition("/")[2])}


def imports(url: str, path: str, commit: str, name: str = "got") -> dict[str, str]:
    """What `dvc import` leaves in Git."""
    dep = f"frozen: true\ndeps:\n- path: {path}\n  repo:\n    url: {url}\n    rev_lock: {commit}\n"
    return {f"{name}.dvc": dep + ENTRY.format(md5=commit[:32], size=1, path=name)}


@pytest.fixture
def plain(tmp_path: Path, isolated: None) -> GitRepo:
    """A source made by hand."""
    made = GitRepo.init(tmp_path / "plain")
    made.commit("Begin", {".dvc/config": "", **add("d.csv", 1)})
    return made


def told_between(user: GitRepo, url: str, path: str, commits: Sequence[str]) -> Release:
    """The user's import of a path, moved from one commit of the source to another."""
    for commit in commits:
        user.commit("Import", {".dvc/config": "", **imports(url, path, commit)})
    return compare(user.path, "HEAD~1", config=Config(), fetch=True)


def test_nothing_is_read_outside_unless_one_asks(plain: GitRepo, repo: GitRepo) -> None:
    commits = [plain.git("rev-parse", "HEAD"), plain.commit("Two", add("d.csv", 2))]
    told_between(repo, "../plain", "d.csv", commits)
    told = compare(repo.path, "HEAD~1", config=Config())
    assert found(told) == [None]
    assert told.messages == (
        "1 import is at another commit of its source; --fetch tells what changed there.",
    )
    assert told.lacking == 1
    assert '"source_changes": null' in json_.review(told)


def test_a_source_beside_the_project_is_found_from_the_project(plain: GitRepo, repo: GitRepo) -> None:
    commits = [plain.git("rev-parse", "HEAD"), plain.commit("Two", add("d.csv", 2))]
    for commit in commits:
        files = imports("../../plain", "d.csv", commit, "sub/got")
        repo.commit("Import", {"sub/.dvc/config": "", **{k: v.replace("sub/", "") for k, v in files.items()}})
    told = compare(repo.path, "HEAD~1", config=Config(), fetch=True)
    assert subjects(only(told)) == ["Two"]


def test_a_project_within_a_repository_is_a_source(plain: GitRepo, repo: GitRepo) -> None:
    commits = [
        plain.commit("One", {"in/.dvc/config": "", **add("in/e.csv", 1)}),
        plain.commit("Top", add("e.csv", 5)),
        plain.commit("Two", add("in/e.csv", 2)),
    ]
    changes = only(told_between(repo, f"{plain.path}/in", "e.csv", commits[::2]))
    assert subjects(changes) == ["Two"]
    assert [change.path for change in changes.changes] == ["in/e.csv"]


LOCK = "schema: '2.0'\nstages:\n"
STAGE = """\
  {name}:
    cmd: make
    outs:
    - path: {out}
      hash: md5
      md5: {md5}
      size: 1
"""


def pipeline(**numbers: int) -> Mapping[str, str]:
    """A dvc.yaml in p/ whose stages run in p/work, and the lock, which does not say so."""
    stages = "".join(
        f"  {name}:\n    cmd: make\n    wdir: work\n    outs: [{name}.bin]\n" for name in numbers
    )
    runs = "".join(
        STAGE.format(name=name, out=f"{name}.bin", md5=f"{number:032x}") for name, number in numbers.items()
    )
    return {"p/dvc.yaml": f"stages:\n{stages}", "p/dvc.lock": LOCK + runs}


def test_of_a_lock_only_the_commits_count_that_changed_the_imported_output(
    plain: GitRepo, repo: GitRepo
) -> None:
    first = plain.commit("One", pipeline(a=1, b=1))
    plain.commit("Other", pipeline(a=1, b=2))
    plain.commit("Mine", pipeline(a=2, b=2))
    last = plain.commit("Other again", pipeline(a=2, b=3))
    changes = only(told_between(repo, "../plain", "p/work/a.bin", [first, last]))
    assert subjects(changes) == ["Mine"]
    assert [change.path for change in changes.changes] == ["p/work/a.bin"]


def test_that_nothing_changed_there_is_said_where_it_is_sure(plain: GitRepo, repo: GitRepo) -> None:
    commits = [plain.git("rev-parse", "HEAD"), plain.commit("Elsewhere", add("e.csv", 2))]
    told = told_between(repo, "../plain", "d.csv", commits)
    assert only(told) == SourceChanges(unchanged=True)
    assert "\n  - the same in both commits of the source\n" in markdown.entry(told, Config())


def test_what_cannot_be_read_there_is_not_called_the_same(plain: GitRepo, repo: GitRepo) -> None:
    commits = [plain.git("rev-parse", "HEAD"), plain.commit("Break", {"d.csv.dvc": "<<<<<<< a\n"})]
    told = told_between(repo, "../plain", "d.csv", commits)
    changes = only(told)
    assert [(change.path, change.change) for change in changes.changes] == [("d.csv", ChangeType.UNKNOWN)]
    assert not changes.unchanged
    assert [(problem.path, problem.revision) for problem in changes.problems] == [("d.csv.dvc", commits[1])]
    assert f"not readable in the source: `d.csv.dvc` at {commits[1][:7]} (" in markdown.entry(told, Config())
    assert '"reason": "' in json_.review(told)


def test_a_path_that_the_source_never_had_is_not_called_the_same(plain: GitRepo, repo: GitRepo) -> None:
    commits = [plain.git("rev-parse", "HEAD"), plain.commit("Two", add("d.csv", 2))]
    told = told_between(repo, "../plain", "none.csv", commits)
    assert found(told) == [None]
    assert told.messages == ("What became of none.csv in plain, the source of got.dvc, is not known",)


def test_an_import_that_went_back_names_the_commits_it_lost(plain: GitRepo, repo: GitRepo) -> None:
    commits = [plain.git("rev-parse", "HEAD"), plain.commit("Two", add("d.csv", 2))]
    told = told_between(repo, "../plain", "d.csv", commits[::-1])
    changes = only(told)
    assert (changes.commits, [commit.message for commit in changes.gone]) == ((), ["Two"])
    assert f"no longer in it: Two (`{commits[1][:7]}`)" in markdown.entry(told, Config())


def test_a_source_that_was_rewritten_has_commits_on_both_sides(plain: GitRepo, repo: GitRepo) -> None:
    old = plain.commit("Two", add("d.csv", 2))
    plain.git("reset", "--quiet", "--hard", "HEAD~1")
    new = plain.commit("Two, rewritten", add("d.csv", 3))
    changes = only(told_between(repo, "../plain", "d.csv", [old, new]))
    assert subjects(changes) == ["Two, rewritten"]
    assert [commit.message for commit in changes.gone] == ["Two"]


def test_a_merge_counts_where_it_made_what_none_of_its_parents_has(plain: GitRepo, repo: GitRepo) -> None:
    first = plain.git("rev-parse", "HEAD")
    plain.git("checkout", "--quiet", "-b", "side")
    plain.commit("Side", add("d.csv", 2))
    plain.git("checkout", "--quiet", "main")
    plain.commit("Main", add("d.csv", 3))
    plain.git("merge", "--quiet", "--no-commit", "--strategy=ours", "side")
    made = plain.commit("Join", add("d.csv", 4))
    changes = only(told_between(repo, "../plain", "d.csv", [first, made]))
    assert sorted(subjects(changes)) == ["Join", "Main", "Side"]
    plain.git("checkout", "--quiet", "-b", "more")
    plain.commit("More", add("d.csv", 5))
    plain.git("checkout", "--quiet", "main")
    plain.git("merge", "--quiet", "--no-ff", "-m", "Only join", "more")
    changes = only(told_between(repo, "../plain", "d.csv", [made, plain.git("rev-parse", "HEAD")]))
    assert subjects(changes) == ["More"]


def test_a_merge_of_a_lock_does_not_count_for_what_a_parent_brought(plain: GitRepo, repo: GitRepo) -> None:
    first = plain.commit("One", pipeline(a=1, b=1))
    plain.git("checkout", "--quiet", "-b", "side")
    plain.commit("Mine", pipeline(a=2, b=1))
    plain.git("checkout", "--quiet", "main")
    plain.commit("Other", pipeline(a=1, b=2))
    plain.git("merge", "--quiet", "--no-commit", "--strategy=ours", "side")
    last = plain.commit("Join", pipeline(a=2, b=2))
    assert subjects(only(told_between(repo, "../plain", "p/work/a.bin", [first, last]))) == ["Mine"]


def test_files_of_git_are_told_where_the_source_has_no_dvc(repo: GitRepo, tmp_path: Path) -> None:
    bare = GitRepo.init(tmp_path / "bare")
    first = bare.commit("One", {"tables/a.csv": "1", "tables/b.csv": "1", "src/x.py": "1"})
    bare.commit("Code", {"src/x.py": "2"})
    (bare.path / "tables/b.csv").unlink()
    last = bare.commit("Tables", {"tables/a.csv": "2", "tables/c.csv": "3"})
    told = told_between(repo, bare.path.as_uri(), "tables", [first, last])
    changes = only(told)
    assert subjects(changes) == ["Tables"]
    assert {(c.path, c.change) for c in changes.changes if isinstance(c, FileChanged)} == {
        ("tables/a.csv", ChangeType.MODIFIED),
        ("tables/b.csv", ChangeType.DELETED),
        ("tables/c.csv", ChangeType.ADDED),
    }
    assert "\n  - `tables/b.csv` deleted\n" in markdown.entry(told, Config())


def test_values_of_an_imported_metrics_file_are_told(plain: GitRepo, repo: GitRepo) -> None:
    commits = [
        plain.commit(
            f"Score {n}", {"metrics.json": f'{{"auc": 0.{n}}}', "dvc.yaml": "metrics: [metrics.json]"}
        )
        for n in (5, 7)
    ]
    told = told_between(repo, "../plain", "metrics.json", commits)
    (change,) = only(told).changes
    assert isinstance(change, MetricChange)
    assert (change.old, change.new) == (0.5, 0.7)
    assert "\n  - `auc` in `metrics.json`: `0.5` → `0.7`\n" in markdown.entry(told, Config())


def test_a_directory_that_holds_the_imported_file_is_told(plain: GitRepo, repo: GitRepo) -> None:
    commits = [plain.commit(f"Images {n}", add("images", n)) for n in (1, 2)]
    changes = only(told_between(repo, "../plain", "images/one.png", commits))
    assert subjects(changes) == ["Images 2"]
    assert [change.path for change in changes.changes] == ["images"]


def test_a_source_is_brought_once_for_all_imports_and_releases(plain: GitRepo, repo: GitRepo) -> None:
    url = plain.path.as_uri()
    commits = [plain.git("rev-parse", "HEAD")]
    commits += [plain.commit(f"Number {n}", {**add("d.csv", n), **add("e.csv", n)}) for n in (2, 3)]
    for n, commit in enumerate(commits):
        files = {**imports(url, "d.csv", commit), **imports(url, "e.csv", commit, "also")}
        repo.release(f"v{n}.0.0", "Import", {".dvc/config": "", **files})
    steps: list[tuple[str, int, int]] = []
    told = generate(repo.path, config=Config(), fetch=True, progress=lambda *s: steps.append(s))
    assert [step for step in steps if step[0] == "Fetching source"] == [("Fetching source", 1, 1)]
    assert [[subjects(one) for one in found(release) if one] for release in told.releases] == [
        [["Number 3"], ["Number 3"]],
        [["Number 2"], ["Number 2"]],
        [],
    ]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///nowhere/at/all", "does not appear to be a git repository"),
        ("../nowhere", "it is not on this machine"),
        ("https://ada:secret@127.0.0.1:9/x/y.git", "Failed to connect"),
        ("ssh://127.0.0.1:9/x/y.git", "onnect"),
        ("ext::touch ran", "it is not on this machine"),
        ("fd::17", "it is not on this machine"),
        ("--upload-pack=touch ran", "it is not on this machine"),
        ('"a\\0b"', "it is not on this machine"),
        ('"https://a\\0b/x"', "it is not on this machine"),
        ("x" * 300, "it is not on this machine"),
        (".", "no longer has the commit"),
    ],
)
def test_a_source_that_cannot_be_read_is_a_remark(url: str, reason: str, repo: GitRepo) -> None:
    told = told_between(repo, url, "d.csv", ["1" * 40, "2" * 40])
    (message,) = told.messages
    assert reason in message
    assert "secret" not in message
    assert found(told) == [None]
    assert not list(repo.path.parent.rglob("ran"))


@pytest.mark.parametrize("url", ["ext::touch ran", "--upload-pack=touch ran", "fd::17"])
def test_git_is_not_let_run_a_command_as_transport(url: str, tmp_path: Path, isolated: None) -> None:
    from dvc_changelog.errors import GitError

    with pytest.raises(GitError):
        elsewhere.bring(url, {"1" * 40}, tmp_path / "place")
    assert not list(tmp_path.rglob("ran"))


def test_a_lock_that_is_no_commit_is_not_asked_for(plain: GitRepo, repo: GitRepo) -> None:
    told = told_between(repo, plain.path.as_uri(), "d.csv", ["--upload-pack=x", "main"])
    assert found(told) == [None]


def test_a_commit_that_is_gone_is_said_and_the_others_are_told(plain: GitRepo, repo: GitRepo) -> None:
    url = plain.path.as_uri()
    first = plain.git("rev-parse", "HEAD")
    last = plain.commit("Two", add("d.csv", 2))
    for old, other in ((first, "3" * 40), (last, last)):
        files = {**imports(url, "d.csv", old), **imports(url, "d.csv", other, "lost")}
        repo.commit("Import", {".dvc/config": "", **files})
    told = compare(repo.path, "HEAD~1", config=Config(), fetch=True)
    assert told.messages == ("plain no longer has the commit 3333333 that lost.dvc was imported from",)
    assert [subjects(one) if one else None for one in found(told)] == [["Two"], None]
    assert told.lacking == 1


def test_what_was_fetched_is_not_lost_where_nobody_fetches(plain: GitRepo, repo: GitRepo) -> None:
    from dvc_changelog.workflows import write

    commits = [plain.git("rev-parse", "HEAD"), plain.commit("Twice the data", add("d.csv", 2))]
    told_between(repo, plain.path.as_uri(), "d.csv", commits)
    path = repo.path / "CHANGELOG.md"
    write(generate(repo.path, "HEAD~1..HEAD", config=Config()), Config(), path)
    assert "Twice" not in path.read_text()
    write(generate(repo.path, "HEAD~1..HEAD", config=Config(), fetch=True), Config(), path)
    assert "Twice the data" in path.read_text()
    shutil.rmtree(plain.path)
    for fetch in (False, True):
        again = write(generate(repo.path, "HEAD~1..HEAD", config=Config(), fetch=fetch), Config(), path)
        assert not again.changed
