"""What keeps a release back, in repositories that Git and DVC made; where DVC has a word on it, its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated
from snapshot.agreement import quiet_dvc

from dvc_changelog import generate
from dvc_changelog.config import Config
from dvc_changelog.domain import Finding, FindingKind
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History
from dvc_changelog.workflows.asked import Part
from dvc_changelog.workflows.common import snapshots_of
from dvc_changelog.workflows.readiness import unready

__all__ = ["isolated", "quiet_dvc"]

PIPELINE = """\
stages:
  prepare:
    cmd: cp raw.csv tidy.csv
    deps: [raw.csv, src/prepare.py]
    outs: [tidy.csv]
  train:
    cmd: cp tidy.csv model.pkl && cp params.yaml kept.yaml && echo '{"auc":0.9}' > m.json
    deps: [tidy.csv]
    params: [lr]
    outs: [model.pkl]
    metrics: [m.json: {cache: false}, kept.yaml]
  held:
    frozen: true
    cmd: cp src/prepare.py held.txt
    deps: [src/prepare.py]
    outs: [held.txt]
"""
FILES = {
    "dvc.yaml": PIPELINE.replace("    frozen: true\n", ""),
    "params.yaml": "lr: 0.1\n",
    "raw.csv": "1\n",
    "data/a": "2",
    "data/b": "3",
    "src/prepare.py": "print(1)\n",
    "README.md": "Hello\n",
}
REMOTE = "[core]\n    remote = store\n['remote \"store\"']\n    url = ../../store\n"


def _built(path: Path) -> GitRepo:
    from dvc.repo import Repo

    repo = GitRepo.init(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_NO_ANALYTICS", "1")
        for project in ("", "sub"):
            root = path / project
            root.mkdir(exist_ok=True)
            patch.chdir(root)
            Repo.init(subdir=bool(project)).close()
            repo.write({(Path(project) / name).as_posix(): text for name, text in FILES.items()})
            (root / ".dvc/config").write_text(REMOTE)
            with Repo() as dvc:
                dvc.add(["raw.csv", "data"])
                dvc.reproduce()
    repo.commit("base", {"dvc.yaml": PIPELINE, "sub/dvc.yaml": PIPELINE})
    return repo


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(tmp_path_factory.mktemp("ready") / "repo").path


@pytest.fixture
def repo(built: Path, tmp_path: Path) -> GitRepo:
    return GitRepo(Path(shutil.copytree(built, tmp_path / "repo", symlinks=True)))


def _found(
    repo: GitRepo,
    *,
    config: Config | None = None,
    written: tuple[str, ...] = (),
    pushed: bool = False,
    allow: tuple[str, ...] = (),
) -> list[Finding]:
    config = config or Config()
    history = History(repo.path)
    (release,) = generate(history, part=Part.UNRELEASED, config=config).releases
    snapshots = snapshots_of(history, config)
    return unready(
        history, snapshots, release, written=written, require_pushed=pushed, allow=allow
    )  # fmt: skip


def _told(repo: GitRepo) -> list[tuple[str, str]]:
    return [(item.kind.value, item.what) for item in _found(repo)]


def _by_dvc(repo: GitRepo, project: str = "") -> dict[str, object]:
    """What `dvc status` tells, as a person runs it."""
    from dvc.repo import Repo

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repo.path / project)
        with Repo() as dvc:
            return dict(dvc.status())


@pytest.fixture(autouse=True)
def _programs(programs: Path) -> None:
    """DVC's commands start at once."""


def _dvc(repo: GitRepo, *args: str) -> None:
    env = {**os.environ, "DVC_NO_ANALYTICS": "1", "DVC_TEST": "1"}
    program = shutil.which("dvc") or "dvc"
    subprocess.run([program, *args], cwd=repo.path, check=True, capture_output=True, env=env)


def test_where_all_holds_nothing_is_told_and_nothing_is_written(repo: GitRepo) -> None:
    assert _by_dvc(repo) == _by_dvc(repo, "sub") == {}
    assert _found(repo, written=("CHANGELOG.md", "README.md")) == []
    assert repo.git("status", "--porcelain") == ""


