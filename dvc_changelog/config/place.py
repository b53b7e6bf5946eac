"""Where the configuration lies and how its text is read: files and TOML, nothing of what options mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import ConfigError

PLACES = ("dvc-changelog.toml", ".dvc-changelog.toml", ".config/dvc-changelog.toml", "pyproject.toml")
_TABLE = re.compile(r"dvc[-_]changelog")
_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Found:
    """A configuration file that was read: its name for the user, its text, and the table that is ours."""

    label: str
    text: str
    table: Mapping[str, object]

    def line_of(self, key: str, within: str = "") -> int | None:
        """Return the line that sets `key` (of the option `within`), or None where a look does not find it."""
        start = 0
        if Path(self.label).name == "pyproject.toml":
            header = re.search(r"^[ \t]*\[\s*tool\s*\.\s*[\"']?dvc[-_]changelog", self.text, re.MULTILINE)
            if not header:
                return None
            start = header.start()
        if within:
            outer = _position(self.text, within, start)
            inner = None if outer is None else _position(self.text, key, outer, anywhere=True)
            found = outer if inner is None else inner
        else:
            found = _position(self.text, key, start)
        return None if found is None else self.text.count("\n", 0, found) + 1


def find(root: Path, explicit: Path | None) -> Found | None:
    """Return the configuration file given, or the first one below `root`, or None where there is none.

    Raises ConfigError for a file that was given and is not there, that cannot be read, or that is not TOML.
    """
    if explicit is not None:
        text = _read(explicit, str(explicit))
        if text is None:
            raise ConfigError(str(explicit), "there is no such file", "Write one with `dvc-changelog init`.")
        found = _parse(text, str(explicit))
        if found is None:
            raise ConfigError(
                str(explicit), "has no table [tool.dvc-changelog]", "Add it, or name another file."
            )
        return found
    for place in PLACES:
        text = _read(root / place, place)
        found = None if text is None else _parse(text, place)
        if found is not None:
            return found
    return None


def existing(root: Path) -> str:
    """Return the configuration file that `root` has, relative to it, or "". Raises as `find` does."""
    found = find(root, None)
    return found.label if found else ""


def init_path(root: Path) -> Path:
    """Return where `dvc-changelog init` writes a new configuration."""
    return root / PLACES[0]


def _read(path: Path, label: str) -> str | None:
    """Return the text of a file without its byte order mark, or None where there is no such file."""
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(
            label, f"cannot be read: {error.strerror}", "Make it a file that you may read."
        ) from error
    return _decoded(raw, label)


def parsed(label: str, raw: bytes) -> Found | None:
    """Return the configuration that the bytes of a file hold, or None for a pyproject.toml without one.

    Raises ConfigError for what is not TOML.
    """
    return _parse(_decoded(raw, label), label)


def _decoded(raw: bytes, label: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(label, f"line {line}: not UTF-8", "Save the file as UTF-8.") from error


def _parse(text: str, label: str) -> Found | None:
    """Return our table of a file, or None for a pyproject.toml without one."""
    import tomllib

    shared = Path(label).name == "pyproject.toml"
    if shared and not _TABLE.search(text):
        return None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(text, label, str(error)) from error
    except (ValueError, RecursionError) as error:
        what = "holds a number too long, or is nested too deeply"
        raise ConfigError(label, what, "Write a shorter number, or fewer brackets.") from error
    if not shared:
        return Found(label, text, table)
    tool = table.get("tool")
    ours = (
        [tool[key] for key in ("dvc-changelog", "dvc_changelog") if key in tool]
        if isinstance(tool, dict)
        else []
    )
    if not ours:
        return None
    if len(ours) > 1:
        raise ConfigError(label, "has both [tool.dvc-changelog] and [tool.dvc_changelog]", "Keep the first.")
    if not isinstance(ours[0], dict):
        raise ConfigError(label, "`tool.dvc-changelog` must be a table", "Write [tool.dvc-changelog].")
    return Found(label, text, ours[0])


def _broken(text: str, label: str, message: str) -> ConfigError:
    """Return the error for text that is not TOML, with its line."""
    at = _LINE.search(message)
    line = int(at[1]) if at else text.count("\n") + 1
    reason = _LINE.sub("", message).replace(" (at end of document)", " at the end of the file").strip()
    shown = text.split("\n")[line - 1].strip() if line <= text.count("\n") + 1 else ""
    return ConfigError(
        label,
        f"line {line}: not valid TOML: {reason}",
        f"The line reads: {shown}" if shown else "Close what is still open: a quote or a bracket.",
    )


def _position(text: str, key: str, start: int, *, anywhere: bool = False) -> int | None:
    """Return where a key is set at or after `start`: as `key =`, as `key.x =`, or as the table [key]."""
    quoted = rf"[\"']?{re.escape(key)}[\"']?"
    inline = rf"|(?<![\w-]){quoted}\s*=" if anywhere else ""
    setting = re.compile(
        rf"^[ \t]*{quoted}[ \t]*[.=]|^[ \t]*\[[^\]\n]*(?<![\w-]){quoted}\s*[\].]{inline}", re.MULTILINE
    )
    # `start` may lie within a line that sets the key, so the search begins where that line does.
    found = setting.search(text, text.rfind("\n", 0, start) + 1)
    return found.end() - 1 if found else None
