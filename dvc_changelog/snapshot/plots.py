"""The plots that a dvc.yaml defines: its top-level `plots:`, and the outputs that stages mark as plots.

Source of the form: dvc 3.67, `dvc/schema.py` and `dvc/repo/plots/__init__.py`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from dvc_changelog.domain import Plot
from dvc_changelog.snapshot.entries import join

_LOOK = ("template", "title", "x", "y", "x_label", "y_label", "header")


def plots_of(path: str, document: Mapping[str, object]) -> Iterator[Plot]:
    """The plots that the dvc.yaml at `path` defines; what has a wrong shape is left out.

    Args:
        path: from the Git root.
        document: the file's content, its templates resolved.
    """
    directory = posixpath.dirname(path)
    for name, definition in _entries(document.get("plots")):
        yield _top_level(path, directory, name, definition)
    stages = document.get("stages")
    for stage in stages.values() if isinstance(stages, Mapping) else ():
        if isinstance(stage, Mapping):
            wdir = join(directory, str(stage.get("wdir") or "."))
            for name, definition in _entries(stage.get("plots")):
                out = join(wdir, name)
                look = tuple(_look("", definition))
                yield Plot(out, path, (out,), look, by_path=True, of_stage=True)


def _top_level(path: str, directory: str, name: str, definition: Mapping[str, object]) -> Plot:
    """A plot whose `y` names files has a name of its own; of any other the name is the path of its data."""
    x, y = definition.get("x"), definition.get("y")
    named = isinstance(y, Mapping)
    files = [join(directory, str(file)) for file in y] if isinstance(y, Mapping) else [join(directory, name)]
    if isinstance(x, Mapping):
        files += [join(directory, str(file)) for file in x]
    return Plot(
        name=name if named else join(directory, name),
        file=path,
        data=tuple(dict.fromkeys(files)),
        look=tuple(_look(directory, definition)),
        by_path=not named,
    )


def _look(directory: str, definition: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key in _LOOK:
        value = definition.get(key)
        if isinstance(value, Mapping):
            for file, columns in value.items():
                for column in columns if isinstance(columns, list) else (columns,):
                    yield key, f"{join(directory, str(file))}: {column}"
        elif isinstance(value, list):
            yield from ((key, str(item)) for item in value)
        elif value is not None:
            yield key, str(value).lower() if isinstance(value, bool) else str(value)


def _entries(section: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The entries of a `plots:` section: paths, and names or paths with settings."""
    entries = [section] if isinstance(section, Mapping) else section
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            yield from ((str(name), _settings(value)) for name, value in entry.items())
        elif entry is not None:
            yield str(entry), {}


def _settings(value: object) -> Mapping[str, object]:
    """The settings of one plot; an output may have a list of them, one for each plot drawn from it."""
    if isinstance(value, list):
        given = [one for one in value if isinstance(one, Mapping)]
        keys = dict.fromkeys(str(key) for one in given for key in one)
        return {key: [one[key] for one in given if key in one] for key in keys}
    return value if isinstance(value, Mapping) else {}