def test_in_a_clone_without_data_and_cache_nothing_is_told(repo: GitRepo, tmp_path: Path) -> None:
    """The normal case of CI: metrics that DVC keeps cannot be read, and no limit asks for them."""
    clone = GitRepo.clone(repo.path, tmp_path / "clone")
    assert not (clone.path / "tidy.csv").exists()
    assert _found(clone) == []
    limits = Config().replace(metric_rules={"lr": {"max": 0.2}})
    (found,) = _found(clone, config=limits)
    assert found.kind is FindingKind.UNREADABLE
    assert found.what == "The limit max = 0.2 of lr cannot be checked: its value cannot be read here."
    assert "dvc pull" in found.remedy


def _written(path: str, text: str) -> Callable[[GitRepo], None]:
    return lambda repo: repo.write({path: text})


def _replaced(path: str, old: str, new: str) -> Callable[[GitRepo], None]:
    def replace(repo: GitRepo) -> None:
        text = (repo.path / path).read_text()
        assert old in text
        (repo.path / path).unlink()  # it may be a link into the cache
        (repo.path / path).write_text(text.replace(old, new))

    return replace


def _removed(path: str) -> Callable[[GitRepo], None]:
    return lambda repo: (repo.path / path).unlink()


COMMITTED: list[tuple[Callable[[GitRepo], None], set[str], str, str]] = [
    # what is done to the repository and committed, the kinds, what is told, and the remedy
    (_written("README.md", "Hi"), set(), "", ""),
    (
        _replaced("params.yaml", "0.1", "0.2"),
        {"stale-lock"},
        "The stage train is not as it last ran: lr is 0.2, was 0.1.",
        "`dvc repro train`, then commit dvc.lock and m.json.",
    ),
    (
        _replaced("dvc.yaml", "cp raw.csv", "cp -f raw.csv"),
        {"stale-lock"},
        "The stage prepare is not as it last ran: its command changed.",
        "`dvc repro --downstream prepare`, then commit dvc.lock and m.json.",
    ),
    (
        _replaced("sub/dvc.yaml", "  held:\n", "  late:\n    cmd: x\n    outs: [x.txt]\n  held:\n"),
        {"stale-lock"},
        "The stage sub/dvc.yaml:late has not run yet.",
        "`dvc --cd sub repro late`, then commit sub/dvc.lock.",
    ),
    (
        _replaced("dvc.yaml", "deps: [tidy.csv]", "deps: [tidy.csv, README.md]"),
        {"stale-lock"},
        "it depends on README.md too.",
        "`dvc repro train`",
    ),
    (
        _replaced("src/prepare.py", "1", "2"),
        {"stale-lock"},  # of the frozen stage only the command and what it wrote count
        "The stage prepare is not as it last ran: src/prepare.py changed.",
        "`dvc repro --downstream prepare`",
    ),
    (
        _replaced("dvc.yaml", "cp src/prepare.py held", "cp -f src/prepare.py held"),
        {"stale-lock"},
        "The stage held is not as it last ran: its command changed.",
        "Take the change back, or `dvc unfreeze held` and `dvc repro held`, then commit",
    ),
    (
        _replaced("m.json", "0.9", "0.95"),
        {"stale-lock"},
        "m.json is not what it wrote.",
        "`dvc repro train`",
    ),
]


@pytest.mark.parametrize(("change", "kinds", "what", "remedy"), COMMITTED)
def test_what_was_committed_without_a_run_is_told_as_dvc_status_tells_it(
    change: Callable[[GitRepo], None], kinds: set[str], what: str, remedy: str, repo: GitRepo
) -> None:
    change(repo)
    repo.commit("change", {})
    found = _found(repo)
    assert {item.kind.value for item in found} == kinds
    assert bool(kinds) == bool({**_by_dvc(repo), **_by_dvc(repo, "sub")})
    assert any(what in item.what and remedy in item.remedy for item in found) or not kinds


