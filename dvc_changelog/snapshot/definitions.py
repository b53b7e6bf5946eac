"""A dvc.yaml of a revision becomes a Pipeline, its templates resolved; what is equal is made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from dvc_changelog.dataclass import dataclass
from dvc_changelog.snapshot import pipeline, templates
from dvc_changelog.snapshot.blobs import Blobs, Complaints
from dvc_changelog.snapshot.pipeline import Pipeline
from dvc_changelog.snapshot.refused import faulty, refusal
from dvc_changelog.snapshot.tree import Found, Tree
from dvc_changelog.snapshot.unreadable import UnreadableError

_Files = Mapping[str, str | None]
"""Blob ids of the files that a resolution asked for, None where there was none."""


@dataclass(slots=True)
class Definitions:
    """Reads the dvc.yaml files of revisions."""

    blobs: Blobs
    _plain: dict[tuple[str, str], Pipeline] = field(default_factory=dict)
    _resolutions: dict[tuple[str, str], list[tuple[_Files, Pipeline]]] = field(default_factory=dict)

    def read(self, file: Found | None, tree: Tree, complain: Complaints) -> Pipeline | None:
        """The pipeline that a dvc.yaml defines; None where there is none, or where it cannot be read."""
        if file is None:
            return None
        loaded = complain.unless_failed(
            file.path, self.blobs.parsed(file.blob, file.path, _loaded, "definition")
        )
        if loaded is None:
            return None
        document, templated, refused = loaded
        if refused:
            complain.add(file.path, refused, partly=True)
        if not templated:
            key = file.path, file.blob
            if key not in self._plain:
                sound = _sound(document) if refused else document
                understood = pipeline.understand(file.path, sound, refused)
                self._plain[key] = replace(understood, groups=_groups(document))
            return self._plain[key]
        resolved = self._resolved(file, document, tree, refused)
        if resolved.unresolved and not refused:
            reason = f"its templates cannot be resolved ({resolved.unresolved}); dvc.lock is read instead"
            complain.add(file.path, reason, partly=True)
        return resolved

    def _resolved(self, file: Found, document: Mapping[str, object], tree: Tree, refused: str) -> Pipeline:
        """The templates resolved: again only where a file that they draw on differs."""
        known = self._resolutions.setdefault((file.path, file.blob), [])
        for asked, understood in known:
            if all(tree.blob(path) == blob for path, blob in asked.items()):
                return understood
        files: dict[str, str | None] = {}

        def read(path: str) -> bytes | None:
            blob = files[path] = tree.blob(path)
            return self.blobs.data(blob) if blob else None

        resolved = templates.resolve(file.path, _sound(document) if refused else document, read)
        understood = pipeline.understand(file.path, resolved.document, refused or resolved.problem)
        lacked = tuple(path for path, blob in files.items() if blob is None)
        understood = replace(understood, groups=_groups(document), used=resolved.used, lacked=lacked)
        known.append((files, understood))
        return understood


def _sound(document: Mapping[str, object]) -> Mapping[str, object]:
    """A dvc.yaml without the stages that DVC refuses it for: what these make, dvc.lock tells."""
    bad = faulty(document)
    stages = document.get("stages")
    if not bad or not isinstance(stages, Mapping):
        return document
    return {**document, "stages": {name: stage for name, stage in stages.items() if str(name) not in bad}}


def _groups(document: Mapping[str, object]) -> frozenset[str]:
    stages = document.get("stages")
    return frozenset(map(str, stages)) if isinstance(stages, Mapping) else frozenset()


def _loaded(_path: str, data: bytes) -> tuple[Mapping[str, object], bool, str]:
    """Reader: a dvc.yaml, whether it has templates, and why DVC refuses it: "" where it does not."""
    document = pipeline.load(data)
    reason = refusal(document)
    refused = f"DVC refuses it: {reason}" if reason else ""
    if reason and not isinstance(document.get("stages", {}), Mapping):
        raise UnreadableError(refused)
    return document, pipeline.is_templated(document, data), refused
