"""What every workflow begins with: the repository, its configuration, a snapshot reader, the clock."""

from __future__ import annotations

import os
import time
from pathlib import Path

from dvc_changelog import config as configuration
from dvc_changelog.config import Config
from dvc_changelog.domain import Forge
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History, forge_of_url
from dvc_changelog.snapshot import Options, Snapshots
from dvc_changelog.workflows.projects import project_of


def open_history(repo: History | Path | str, config: Config | None) -> tuple[History, Config]:
    """The repository at or above a place, unless it is open already, and its configuration unless given."""
    history = repo if isinstance(repo, History) else History(Path(repo))
    if config is None:
        config = configuration.load(history.git.root, None, os.environ)
    return history, config


def snapshots_of(history: History, config: Config, *, stale: bool = True) -> Snapshots:
    """A reader of snapshots that knows what the configuration adds; for `stale` see `Options`."""
    options = Options(
        config.models,
        config.metrics,
        config.environment_files,
        config.packages,
        project_of(config),
        configuration.in_lists(config.metric_rules),
        stale,
    )
    return Snapshots(history.git, options)


def forge_of(history: History, config: Config) -> Forge | None:
    """Where links go: as configured, else by the remote."""
    if config.remote_url:
        found = forge_of_url(config.remote_url, config.forge)
        return found or Forge(config.forge or "github", config.remote_url.rstrip("/"))
    return forge_of_url(history.remote_url(), config.forge)


def now() -> int:
    """The present in seconds since the epoch, or SOURCE_DATE_EPOCH where it is set.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no number.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return int(time.time())
    try:
        return int(given)
    except ValueError as error:
        raise UsageError(
            f"SOURCE_DATE_EPOCH is {given!r}, no number of seconds", "Unset it or correct it."
        ) from error