LYING: list[tuple[Callable[[GitRepo], None], str, bool]] = [
    # what is done to data in the working tree, what is told, and whether `dvc status` tells of it too
    (_replaced("raw.csv", "1", "9"), "raw.csv is not what DVC has recorded of it", True),
    (_replaced("data/a", "2", "9"), "data is not what DVC has recorded of it", True),
    (_written("data/new", "9"), "data is not what DVC has recorded of it", True),
    (_replaced("model.pkl", "1", "9"), "model.pkl is not what DVC has recorded of it", True),
    (_replaced("held.txt", "1", "9"), "held.txt is not what DVC has recorded of it", True),
    (_replaced("sub/tidy.csv", "1", "9"), "sub/tidy.csv is not what DVC has recorded of it", True),
    (_removed("model.pkl"), "", True),  # absent data is where releases are made in CI
]


@pytest.mark.parametrize(("change", "what", "told_by_dvc"), LYING)
def test_data_that_lies_there_otherwise_than_recorded_is_told(
    change: Callable[[GitRepo], None], what: str, told_by_dvc: bool, repo: GitRepo
) -> None:
    change(repo)
    found = _found(repo)
    assert bool({**_by_dvc(repo), **_by_dvc(repo, "sub")}) is told_by_dvc
    assert {item.kind.value for item in found} == ({"altered-data"} if what else set())
    assert any(what in item.what for item in found) or not what
    _dvc(repo, "--cd", "sub" if "sub/" in what else ".", "checkout", "--force")
    assert _found(repo) == []


def test_the_remedies_of_altered_data_and_stale_locks_mend(repo: GitRepo) -> None:
    repo.write({"sub/params.yaml": "lr: 0.2\n"})
    _replaced("raw.csv", "1", "9")(repo)
    repo.commit("change", {})
    assert {item.kind.value for item in _found(repo)} == {"stale-lock", "altered-data"}
    _dvc(repo, "--cd", "sub", "repro", "train")
    _dvc(repo, "commit", "--force", "raw.csv.dvc")
    repo.commit("mend", {})
    (left,) = _found(repo)  # data that is committed makes what was made from it stale
    assert left.what == "The stage prepare is not as it last ran: raw.csv changed."
    _dvc(repo, "repro")
    repo.commit("mend", {})
    assert _found(repo) == []


def test_many_stages_are_told_together(repo: GitRepo) -> None:
    many = (
        "  each:\n    foreach: [a, b, c, d, e, f]\n    do: {cmd: 'echo > ${item}', outs: ['${item}.txt']}\n"
    )
    _replaced("sub/dvc.yaml", "  held:\n", many + "  held:\n")(repo)
    repo.commit("change", {})
    (found,) = _found(repo)
    assert found.what == (
        "6 stages are not as they last ran: sub/dvc.yaml:each@a, sub/dvc.yaml:each@b, "
        "sub/dvc.yaml:each@c, sub/dvc.yaml:each@d, sub/dvc.yaml:each@e and 1 more."
    )
    assert found.remedy == "`dvc --cd sub repro`, then commit sub/dvc.lock."


def test_what_is_not_committed_is_told(repo: GitRepo) -> None:
    repo.write({"README.md": "Hi", "src/prepare.py": "print(1)  # the same\n", "loose.txt": "anyone's"})
    (repo.path / "m.json").unlink()
    repo.git("add", "README.md")
    assert _told(repo) == [("dirty", "README.md, m.json and src/prepare.py are changed and not committed.")]
    assert _found(repo, allow=("dirty",)) == []


def test_a_merge_that_is_not_done_is_told_with_its_conflicts(repo: GitRepo) -> None:
    repo.git("switch", "-qc", "other")
    repo.commit("theirs", {"README.md": "A"})
    repo.git("switch", "-q", "main")
    repo.commit("ours", {"README.md": "B"})
    subprocess.run(["git", "merge", "-q", "other"], cwd=repo.path, check=False, capture_output=True)
    assert _told(repo) == [
        ("dirty", "A `git merge` is not done."),
        ("dirty", "README.md has conflicts."),
    ]


def test_untracked_files_matter_where_the_pipeline_is_made_of_them(repo: GitRepo) -> None:
    from dvc.repo import Repo

    with Repo(str(repo.path)) as dvc:
        repo.write({"new.bin": "1", "notes.txt": "anyone's", "sub/src/notes.txt": "anyone's"})
        dvc.add(str(repo.path / "new.bin"))
    repo.git("checkout", "-q", "--", ".gitignore")
    assert [item.what for item in _found(repo)] == ["new.bin.dvc is part of the pipeline and not in Git."]
    repo.git("rm", "-q", "--cached", "m.json", "params.yaml")
    repo.record("gone")
    found = _found(repo)
    assert found[0].what == "m.json, new.bin.dvc and params.yaml are part of the pipeline and not in Git."
    assert found[0].remedy.startswith("`git add m.json new.bin.dvc params.yaml` and commit")


