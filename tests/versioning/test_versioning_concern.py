"""What concerns which artifact, in a repository that DVC itself made: what moves one leaves the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated
from snapshot.agreement import quiet_dvc

from dvc_changelog.config import Config
from dvc_changelog.domain import Level
from dvc_changelog.history import History
from dvc_changelog.versioning import concern_of
from dvc_changelog.workflows import generate, next_version
from dvc_changelog.workflows.common import snapshots_of

__all__ = ["isolated", "quiet_dvc"]

PIPELINE = """\
stages:
  prepare:
    cmd: cp raw.csv tidy.csv
    deps: [raw.csv, src/prepare.py]
    outs: [tidy.csv]
  train-churn:
    cmd: cat tidy.csv params.yaml src/churn.py > churn.pkl
    deps: [tidy.csv, src/churn.py]
    params: [churn]
    outs: [churn.pkl]
  train-seg:
    cmd: cat tidy.csv params.yaml src/seg/*.py > seg.pkl
    deps: [tidy.csv, src/seg]
    params: [seg.k]
    outs: [seg.pkl]
  evaluate:
    cmd: echo "{\\"size\\":$(cat churn.pkl test.csv src/evaluate.py | wc -c)}" > churn.json
    deps: [churn.pkl, test.csv, src/evaluate.py]
    metrics: [churn.json: {cache: false}]
  export:
    cmd: cp seg.pkl web.bin
    deps: [seg.pkl]
    outs: [web.bin]
artifacts:
  churn: {path: churn.pkl, type: model}
  seg: {path: seg.pkl, type: model}
"""
SUB = """\
stages:
  train:
    cmd: cat own.csv params.yaml > fraud.pkl
    deps: [own.csv]
    params: [lr]
    outs: [fraud.pkl]
artifacts:
  fraud: {path: fraud.pkl, type: model}
"""
FILES = {
    "dvc.yaml": PIPELINE,
    "params.yaml": "churn: {lr: 0.1, layers: 2}\nseg: {k: 3, unused: 1}\n",
    "raw.csv": "1\n",
    "test.csv": "2\n",
    **dict.fromkeys(("src/prepare.py", "src/churn.py", "src/seg/main.py", "src/evaluate.py"), "print(1)\n"),
    "README.md": "Hello\n",
    "sub/dvc.yaml": SUB,
    "sub/params.yaml": "lr: 0.1\n",
    "sub/own.csv": "1\n",
}
ARTIFACTS = ("churn", "seg", "sub:fraud")
NONE, PATCH, MINOR, MAJOR = Level


def _recorded(path: Path, *, anew: bool = False) -> None:
    """What a person does: `dvc init`, `dvc add`, `dvc repro`, in each project."""
    from dvc.repo import Repo

    for project, data in (("", ["raw.csv", "test.csv"]), ("sub", ["own.csv"])):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(path / project)
            if anew:
                Repo.init(subdir=bool(project)).close()
            with Repo() as dvc:
                dvc.add(data)
                dvc.reproduce(None, all_pipelines=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repo = GitRepo.init(tmp_path_factory.mktemp("concern") / "repo")
    repo.write(FILES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_NO_ANALYTICS", "1")
        _recorded(repo.path, anew=True)
    repo.commit("Begin", {})
    for tag in ("churn@v1.0.0", "seg@v1.0.0", "sub=fraud@v1.0.0"):
        repo.tag(tag, message="A version")
    return repo.path


@pytest.fixture
def repo(built: Path, tmp_path: Path) -> GitRepo:
    return GitRepo(Path(shutil.copytree(built, tmp_path / "repo", symlinks=True)))


Edit = dict[str, str]


def _without_seg() -> str:
    before, _, rest = PIPELINE.partition("  train-seg:")
    return (
        (before + "  evaluate:" + rest.partition("  evaluate:")[2])
        .replace("  seg: {path: seg.pkl, type: model}\n", "")
        .replace(PIPELINE[PIPELINE.index("  export:") : PIPELINE.index("artifacts:")], "")
    )


def _params(old: str, new: str) -> Edit:
    return {"params.yaml": FILES["params.yaml"].replace(old, new)}


CASES: list[tuple[str, str, Edit, tuple[Level, Level, Level]]] = [
    # what was done, the message, the files, the levels of churn, seg and fraud
    ("a hyperparameter", "Tune", _params("lr: 0.1", "lr: 0.2"), (PATCH, NONE, NONE)),
    ("a deeper net", "Tune", _params("layers: 2", "layers: 3"), (MINOR, NONE, NONE)),
    ("a param of the other", "Tune", _params("k: 3", "k: 4"), (NONE, PATCH, NONE)),
    ("a param that nothing uses", "Tune", _params("unused: 1", "unused: 2"), (NONE, NONE, NONE)),
    ("shared data", "Update", {"raw.csv": "1\n2\n"}, (MINOR, MINOR, NONE)),
    ("its own code", "Work", {"src/churn.py": "print(2)\n"}, (MINOR, NONE, NONE)),
    ("code in a directory", "Work", {"src/seg/more.py": "print(2)\n"}, (NONE, MINOR, NONE)),
    ("what measures it", "Work", {"src/evaluate.py": "print(222)\n"}, (PATCH, NONE, NONE)),
    ("other data to measure it by", "Work", {"test.csv": "2\n3\n"}, (PATCH, NONE, NONE)),
    ("a readme", "Say more", {"README.md": "Hello, world\n"}, (NONE, NONE, NONE)),
    ("a feature elsewhere", "feat: a page", {"web/page.py": "print(1)\n"}, (NONE, NONE, NONE)),
    ("a breaking commit of the other", "feat!: a", {"src/seg/main.py": "print(2)\n"}, (NONE, MAJOR, NONE)),
    ("the nested project", "Tune", {"sub/params.yaml": "lr: 0.2\n"}, (NONE, NONE, PATCH)),
    ("the nested project's data", "Update", {"sub/own.csv": "1\n2\n"}, (NONE, NONE, MINOR)),
    (
        "each for itself",
        "Work",
        _params("k: 3", "k: 4") | {"src/churn.py": "print(2)\n"},
        (MINOR, PATCH, NONE),
    ),
    ("one is gone", "Remove seg", {"dvc.yaml": _without_seg()}, (NONE, MAJOR, NONE)),
]


@pytest.mark.parametrize(("message", "files", "levels"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_moves_an_artifact_leaves_the_others(
    message: str, files: Edit, levels: tuple[Level, ...], repo: GitRepo
) -> None:
    repo.write(files)
    _recorded(repo.path)
    repo.commit(message, {})
    configs = [Config().replace(artifact=name) for name in ARTIFACTS]
    asked = [next_version(repo.path, config=config) for config in configs]
    assert tuple(found.level for found in asked) == levels
    for found, config in zip(asked, configs, strict=True):
        if found.step:
            repo.tag(found.tag, message="A version")
            newest = generate(repo.path, config=config).releases[0]
            # What the changelog says of a release is what `next-version` said before it.
            assert (newest.head.version, newest.bump) == (found.tag, found.bump)


def test_what_an_artifact_is_made_from(repo: GitRepo) -> None:
    history = History(repo.path)
    sides = [snapshots_of(history, Config()).at(history.at(repo.git("rev-parse", "HEAD").strip(), "HEAD"))]
    churn, seg, fraud = (concern_of(name, sides) for name in ARTIFACTS)
    assert churn
    assert seg
    assert fraud
    assert concern_of("fraud", sides) is None
    assert churn.data == {"churn.pkl", "tidy.csv", "raw.csv"}
    assert churn.inputs == churn.data | {"src/prepare.py", "src/churn.py", "raw.csv.dvc"}
    assert churn.stages == {"prepare", "train-churn"}
    assert churn.metrics == {"churn.json"}
    assert seg.data == {"seg.pkl", "tidy.csv", "raw.csv"}
    assert seg.metrics == frozenset()
    assert fraud.data == {"sub/fraud.pkl", "sub/own.csv"}
    assert fraud.stages == {"sub/dvc.yaml:train"}
