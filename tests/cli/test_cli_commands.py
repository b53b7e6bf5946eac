"""The other commands, and what holds of all."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from clirun import PROGRAM, Run, run_apart
from gitrepo import GitRepo

from dvc_changelog import __version__


def test_review_prints_the_entry_of_two_revisions(run: Run) -> None:
    ran = run("review", "v1.0.0", "v1.1.0")
    assert ran.code == 0
    assert "train.trees" in ran.out
    assert "seed the forest" in ran.out
    told = json.loads(run("review", "v1.0.0", "--format", "json").out)
    assert (told["base"]["name"], told["head"]["name"]) == ("v1.0.0", "main")


def test_review_compares_revisions_that_are_no_ancestors_of_each_other(run: Run) -> None:
    told = json.loads(run("review", "exp-1", "main", "--format", "json").out)
    assert [(c["old"], c["new"]) for c in told["changes"] if c["kind"] == "param"] == [(1, 100)]
    assert len(told["commits"]) == 3
    backwards = json.loads(run("review", "v1.1.0", "v1.0.0", "--format", "json").out)
    assert (
        [(c["old"], c["new"]) for c in backwards["changes"] if c["kind"] == "param"],
        backwards["commits"],
    ) == ([(100, 50)], [])


def test_review_of_a_revision_with_itself_says_nothing_changed(run: Run) -> None:
    told = json.loads(run("review", "HEAD", "HEAD", "--format", "json").out)
    assert (told["changes"], told["commits"]) == ([], [])
    assert run("review", "HEAD", "HEAD").code == 0


def test_review_filters_by_paths(run: Run) -> None:
    told = json.loads(run("review", "v1.0.0", "-f", "json", "--include-path", "params.yaml").out)
    assert {"param"} == {change["kind"] for change in told["changes"]}
    told = json.loads(run("review", "v1.0.0", "-f", "json", "--exclude-path", "params.yaml").out)
    assert "param" not in {change["kind"] for change in told["changes"]}


def test_review_of_the_working_tree_has_what_is_not_committed(run: Run, project: GitRepo) -> None:
    project.write({"params.yaml": "train: {trees: 7}\n", "requirements.txt": "numpy==2.0\n"})
    told = json.loads(run("review", "v1.1.0", "--workspace", "--format", "json").out)
    assert ("train.trees", 100, 7) in [(c["name"], c["old"], c["new"]) for c in told["changes"]]
    assert (told["head"]["name"], told["commit_id"]) == ("workspace", "")
    assert len(told["commits"]) == 1
    ran = run("review", "v1.1.0", "--workspace")
    assert "\n### Model review: the working tree into `v1.1.0`\n" in ran.out
    assert run("review", "v1.1.0", "HEAD", "--workspace").code == 2
    assert "\n### Model review: the working tree\n" in run("review", "HEAD", "--workspace").out
    alone = run("review")
    assert (alone.code, "there is nothing to review" in alone.err) == (0, True)
    assert project.git("status", "--porcelain")


def test_show_draws_what_is_newest_or_the_release_named(run: Run) -> None:
    assert "1 commit (docs)" in run("show").out
    assert "Unreleased" in run("show", "unreleased").out
    for name in ("v1.1.0", "1.1.0"):
        assert run("show", name).out.startswith("1.1.0")
    assert "exp-1" in run("show", "exp-1").out, "any release can be shown, merged or not"


def test_show_draws_the_latest_release_when_only_the_changelog_was_written_since(
    project: GitRepo, run: Run
) -> None:
    project.tag("v1.2.0")
    run("generate")
    project.commit("Write the changelog", {})
    ran = run("show")
    assert ran.code == 0
    assert ran.out.startswith("1.2.0")


def test_show_says_when_there_is_nothing_to_show(run: Run, tmp_path: Path) -> None:
    other = GitRepo.init(tmp_path / "other")
    other.commit("Write the changelog", {"CHANGELOG.md": "# Changelog\n"})
    ran = run("show", at=other.path)
    assert ran.code == 2
    assert "nothing to show" in ran.err


def test_show_of_a_release_that_is_not_there_names_the_nearest(run: Run) -> None:
    ran = run("show", "v1.1.1")
    assert ran.code == 1
    assert "v1.1.0" in ran.err


def test_init_writes_a_configuration_that_changes_nothing(project: GitRepo, run: Run) -> None:
    before = run("generate", "-o", "-").out
    ran = run("init")
    assert ran.code == 0
    assert "what is better for the metrics here" in ran.err
    path = project.path / "dvc-changelog.toml"
    assert tomllib.loads(path.read_text()) == {"metric-rules": {"accuracy": {"better": "higher"}}}
    assert before == run("generate", "-o", "-").out
    path.write_text('title = "Mine"\n')
    ran = run("init")
    assert (ran.code, path.read_text()) == (2, 'title = "Mine"\n')
    assert "--force" in ran.err
    assert run("init", "--force").code == 0
    assert "Mine" not in path.read_text()


def test_init_says_which_metrics_it_cannot_read(project: GitRepo, run: Run) -> None:
    assert "cannot be read" not in run("init").err
    project.commit(files={"metrics.json": "{"})
    ran = run("init", "--force")
    assert (ran.code, "Of the metrics in metrics.json it says nothing" in ran.err) == (0, True)


# arguments, exit code, what is said
WRONG = [
    (["generate", "nothing..HEAD"], 1, "Unknown revision: nothing"),
    (["generate", "HEAD..nothing"], 1, "Unknown revision: nothing"),
    (["generate", "v1.0.0"], 1, "v1.0.0..HEAD"),
    (["generate", "v1.0.0..v1.0.0"], 1, "empty"),
    (["generate", "v1.1.0..v1.0.0"], 1, "v1.0.0..v1.1.0"),
    (["generate", "v1.0.0...v1.1.0"], 1, "v1.0.0..v1.1.0"),
    (["generate", "-u", "-l"], 2, "exclude each other"),
    (["generate", "--tag", "v1.0.0"], 2, "exists already"),
    (["generate", "--tag", ""], 2, "cannot be the name of a tag"),
    (["generate", "--tag", "two words"], 2, "cannot be the name of a tag"),
    (["generate", "--with-tag-message", "Better"], 2, "--tag v1.2.0"),
    (["generate", "--tag", "-x"], 2, "cannot be the name of a tag"),
    (["generate", "--tag-pattern", "("], 2, "tag-pattern"),
    (["generate", "--ignore-tags", "["], 2, "ignore-tags"),
    (["generate", "--skip-tags", "*"], 2, "skip-tags"),
    (["generate", "--format", "yaml"], 2, "yaml"),
    (["generate", "--no-such-flag"], 2, "--no-such-flag"),
    (["generate", "--artifact", "nothing"], 2, "nothing@v1.0.0"),
    (["generate", "-c", "nowhere.toml"], 2, "nowhere.toml"),
    (["generate", "-r", "nowhere"], 1, "Not a Git repository: nowhere"),
    (["generate", "-o", "docs"], 1, "is a directory"),
    (["generate", "-o", "params.yaml/x.md"], 1, "params.yaml/x.md"),
    (["generate", "-o", "params.yaml"], 1, "--adopt"),
    (["review", "nothing"], 1, "Unknown revision: nothing"),
    (["review", "HEAD", "nothing"], 1, "Unknown revision: nothing"),
    (["review", "v1.0.0..v1.1.0", "HEAD"], 2, "v1.0.0..v1.1.0 is a range, and HEAD one more revision"),
    (["review", "HEAD", "v1.0.0.."], 1, "v1.0.0 HEAD"),
    (["review", "HEAD", "--project", "nowhere"], 2, "Name one of those there: `.`."),
    (["show", "nothing"], 1, "Unknown revision: nothing"),
    (["no-such-command"], 2, "no-such-command"),
]


@pytest.mark.parametrize(("args", "code", "said"), WRONG, ids=[" ".join(args) for args, _, _ in WRONG])
def test_what_is_wrong_is_named_and_nothing_is_written(
    project: GitRepo, run: Run, args: list[str], code: int, said: str
) -> None:
    ran = run(*args)
    assert (code, "") == (ran.code, ran.out)
    assert said in ran.err
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [("titel = 'x'\n", "title"), ("all-tags = 'yes'\n", "all-tags"), ("= broken", "dvc-changelog.toml")],
)
def test_a_broken_configuration_names_the_file_and_the_key(
    project: GitRepo, run: Run, text: str, said: str
) -> None:
    (project.path / "dvc-changelog.toml").write_text(text)
    for command in (["generate", "-o", "-"], ["review", "v1.0.0"], ["show"]):
        ran = run(*command)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
        assert "dvc-changelog.toml" in ran.err


@pytest.mark.parametrize("command", [["generate"], ["review", "HEAD"], ["show"], ["init"]])
def test_a_place_that_is_no_repository_is_named(run: Run, tmp_path: Path, command: list[str]) -> None:
    ran = run(*command, at=tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert "Not a Git repository" in ran.err
    assert "--repo" in ran.err


@pytest.mark.parametrize("command", [["generate"], ["show"], ["review", "HEAD"]])
def test_a_branch_without_commits_is_said(run: Run, tmp_path: Path, command: list[str]) -> None:
    ran = run(*command, at=GitRepo.init(tmp_path / "new").path)
    assert (ran.code, ran.out) == (1, "")
    assert "no commits yet" in ran.err or "Unknown revision" in ran.err


def test_the_latest_release_of_a_repository_without_any_is_an_error(run: Run, tmp_path: Path) -> None:
    other = GitRepo.init(tmp_path / "other")
    other.commit("Begin", {"a.py": "1\n"})
    ran = run("generate", "-l", "-o", "-", at=other.path)
    assert (ran.code, ran.out) == (2, "")
    assert "git tag" in ran.err
    assert "Begin" in run("generate", "-o", "-", at=other.path).out


def test_an_output_that_cannot_be_written_is_left_as_it_was(project: GitRepo, run: Run) -> None:
    run("generate")
    path = project.path / "CHANGELOG.md"
    before = path.read_bytes()
    path.chmod(0o444)
    project.release("v1.2.0", "feat: news", {"src/new.py": "1\n"})
    ran = run("generate")
    assert ran.code == 1
    assert "CHANGELOG.md: cannot be written" in ran.err
    assert before == path.read_bytes()
    assert not list(project.path.glob(".*.tmp"))


def test_broken_files_in_old_revisions_are_problems_and_no_errors(project: GitRepo, run: Run) -> None:
    project.release(
        "v1.2.0", "Break it", {"params.yaml": "a: [1\n", "dvc.lock": "<<<<<<< HEAD\na: 1\n>>>>>>> x\n"}
    )
    project.release("v1.3.0", "Mend it", {"params.yaml": "train:\n  trees: 5\n", "dvc.lock": ""})
    ran = run("generate", "-o", "-")
    assert ran.code == 0
    assert "params.yaml" in ran.out
    assert "conflict" in ran.out


def test_a_partial_clone_tells_what_it_lacks_and_fetches_nothing(
    project: GitRepo, run: Run, tmp_path: Path
) -> None:
    project.git("config", "uploadpack.allowFilter", "true")
    project.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone = GitRepo.clone(project.path, tmp_path / "partial", "--filter=blob:none", "--no-checkout")
    before = sorted((clone.path / ".git" / "objects").rglob("*"))
    ran = run("generate", "-o", "-", at=clone.path)
    assert ran.code == 0
    assert "git fetch --refetch --no-filter" in ran.out
    assert "v1.1.0" in ran.out
    assert before == sorted((clone.path / ".git" / "objects").rglob("*"))


def test_the_version_and_the_help_are_printed(run: Run) -> None:
    for flag in ("--version", "-V"):
        assert (0, f"dvc-changelog {__version__}\n") == (run(flag).code, run(flag).out)
    for command in ([], ["generate"], ["review"], ["show"], ["init"], ["demo"]):
        for flag in ("-h", "--help"):
            ran = run(*command, flag)
            assert (ran.code, ran.err) == (0, "")
            assert "Usage" in ran.out


def test_it_is_a_subcommand_of_git(project: GitRepo) -> None:
    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    out = project.git("dvc-changelog", "generate", "-o", "-", env={"PATH": path})
    assert out.startswith("# Changelog")
    (project.path / "sub").mkdir()
    there = GitRepo(project.path / "sub").git("dvc-changelog", "generate", "-o", "-", env={"PATH": path})
    assert out == there


def test_every_locale_gives_the_same_document(project: GitRepo) -> None:
    project.release("v1.2.0", "Größe 🚀 geändert", {"größe.py": "1\n"})
    plain = run_apart("generate", "-o", "-", at=project.path)
    assert "Größe 🚀 geändert" in plain.out
    for env in (
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ):
        assert plain == run_apart("generate", "-o", "-", at=project.path, env=env)
    ascii_only = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    assert plain == run_apart("generate", "-o", "-", at=project.path, env=ascii_only)
    assert run_apart("show", at=project.path, env=ascii_only).code == 0
    assert "größe" not in run_apart("review", "größe", at=project.path, env=ascii_only).err, (
        "said in what it has"
    )


def test_no_colour_is_used_where_it_is_not_wanted(project: GitRepo) -> None:
    for env in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
        for args in (("show",), ("generate", "nothing..")):
            ran = run_apart(*args, at=project.path, env=env)
            assert "\x1b[" not in ran.out + ran.err


def test_the_date_of_what_is_planned_is_source_date_epoch(
    project: GitRepo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")
    assert "2024-06-01" in run("generate", "-u", "-t", "v2.0.0", "-o", "-").out
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "tomorrow")
    ran = run("generate", "-t", "v2.0.0", "-o", "-")
    assert (ran.code, ran.out) == (2, "")
    assert "SOURCE_DATE_EPOCH" in ran.err


def test_a_directory_that_is_gone_is_named(tmp_path: Path) -> None:
    command = f'mkdir gone && cd gone && rmdir ../gone && "{sys.executable}" -m dvc_changelog check'
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "The current directory is not there any more" in done.stderr


def test_git_missing_is_said(project: GitRepo, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dvc_changelog", "generate"],
        cwd=project.path,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "error: Git is not installed, or not on PATH" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said(project: GitRepo) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [PROGRAM, "generate", "-o", "-"],
            cwd=project.path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "cannot be written: No space left" in done.stderr
    assert "Exception" not in done.stderr


def test_a_reader_that_leaves_is_no_error(project: GitRepo) -> None:
    process = subprocess.Popen(
        [PROGRAM, "generate", "-o", "-", "-q"],
        cwd=project.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 128 + signal.SIGPIPE


def stuck(*args: str, slow: str, at: Path, place: Path) -> subprocess.Popen[str]:
    """A run in a process group of its own, once it waits for a Git command that does not end."""
    started, fake = place / "started", place / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(
        f'#!/bin/sh\ncase " $* " in *" {slow} "*) touch {started}; exec sleep 60;; esac\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    fake.chmod(0o755)
    process = subprocess.Popen(
        [PROGRAM, *args],
        cwd=at,
        env={**os.environ, "PATH": f"{fake.parent}:{os.environ['PATH']}", "TMPDIR": str(place)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 20
    while not started.exists() and time.monotonic() < until:
        time.sleep(0.01)
    return process


@pytest.mark.parametrize("whole_group", [False, True], ids=["the process", "its group, as a terminal does"])
@pytest.mark.parametrize("slow", ["log", "cat-file"])
def test_ctrl_c_leaves_the_file_as_it_was(
    project: GitRepo, tmp_path: Path, slow: str, whole_group: bool
) -> None:
    before = b"# Changelog\n\nBy hand.\n"
    (project.path / "CHANGELOG.md").write_bytes(before)
    process = stuck("generate", "--adopt", slow=slow, at=project.path, place=tmp_path)
    (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "error: Interrupted; nothing was written." in said
    assert "Traceback" not in said
    assert before == (project.path / "CHANGELOG.md").read_bytes()
    assert not list(project.path.glob(".*.tmp"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_leaves_no_temporary_directory(
    project: GitRepo, tmp_path: Path, number: signal.Signals
) -> None:
    process = stuck("review", "--workspace", slow="read-tree", at=project.path, place=tmp_path)
    assert list(tmp_path.glob("dvc-changelog-*"))
    os.kill(process.pid, number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 128 + number
    assert "Traceback" not in said
    assert not list(tmp_path.glob("dvc-changelog-*"))