def test_a_file_that_would_be_written_over_is_told_ignored_or_not(repo: GitRepo) -> None:
    repo.commit(
        "ignore", {".gitignore": "VERSION\n/raw.csv\n/data\n/tidy.csv\n/model.pkl\n/kept.yaml\n/held.txt\n"}
    )
    written = ("CHANGELOG.md", "VERSION", "README.md")
    assert _found(repo, written=written) == []
    repo.write({"CHANGELOG.md": "mine", "VERSION": "1"})
    (found,) = _found(repo, written=written)
    assert found.what == "CHANGELOG.md and VERSION are not in Git and would be written over."
    repo.git("add", "--force", "CHANGELOG.md", "VERSION")
    assert "are changed and not committed" in _found(repo, written=written)[0].what


def test_limits_are_told(repo: GitRepo) -> None:
    rules = {"m.json:auc": {"min": 0.95}, "sub/m.json:auc": {"max": 0.5}, "gone.auc": {"min": 1}}
    found = _found(repo, config=Config().replace(metric_rules=rules))
    assert [(item.kind.value, item.what) for item in found] == [
        ("threshold", "auc (m.json) is 0.9, under the limit of 0.95."),
        ("threshold", "auc (sub/m.json) is 0.9, over the limit of 0.5."),
    ]
    allowed = _found(repo, config=Config().replace(metric_rules=rules), allow=("threshold", "unreadable"))
    assert allowed == []


def test_a_dvc_file_that_cannot_be_read_is_told(repo: GitRepo) -> None:
    repo.commit("broken", {"sub/dvc.lock": "schema: [", "data.dvc": "outs: [\n"})
    found = [item for item in _found(repo) if item.kind is FindingKind.UNREADABLE]
    assert {item.what.split(":")[0] for item in found} == {"sub/dvc.lock", "data.dvc"}


def test_what_is_not_pushed_is_told_only_where_it_is_required(repo: GitRepo) -> None:
    def names(under: str) -> str:
        return ", ".join(under + name for name in ("data", "held.txt", "kept.yaml", "model.pkl", "raw.csv"))

    found = _found(repo, pushed=True)
    assert [(item.kind.value, item.what, item.remedy) for item in found] == [
        (
            "not-pushed",
            f"{names(under)} and 1 more are not on the remote store.",
            f"`{dvc} push` brings them there.",
        )
        for under, dvc in (("", "dvc"), ("sub/", "dvc --cd sub"))
    ]
    assert _found(repo, pushed=True, allow=("not-pushed",)) == []
    _dvc(repo, "push")
    assert [item.what.startswith("sub/") for item in _found(repo, pushed=True)] == [True]
    _dvc(repo, "--cd", "sub", "push")
    assert _found(repo, pushed=True) == []


def test_all_is_told_together(repo: GitRepo) -> None:
    repo.commit("stale", {"params.yaml": "lr: 0.3\n"})
    repo.write({"README.md": "Hi"})
    _replaced("raw.csv", "1", "9")(repo)
    rules = Config().replace(metric_rules={"m.json:auc": {"min": 0.95}})
    found = _found(repo, config=rules, pushed=True)
    assert [item.kind.value for item in found] == [
        *("dirty", "altered-data", "stale-lock", "threshold", "not-pushed", "not-pushed"),
    ]


def test_what_is_no_check_cannot_be_let_through(repo: GitRepo) -> None:
    with pytest.raises(UsageError, match="no check `stale`") as raised:
        _found(repo, allow=("stale",))
    assert "stale-lock" in raised.value.remedy


def test_a_repository_without_dvc_is_judged_by_git_alone(tmp_path: Path) -> None:
    repo = GitRepo.init(tmp_path / "plain")
    repo.commit("base", {"a": "1"})
    assert _found(repo, pushed=True) == []
    repo.write({"a": "2"})
    assert _told(repo) == [("dirty", "a is changed and not committed.")]
