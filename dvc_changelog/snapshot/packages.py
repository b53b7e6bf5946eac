"""Files that pin or require packages of Python, conda and R: bytes to {name: version}."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from dvc_changelog.snapshot import yaml12
from dvc_changelog.snapshot.toml_tables import read_tables
from dvc_changelog.snapshot.unreadable import UnreadableError, check_conflict, decoded
from dvc_changelog.snapshot.values import read_json, read_toml

Pin = tuple[str, str]
"""A name, as its registry normalises it, and its version, specifier, URL, or "" where anything goes."""

_FILE = re.compile(
    r"""(?P<requirements>requirements.*\.txt|.*requirements\.txt|constraints.*\.txt)
    |(?P<conda_lock>conda-lock\.ya?ml)
    |(?P<conda>(?:environment|conda).*\.ya?ml)
    |(?P<pyproject>pyproject\.toml)
    |(?P<setup>setup\.cfg)
    |(?P<locked>(?:uv|poetry|pdm)\.lock)
    |(?P<pipfile>pipfile)
    |(?P<pipfile_lock>pipfile\.lock)
    |(?P<renv>renv\.lock)""",
    re.VERBOSE,
)
_TABLES = ("project", "dependency-groups", "tool.poetry", "tool.pdm", "tool.uv")
_ENDS = (".txt", ".yml", ".yaml", ".toml", ".cfg", ".lock", "pipfile", "description")
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*")
_USUAL = re.compile(
    r"""(?P<name>[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?)(?:\[[A-Z0-9]+\])?
    (?:(?P<version>~=\d+(?:\.\d+)+|(?:==|[><!]=|[<>])\d+(?:\.\d+)*)|[ ]@[ ](?P<url>[a-z][!-~]+))?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
"""What most requirements look like. Packaging says the same of these, but takes longer to be imported."""
_CREDENTIALS = re.compile(r"(?<=://)(?!git@)[^/@\s]+@")
_UTF_8_MARK, _UTF_16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


def names(path: str) -> bool:
    """Whether the file at the path (with "/") pins packages, by its name."""
    return _kind(path) is not None


def parse(path: str, data: bytes) -> dict[str, str]:
    """Package names to versions, sorted by name: what the file at `path` pins or requires.

    A version stands as "1.3.0" where it is exact, as the specifier (">=2") where it is not, as the URL with
    its ref for a direct reference (without credentials), and as "" where any will do. Python is "python".
    Markers and extras are left out; where one package stands several times, its versions are joined by " | ".
    Names are normalised as PyPI does it (PEP 503), those of conda and R stay. A path that `names` does not
    know gives {}. Raises UnreadableError.
    """
    kind = _kind(path)
    if kind is None:
        return {}
    found: dict[str, set[str]] = {}
    try:
        for name, version in _READERS[kind](_utf8(data)):
            found.setdefault(name, set()).add(version)
    except (AttributeError, TypeError, KeyError) as error:  # a list where a table belongs, and the like
        raise UnreadableError("not in the form that its name promises") from error
    except RecursionError as error:
        raise UnreadableError("nested too deeply") from error
    return {name: " | ".join(sorted(versions - {""})) for name, versions in sorted(found.items())}


def _kind(path: str) -> str | None:
    directory, _, base = path.rpartition("/")
    if not base.lower().endswith(_ENDS):
        return None
    if base == "DESCRIPTION":
        return "description"
    found = _FILE.fullmatch(base.lower())
    if found:
        return found.lastgroup
    return "requirements" if base.endswith(".txt") and directory.endswith("requirements") else None


def _utf8(data: bytes) -> bytes:
    """The file in UTF-8: `pip freeze > requirements.txt` of PowerShell writes UTF-16, which pip reads."""
    if data.startswith(_UTF_16_MARKS):
        try:
            return data.decode("utf-16").encode()
        except UnicodeDecodeError as error:
            raise UnreadableError("not UTF-16, as its first bytes say") from error
    return data.removeprefix(_UTF_8_MARK)


def _requirements(data: bytes) -> Iterator[Pin]:
    """Pip's requirements format: https://pip.pypa.io/en/stable/reference/requirements-file-format/."""
    text = decoded(data)
    check_conflict(text)
    for line in text.replace("\\\n", " ").split("\n"):
        wanted = re.sub(r"(?:^|\s)#.*$", "", line).strip()
        wanted = re.sub(r"^(?:-e|--editable)[\s=]\s*", "", wanted)
        wanted = re.split(r"(?:^|\s)--?[A-Za-z]", wanted, maxsplit=1)[0].strip()
        if wanted:
            yield from _requirement(wanted)


@cache  # a requirement stands unchanged in most versions of its file
def _requirement(text: str) -> tuple[Pin, ...]:
    """One requirement of PEP 508, or one of pip's own: a URL or a path, that may tell its name."""
    if usual := _USUAL.fullmatch(text):
        return (
            (_pypi(usual["name"]), _url(usual["url"]) if usual["url"] else _exact(usual["version"] or "")),
        )
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        return tuple(_loose(text))
    return ((_pypi(wanted.name), _url(wanted.url) if wanted.url else _exact(str(wanted.specifier))),)


def _loose(text: str) -> Iterator[Pin]:
    """What packaging refuses: URLs, local paths, and the specifiers of old times such as `>=1.*`."""
    where = re.split(r"\s;", text, maxsplit=1)[0].strip()
    if where.startswith((".", "/")) or (" " not in where and re.search(r"://|\.(?:whl|gz|zip)$", where)):
        name = _name_in(where)
        if name:
            yield _pypi(name), _url(where.partition("#")[0])
        return
    found = _NAME.match(where)
    rest = where[found.end() :] if found else ""
    if not found or not re.match(r"[=<>!~(@]|$", rest):
        raise UnreadableError(f"not a requirement: {_url(text)!r}")
    yield _pypi(found[1]), _url(_exact(rest.partition(";")[0].strip("() ").replace(" ", "")))


def _name_in(where: str) -> str:
    """The name that a URL says or lets guess: `#egg=`, that of a wheel or archive, that of the repository."""
    if found := re.search(r"[#&]egg=([\w.-]+)", where):
        return found[1]
    last = re.sub(r"[#?].*$", "", where).rstrip("/").rpartition("/")[2]
    if last.endswith(".whl"):
        return last.partition("-")[0]
    if found := re.match(r"(.+?)-\d[^/]*\.(?:tar\.\w+|zip)$", last):
        return found[1]
    return (
        last.partition("@")[0].removesuffix(".git")
        if where.startswith(("git+", "hg+", "svn+", "bzr+"))
        else ""
    )


def _pypi(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _exact(specifier: str) -> str:
    """The bare version of `==1.3.0`; any other specifier as it stands."""
    found = re.fullmatch(r"={2,3}\s*([^,*\s|]+)", specifier)
    return found[1] if found else "" if specifier == "*" else specifier


def _url(url: str) -> str:
    return _CREDENTIALS.sub("", url)


def _pyproject(data: bytes) -> Iterator[Pin]:
    """PEP 621 and 735, and the tables of Poetry, PDM and uv, without the project itself."""
    content = read_tables(data, _TABLES)
    project, tool = content.get("project", {}), content.get("tool", {})
    poetry = tool.get("poetry", {})
    groups: list[Iterable[Any]] = [
        project.get("dependencies", []),
        *project.get("optional-dependencies", {}).values(),
        *content.get("dependency-groups", {}).values(),
        *tool.get("pdm", {}).get("dev-dependencies", {}).values(),
        tool.get("uv", {}).get("dev-dependencies", []),
    ]
    itself = _pypi(project.get("name") or poetry.get("name") or "")
    if python := project.get("requires-python"):
        yield "python", _exact(python)
    for wanted in (wanted for group in groups for wanted in group if isinstance(wanted, str)):
        yield from (pin for pin in _requirement(wanted) if pin[0] != itself)
    tables = [poetry.get("dependencies", {}), poetry.get("dev-dependencies", {})]
    tables += [group.get("dependencies", {}) for group in poetry.get("group", {}).values()]
    for table in tables:
        yield from _table(table)


def _table(table: Mapping[str, Any]) -> Iterator[Pin]:
    """A table of Poetry's or Pipenv's: a name to a version, or to a table of version, git, url or path."""
    for name, wanted in table.items():
        for each in wanted if isinstance(wanted, list) else [wanted]:
            yield _pypi(name), _exact(each) if isinstance(each, str) else _source(each)


def _source(wanted: Mapping[str, Any]) -> str:
    if git := wanted.get("git"):
        ref = next((wanted[key] for key in ("rev", "ref", "tag", "branch") if key in wanted), "")
        return _url(f"git+{git}@{ref}" if ref else f"git+{git}")
    place = wanted.get("url") or wanted.get("file") or wanted.get("path")
    return _url(place) if place else _exact(wanted.get("version", ""))


_OTHER_VALUE = re.compile(r"%\(\w[\w.-]*\)s")
"""What stands for another extra, of which the requirements stand there."""


def _setup(data: bytes) -> Iterator[Pin]:
    """Setuptools' own: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html."""
    import configparser

    text = decoded(data)
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        check_conflict(text)
        raise UnreadableError(f"not valid INI: {' '.join(str(error).split())}") from error
    if python := parser.get("options", "python_requires", fallback=""):
        yield "python", _exact(python)
    lists = [parser.get("options", "install_requires", fallback="")]
    if parser.has_section("options.extras_require"):
        lists += parser["options.extras_require"].values()
    for line in "\n".join(lists).split("\n"):
        wanted = line.partition(" #")[0].strip()
        other = wanted.startswith(("#", "file:")) or _OTHER_VALUE.fullmatch(wanted)
        if wanted and not other:
            yield from _requirement(wanted)


def _locked(data: bytes) -> Iterator[Pin]:
    """uv.lock, poetry.lock and pdm.lock: `[[package]]` tables. The project itself is left out."""
    for package in read_toml(data).get("package", []):
        source = package.get("source", {})
        if "virtual" in source or "editable" in source or package.get("editable"):
            continue
        kind, url = source.get("type", ""), source.get("url", "")
        if kind == "git":
            version = f"git+{url}@{source.get('resolved_reference') or source.get('reference', '')}"
        elif git := source.get("git") or package.get("git"):
            version = f"git+{git}" + (f"@{package['revision']}" if "revision" in package else "")
        else:
            version = package.get("version", "")
        yield _pypi(package["name"]), _url(version)


def _pipfile_lock(data: bytes) -> Iterator[Pin]:
    for section, table in read_json(data).items():
        if section != "_meta":
            yield from _table(table)


def _pipfile(data: bytes) -> Iterator[Pin]:
    for section, table in read_toml(data).items():
        if section == "requires":
            yield from (("python", _exact(table[key])) for key in table if key.startswith("python"))
        elif section not in {"source", "scripts", "pipenv"}:
            yield from _table(table)


def _conda(data: bytes) -> Iterator[Pin]:
    """A conda environment: match specs, and a nested list that pip installs."""
    content = yaml12.load(data)
    for wanted in (content.get("dependencies") or []) if isinstance(content, dict) else []:
        if isinstance(wanted, str):
            yield _match_spec(wanted)
        elif isinstance(wanted, dict):
            lines = "\n".join(str(line) for line in wanted.get("pip") or [])
            yield from _requirements(lines.encode())


def _match_spec(spec: str) -> Pin:
    """`channel::name=1.2=build`, `name >=1,<2`, `name[version='>=1']`: https://docs.conda.io (MatchSpec)."""
    spec = spec.rpartition("::")[2].partition("#")[0].strip()
    name = re.split(r"[\s=<>!~\[]", spec, maxsplit=1)[0]
    rest = " ".join(spec[len(name) :].split())
    if "[" in rest:
        bracket = re.search(r"version\s*=\s*['\"]?([^'\"\]]*)", rest)
        rest = bracket[1] if bracket else rest.partition("[")[0]
    return name.lower(), re.sub(r"^==?(?!=)", "", rest)


def _conda_lock(data: bytes) -> Iterator[Pin]:
    for package in yaml12.load(data).get("package", []):
        pip = package.get("manager") == "pip"
        yield _pypi(package["name"]) if pip else package["name"], str(package.get("version", ""))


def _renv(data: bytes) -> Iterator[Pin]:
    """The lockfile of renv: https://rstudio.github.io/renv/reference/lockfile-write.html."""
    content = read_json(data)
    if version := content.get("R", {}).get("Version"):
        yield "R", version
    for name, package in content.get("Packages", {}).items():
        ref = package.get("RemoteSha", "") if package.get("Source") not in {"Repository", "CRAN"} else ""
        yield name, f"{package.get('Version', '')}@{ref}" if ref else package.get("Version", "")


def _description(data: bytes) -> Iterator[Pin]:
    """An R package's DESCRIPTION: fields of `name (>= version)`. Only some are UTF-8; the names are ASCII."""
    text = data.decode("latin-1").replace("\r\n", "\n")
    for field in re.findall(
        r"^(?:Depends|Imports|LinkingTo|Suggests):((?:.*\n?)(?:[ \t].*\n?)*)", text, re.MULTILINE
    ):
        for wanted in field.split(","):
            if found := re.match(r"\s*([A-Za-z][\w.]*)\s*(?:\(([^)]*)\))?", wanted):
                yield found[1], _exact("".join((found[2] or "").split()))


_READERS: dict[str, Callable[[bytes], Iterator[Pin]]] = {
    "conda": _conda,
    "conda_lock": _conda_lock,
    "description": _description,
    "locked": _locked,
    "pipfile": _pipfile,
    "pipfile_lock": _pipfile_lock,
    "pyproject": _pyproject,
    "renv": _renv,
    "requirements": _requirements,
    "setup": _setup,
}
