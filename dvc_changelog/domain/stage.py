"""Stages of a pipeline: how they are defined, what they last ran with, what was not reproduced since."""

from __future__ import annotations

import fnmatch
import re
from enum import StrEnum

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.content import Content, Value


@dataclass(frozen=True, slots=True)
class Dependency:
    """An input of a stage as the lock records it. `content` is None where nothing was recorded."""

    path: str
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a pipeline, with templates resolved. `path` is that of its dvc.yaml.

    `params` are (file, key) pairs; an empty key stands for the whole file. `ran` is what dvc.lock recorded of
    the last run, or None if it never ran here. DVC runs one that is `always_changed` each time.
    """

    path: str
    name: str
    cmd: str = ""
    wdir: str = ""
    deps: tuple[str, ...] = ()
    outs: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    metrics: tuple[str, ...] = ()
    plots: tuple[str, ...] = ()
    frozen: bool = False
    desc: str = ""
    always_changed: bool = False
    ran: StageRun | None = None

    @property
    def address(self) -> str:
        """As DVC addresses it from the Git root: "train", "sub/dvc.yaml:train", before 1.0 "train.dvc"."""
        if self.path == "dvc.yaml" or not self.name:
            return self.name or self.path
        return f"{self.path}:{self.name}"

    def uses(self, path: str, name: str) -> bool:
        """Whether it uses a param: by its name, a section above it, a pattern, or the whole file."""
        return any(file == path and (not key or covers(key, name)) for file, key in self.params)


_GLOB = re.compile(r"[*?\[]")


def covers(key: str, name: str) -> bool:
    """Whether a key of `params:` stands for the param `name`; DVC takes a glob for each dotted part."""
    if name == key or name.startswith(f"{key}."):
        return True
    if not _GLOB.search(key):
        return False
    patterns, parts = key.split("."), name.split(".")
    return len(parts) >= len(patterns) and all(map(fnmatch.fnmatchcase, parts, patterns))


@dataclass(frozen=True, slots=True)
class StageRun:
    """What dvc.lock says of a stage's last run. `params` are ((file, key), value) pairs with dotted keys."""

    cmd: str = ""
    deps: tuple[Dependency, ...] = ()
    outs: tuple[Dependency, ...] = ()
    params: tuple[tuple[tuple[str, str], Value], ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """All that it read and wrote, from the Git root."""
        return frozenset(each.path for each in (*self.deps, *self.outs))


class Since(StrEnum):
    """What of a stage is not as it was at its last run. NEVER: dvc.lock knows no run of it."""

    PARAM = "param"
    COMMAND = "command"
    INPUT = "input"
    OUTPUT = "output"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Stale:
    """Something that is not what a stage last ran with, so that it was not reproduced since.

    `path` is the params file, the dependency, the output, or the dvc.yaml of the command; `name` that of the
    param. `value` is what holds now, of a dependency its hash, `locked` what the stage ran with. `missing`:
    the param is not there; `added`: the last run did not know of the param, input or output.
    """

    path: str
    name: str
    value: Value
    locked: Value
    stage: str
    missing: bool = False
    since: Since = Since.PARAM
    added: bool = False
