"""The grounds of CI's runners, built once for all workers."""

from __future__ import annotations

from pathlib import Path

import pytest
from cigrounds import Origin, forge_repository, once, release


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """This project as a release that others name."""
    return once(tmp_path_factory, worker_id, "checkout", release)


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory, worker_id: str, built_demo: Path) -> Origin:
    """The repository of a team, on a forge."""
    root = once(tmp_path_factory, worker_id, "origin", lambda into: forge_repository(built_demo, into))
    return Origin(root / "models.git")
