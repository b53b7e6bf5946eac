"""From the tags and commits of a repository to the version that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import registries
from clirun import files_of
from gitrepo import EPOCH, HOUR, GitRepo, Node, imported

from dvc_changelog.config import Config
from dvc_changelog.domain import Changelog, Level, Release
from dvc_changelog.errors import GitError, ShallowCloneError, TagTakenError, UsageError
from dvc_changelog.history import History
from dvc_changelog.workflows import NextVersion, generate, next_version

if TYPE_CHECKING:
    from pathlib import Path

TODAY = str(EPOCH + 80 * 24 * HOUR)
"""2024-03-21."""

ZERO: dict[str, object] = {"major_version_zero": True}
HISTORIES: list[tuple[str, dict[str, object], str]] = [
    # messages of commits and, after @, tags on them; options; what follows
    ("feat: a", {}, "v0.1.0"),
    ("docs: a", {}, ""),
    ("feat: a", {"initial_version": "1.0.0"}, "v1.0.0"),
    ("feat: a", {"tag_format": "release-{version}"}, "release-0.1.0"),
    ("a @v1.2.3 | fix: b", {}, "v1.2.4"),
    ("a @v1.2.3 | fix: b | feat: c", {}, "v1.3.0"),
    ("a @v1.2.3 | feat!: b | fix: c", {}, "v2.0.0"),
    ("a @1.2.3 | fix: b", {}, "1.2.4"),
    ("a @1.9 | feat: b", {}, "1.10"),
    ("a @v1.2.3", {}, "v1.2.3"),
    ("a @v1.2.3 | docs: b | test: c", {}, "v1.2.3"),
    ("a @v0.9.0 | b @v0.10.0 | fix: c", {}, "v0.10.1"),
    ("a @v0.3.1 | feat!: b", {}, "v1.0.0"),
    ("a @v0.3.1 | feat!: b", ZERO, "v0.4.0"),
    ("a @v1.3.1 | feat!: b", ZERO, "v2.0.0"),
    ("a @v1.0.0 | feat: b @v1.1.0-rc.1 | fix: c", {}, "v1.1.0"),
    ("a @v1.0.0 | fix: b @v1.0.1-rc.1 | feat: c", {}, "v1.1.0"),
    ("a @v1.0.0 | feat: b @v1.1.0-rc.1", {}, "v1.1.0"),
    ("a @v1.0.0 | feat: b @v1.1.0-rc.1 @v1.1.0", {}, "v1.1.0"),
    ("a @2024.1.0 | fix: b", {}, "2024.3.0"),
    ("a @2024.3.0 | fix: b", {}, "2024.3.1"),
    ("feat: a", {"calendar": "YYYY.0M.MICRO"}, "v2024.03.0"),
    ("a @2024-assessment-year | fix: b @exp-1 | feat: c", {}, "v0.1.0"),
    ("a @2024-assessment-year | fix: b @v2.0.0 | feat: c", {}, "v2.1.0"),
    ("a @model-training-1.0.0 | feat: b", {}, "model-training-1.1.0"),
    ("a @churn@v3.0.0 | feat: b", {}, "v0.1.0"),
    ("a @churn@v3.0.0 @v1.0.0 | feat: b", {}, "v1.1.0"),
    ("a @v1.0.0 | fix: b @nightly-7 | fix: c", {"tag_pattern": r"^v\d"}, "v1.0.1"),
    ("a @v1.0.0 | fix: b @v9.0.0 | fix: c", {"ignore_tags": ["^v9"]}, "v1.0.1"),
]


@pytest.mark.parametrize(("history", "options", "expected"), HISTORIES)
def test_the_tag_that_follows(
    history: str,
    options: dict[str, object],
    expected: str,
    repo: GitRepo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    _made(repo, history)
    config = Config().replace(**options)
    found = next_version(repo.path, config=config)
    assert found.tag == expected
    if not found.step or "ignore_tags" in options or (not found.since and "@" in history):
        return  # `generate` has releases that are no versions
    # Once it is tagged, `generate` says of it what `next-version` said before, prereleases or not.
    repo.tag(found.tag)
    release = _named(generate(repo.path, config=config), expected)
    assert (release.bump.level, set(release.bump.asks)) == (found.bump.level, set(found.bump.asks))


def test_a_release_does_not_ask_for_what_its_base_has(repo: GitRepo) -> None:
    _made(repo, "a @v1.0.0 | feat: b")
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("fix: c")
    repo.tag("v1.1.0")
    repo.git("checkout", "-q", "main")
    repo.commit("docs: d")
    repo.tag("v1.1.1")
    config = Config(all_tags=True)
    release = _named(generate(repo.path, config=config), "v1.1.1")
    assert (release.bump.level, release.bump.because) == (Level.NONE, ())


TEMPLATED = """\
stages:
  train:
    cmd: python train.py ${version}
    outs: ["models/${version}/model.pkl"]
  fold:
    foreach: ${folds}
    do:
      cmd: python fold.py
      outs: ["${item}.csv"]
