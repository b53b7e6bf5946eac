"""What keeps DVC's commands from working in a clean checkout, beside what DVC itself says there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated
from snapshot.agreement import quiet_dvc

from dvc_changelog.domain import Obstacles
from dvc_changelog.history import History
from dvc_changelog.snapshot import Snapshots

__all__ = ["isolated", "quiet_dvc"]

EMPTY_DIR = "d751713988987e9331980363e24189ce.dir"
OUT = {"path": "out", "md5": EMPTY_DIR, "hash": "md5", "size": 0, "nfiles": 0}
DATA = json.dumps({"outs": [{**OUT, "path": "raw"}]})
PLAIN = json.dumps({"stages": {"s": {"cmd": "run", "outs": ["out"]}}})
LOCK = json.dumps({"schema": "2.0", "stages": {"s": {"cmd": "run", "outs": [OUT]}}})
OLD_LOCK = json.dumps({"s": {"cmd": "run", "outs": [{"path": "out", "md5": EMPTY_DIR}]}})
TEMPLATES = json.dumps({"stages": {"s": {"cmd": "run ${lr}", "outs": ["out"]}}})
CONFLICT = "<<<<<<< HEAD\na: 1\n=======\n"
DVC = {".dvc/config": ""}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({**DVC, "dvc.yaml": PLAIN, "dvc.lock": LOCK}, Obstacles("")),
        ({"dvc.yaml": PLAIN, "dvc.lock": LOCK}, Obstacles("", bare=True)),
        ({**DVC, "dvc.yaml": PLAIN}, Obstacles("", unrecorded=("out",))),
        (
            {**DVC, "dvc.yaml": CONFLICT, "raw.dvc": DATA},
            Obstacles("", unreadable=("dvc.yaml",), single=("raw.dvc",)),
        ),
        (
            {**DVC, "dvc.yaml": PLAIN, "dvc.lock": CONFLICT},
            Obstacles("", unreadable=("dvc.lock",), unrecorded=("out",)),
        ),
        ({**DVC, "dvc.yaml": PLAIN, "dvc.lock": OLD_LOCK}, Obstacles("", unreadable=("dvc.lock",))),
        ({**DVC, "dvc.lock": CONFLICT}, Obstacles("")),
        ({**DVC, "raw.dvc": CONFLICT}, Obstacles("", unreadable=("raw.dvc",))),
        ({**DVC, "dvc.yaml": TEMPLATES, "params.yaml": "lr: 1"}, Obstacles("", unrecorded=("out",))),
        ({**DVC, "dvc.yaml": TEMPLATES, "dvc.lock": LOCK}, Obstacles("", unreadable=("dvc.yaml",))),
        (
            {
                **DVC,
                "dvc.yaml": TEMPLATES,
                "dvc.lock": LOCK,
                "params.yaml.dvc": DATA.replace("raw", "params.yaml"),
            },
            Obstacles("", first=("params.yaml.dvc",), single=("params.yaml.dvc",)),
        ),
        (
            {**DVC, "dvc.yaml": PLAIN.replace('"cmd"', '"frozen": true, "cmd"'), "dvc.lock": LOCK},
            Obstacles("", frozen=("s",)),
        ),
    ],
)
def test_what_stops_dvc_is_known_beforehand(
    tmp_path: Path, files: Mapping[str, str], expected: Obstacles, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    repo = GitRepo.init(tmp_path / "repo")
    repo.commit("Begin", files)
    history = History(repo.path)
    assert Snapshots(history.git).at(history.revision("HEAD")).obstacles == (expected,)
    monkeypatch.chdir(repo.path)
    if not expected.bare:
        repo.write({f".dvc/cache/files/md5/{EMPTY_DIR[:2]}/{EMPTY_DIR[2:]}": "[]"})
    if expected.closed or expected.first or expected.unrecorded:
        with pytest.raises(DvcException), Repo() as dvc:
            dvc.checkout()
    else:
        with Repo() as dvc:
            dvc.checkout()
