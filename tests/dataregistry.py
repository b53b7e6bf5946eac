"""A repository that others import data from, made by the real DVC."""

from __future__ import annotations

from pathlib import Path

import pytest
from gitrepo import GitRepo


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolated: None) -> GitRepo:
    """A registry with two versions of a data set, other work between them, and a remote that has them."""
    from dvc.repo import Repo

    registry = GitRepo.init(tmp_path / "registry")
    monkeypatch.chdir(registry.path)
    Repo.init().close()
    registry.write(
        {".dvc/config": f"[core]\n    remote = store\n['remote \"store\"']\n    url = {tmp_path}/store\n"}
    )
    for number in (1, 2):
        registry.write({"d.csv": "x\n" * number, "cats/a.txt": "a", f"cats/{number}.txt": "b"})
        with Repo() as dvc:
            dvc.add(["d.csv", "cats"])
            dvc.push()
        registry.commit(f"Version {number}", {})
        registry.tag(f"v{number}")
        registry.commit(f"Other work {number}", {"readme.md": f"{number}"})
    return registry