"""
FOLDED = """\
schema: '2.0'
stages:
  train:
    cmd: python train.py 1
    outs: [{path: models/1/model.pkl, hash: md5, md5: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, size: 9}]
  fold@a:
    cmd: python fold.py
    outs: [{path: a.csv, hash: md5, md5: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, size: 9}]
"""


def test_what_templates_hide_is_neither_gone_nor_new(repo: GitRepo) -> None:
    """Where params.yaml is not in Git any more, and dvc.lock neither, nobody knows what the stages make."""
    hidden = {".dvc/config": "", "dvc.yaml": TEMPLATED, "dvc.lock": "", "params.yaml": "other: 1\n"}
    whole = {**hidden, "dvc.lock": FOLDED, "params.yaml": "version: 1\nfolds: [a]\n"}
    broken = {**hidden, "dvc.yaml": "stages: ["}
    for version, files in enumerate((whole, hidden, whole, broken, whole)):
        repo.commit("chore: a state", files)
        if version:
            asks = next_version(repo.path, config=Config()).bump.asks
            asked = {(ask.kind, ask.name, ask.change) for ask in asks}
            assert {each for each in asked if each[0] in {"model", "data", "stage"}} == {
                ("model", "models/1/model.pkl", "unknown"),
                ("data", "a.csv", "unknown"),
            }
        repo.tag(f"v1.{version}.0")


PRERELEASES = [
    # a history as above, the word, what follows
    ("feat: a", "rc", "v0.1.0-rc.1"),
    ("a @v1.0.0 | feat: b", "rc", "v1.1.0-rc.1"),
    ("a @v1.0.0 | feat: b @v1.1.0-rc.1 | fix: c", "rc", "v1.1.0-rc.2"),
    ("a @v1.0.0 | feat: b @v1.1.0-rc.1 | feat!: c", "rc", "v2.0.0-rc.1"),
    ("a @v1.0.0 | feat: b @v1.1.0-beta.4 | fix: c", "rc", "v1.1.0-rc.1"),
    ("a @1.0 | feat: b @1.1rc1 | fix: c", "rc", "1.1rc2"),
    ("a @v1.0.0 | feat: b @v1.1.0-rc.1", "rc", "v1.1.0-rc.1"),
    ("a @v1.0.0 | feat: b @v1.1.0-rc.1 | docs: c", "rc", "v1.1.0-rc.1"),
    ("a @v1.0.0 | feat: b @v1.1.0-beta.4", "rc", "v1.1.0-rc.1"),
    ("a @v1.0.0 | feat: b @v1.1.0-beta.4 | docs: c", "rc", "v1.1.0-rc.1"),
    ("a @v1.0.0 | docs: b", "rc", "v1.0.0"),
]


@pytest.mark.parametrize(("history", "word", "expected"), PRERELEASES)
def test_the_prerelease_that_follows(history: str, word: str, expected: str, repo: GitRepo) -> None:
    _made(repo, history)
    assert next_version(repo.path, pre=word).tag == expected


def test_a_prerelease_that_would_go_back_is_refused(repo: GitRepo) -> None:
    _made(repo, "a @v1.0.0 | feat: b @v1.1.0-rc.1 | fix: c")
    with pytest.raises(UsageError, match=r"would sort before v1\.1\.0-rc\.1"):
        next_version(repo.path, pre="beta")


def test_a_person_s_level_counts_whatever_changed(repo: GitRepo) -> None:
    _made(repo, "a @v1.2.3 | feat: b")
    found = next_version(repo.path, level=Level.PATCH)
    assert (found.tag, found.level, found.wanted, found.bump.level) == (
        *("v1.2.4", Level.PATCH, True),
        Level.MINOR,
    )
    assert (found.current, found.since) == ("v1.2.3", "v1.2.3")


@pytest.mark.parametrize(
    ("history", "options", "expected"),
    [
        ("a @v1.0.0 | fix: b @v2.0.0-rc.1 | fix: c", {}, "v2.0.0 is the stable version after v2.0.0-rc.1."),
        ("a @v1.0.0 | fix: b @v1.0.1-rc.1 | feat: c", {}, ""),
        (
            "a @v0.3.0 | feat!: b",
            {"major_version_zero": True},
            "Below 1.0.0 a major version is a minor one here (`major-version-zero`).",
        ),
        ("a @v1.3.0 | feat!: b", {"major_version_zero": True}, ""),
    ],
)
def test_what_else_decided_the_number_is_told(
    history: str, options: dict[str, object], expected: str, repo: GitRepo
) -> None:
    _made(repo, history)
    assert next_version(repo.path, config=Config().replace(**options)).after == expected


def test_where_only_artifacts_have_versions_they_are_named(repo: GitRepo) -> None:
    _made(repo, "a @churn@v1.0.0 | fix: b")
    assert any("(churn): --artifact NAME" in message for message in next_version(repo.path).messages)


def test_a_tag_that_is_no_version_is_remarked_on(repo: GitRepo) -> None:
    _made(repo, "a @2024-assessment-year | fix: b")
    assert any("2024-assessment-year" in message for message in next_version(repo.path).messages)


def test_a_tag_of_another_branch_stands_in_the_way(repo: GitRepo) -> None:
    _made(repo, "a @v1.0.0 | fix: b")
    repo.git("checkout", "-q", "-b", "side")
    repo.release("v1.0.1", "fix: elsewhere")
    repo.git("checkout", "-q", "main")
    with pytest.raises(TagTakenError, match=r"tagged v1\.0\.1, and that tag exists") as raised:
        next_version(repo.path)
    assert "--bump" in raised.value.remedy
    every = Config().replace(all_tags=True)
    assert next_version(repo.path, config=every).tag == "v1.0.1"  # it has all that is here
    repo.commit("fix: here")
    assert next_version(repo.path, config=every).tag == "v1.0.2"


def test_history_that_is_cut_off_is_an_error(repo: GitRepo, tmp_path: Path) -> None:
    _made(repo, "a @v1.0.0 | feat: b")
    with pytest.raises(ShallowCloneError):
        next_version(GitRepo.clone(repo.path, tmp_path / "cut", "--depth=1").path)
    bare = GitRepo.clone(repo.path, tmp_path / "bare.git", "--bare")
    assert next_version(bare.path).tag == "v1.1.0"
    with pytest.raises(GitError, match="no commits yet"):
        next_version(GitRepo.init(tmp_path / "unborn").path)
    with pytest.raises(GitError, match="Not a Git repository"):
        next_version(tmp_path)


def test_of_two_models_each_has_its_own_version(repo: GitRepo) -> None:
    """A product's version is asked for by all, an artifact's by what concerns it; GTO reads its tag."""
    repo.commit("Begin", _two())
    assert _of(repo, "churn").tag == "churn@v0.1.0"
    for tag in ("churn@v1.0.0", "seg@v0.3.0", "v3.0.0"):
        repo.tag(tag, message="A version")
    commit = repo.commit("Tune", _two(churn=("b" * 32, "a" * 32, 2)))
    assert (_of(repo, "churn").tag, _of(repo, "seg").tag) == ("churn@v1.0.1", "seg@v0.3.0")
    assert next_version(repo.path).tag == "v3.0.1"
    repo.tag("churn@v1.0.1", message="A version")
    assert ("v1.0.1", commit) in registries.gtos_versions(repo.path)["churn"]
    repo.commit("feat: more data", _two(churn=("b" * 32, "a" * 32, 2), seg=("c" * 32, "c" * 32, 1)))
    assert (_of(repo, "churn").tag, _of(repo, "seg").tag) == ("churn@v1.0.1", "seg@v0.4.0")
    repo.git("checkout", "-q", "--detach")
    assert next_version(repo.path).tag == "v3.1.0"
    repo.git("checkout", "-q", "main")
    repo.commit("feat!: no more churn", _two(churn=None))
    assert _of(repo, "churn").tag == "churn@v2.0.0"
    with pytest.raises(UsageError, match="artifact sge"):
        _of(repo, "sge")


LOW = {"kind": "metric", "name": "accuracy", "below": 0.75}
RULES = [
    # the rules, the level, whether it is refused, a remark
    ([LOW | {"forbid": "any"}], Level.PATCH, True, ""),
    ([LOW | {"forbid": "minor"}], Level.PATCH, False, ""),
    ([LOW | {"level": "major"}], Level.MAJOR, False, ""),
    ([{"kind": ["model", "param"], "level": "minor"}], Level.MINOR, False, ""),
    ([{"level": "none"}], Level.NONE, False, ""),
    ([LOW | {"forbid": "any", "name": "auc"}], Level.PATCH, False, "rule 1 could not be checked: "),
]


@pytest.mark.parametrize(("rules", "level", "refused", "remark"), RULES)
def test_rules_raise_lower_and_forbid(
    rules: list[dict[str, object]], level: Level, refused: bool, remark: str, repo: GitRepo
) -> None:
    repo.release("v1.0.0", "Begin", files_of(trees=50, model="a" * 32, accuracy=0.8))
    repo.commit("Tune", files_of(trees=60, model="b" * 32, accuracy=0.7))
    found = next_version(repo.path, config=Config().replace(bump_rules=rules))
    assert (found.level, bool(found.refused)) == (level, refused)
    assert any(message.startswith(remark) for message in found.messages) or not remark


def test_a_metric_that_cannot_be_read_is_remarked_on(repo: GitRepo) -> None:
    files = files_of(trees=50, model="a" * 32, accuracy=0.8)
    repo.release("v1.0.0", "Begin", files)
    repo.commit("Break it", {"metrics.json": "{"})
    rule = LOW | {"forbid": "any"}
    found = next_version(repo.path, config=Config().replace(bump_rules=[rule]))
    assert (
        "metrics.json at HEAD could not be read (not valid JSON: line 1: Expecting property name enclosed in "
        "double quotes): the level may be higher."
    ) in found.messages
    assert any(message.startswith("rule 1 could not be checked: ") for message in found.messages)
    assert found.refused == ()


def _named(told: Changelog, version: str) -> Release:
    return next(release for release in told.releases if release.head.version == version)


def _made(repo: GitRepo, text: str) -> None:
    """The history of a text as in `HISTORIES`."""
    nodes: list[Node] = []
    tags: dict[str, int] = {}
    for at, part in enumerate(text.split(" | ")):
        message, *names = part.split(" @")
        tags |= dict.fromkeys(names, at)
        nodes.append(Node((at - 1,) if at else (), message, {"work.txt": f"{at}\n"}))
    imported(repo, nodes, tags)
    repo.git("reset", "-q", "--hard")


def _of(repo: GitRepo, artifact: str) -> NextVersion:
    return next_version(History(repo.path), config=Config().replace(artifact=artifact))


def _two(
    churn: tuple[str, str, int] | None = ("a" * 32, "a" * 32, 1),
    seg: tuple[str, str, int] = ("a" * 32, "a" * 32, 1),
) -> dict[str, str]:
    """The files of a project that trains two models: of each its hash, that of its data, and its param."""
    models = {"churn": churn, "seg": seg}
    stages, locks, declared, params = "", "", "", ""
    for name, each in models.items():
        if each is None:
            continue
        model, data, param = each
        stages += (
            f"  {name}:\n    cmd: x\n    deps: [{name}.csv]\n    params: [{name}]\n    outs: [{name}.pkl]\n"
        )
        declared += f"  {name}: {{path: {name}.pkl, type: model}}\n"
        params += f"{name}: {param}\n"
        locks += (
            f"  {name}:\n    cmd: x\n    deps:\n    - {{path: {name}.csv, hash: md5, md5: {data}, size: 1}}\n"
            f"    params:\n      params.yaml: {{{name}: {param}}}\n"
            f"    outs:\n    - {{path: {name}.pkl, hash: md5, md5: {model}, size: 1}}\n"
        )
    return {
        ".dvc/config": "",
        "dvc.yaml": f"stages:\n{stages}artifacts:\n{declared}",
        "dvc.lock": f"schema: '2.0'\nstages:\n{locks}",
        "params.yaml": params,
    }
