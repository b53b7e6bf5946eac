"""Where the version stands in files, as the option says it: what is understood, and what is refused."""

import pytest

from dvc_changelog.config.complaint import BadValueError
from dvc_changelog.config.stamp import Stamp, stamp, version_files

POETRY = (("project", "version"), ("tool", "poetry", "version"))

UNDERSTOOD = [
    ("pyproject.toml", Stamp("", "pyproject.toml", POETRY)),
    ("./sub/pyproject.toml", Stamp("", "sub/pyproject.toml", POETRY)),
    ("sub\\package.json", Stamp("", "sub/package.json", (("version",),))),
    ("VERSION", Stamp("", "VERSION", pattern="{version}")),
    ("pyproject.toml:tool.bump.current", Stamp("", "pyproject.toml", (("tool", "bump", "current"),))),
    ('a.json:packages."".version', Stamp("", "a.json", (("packages", "", "version"),))),
    ("dvc.yaml:vars.0.version", Stamp("", "dvc.yaml", (("vars", "0", "version"),))),
    ('src/*/__init__.py:v = "{version}"', Stamp("", "src/*/__init__.py", pattern='v = "{version}"')),
    ("chart.yaml:version: {version}", Stamp("", "chart.yaml", pattern="version: {version}")),
    ("uv.lock:name = x\nversion = {version}", Stamp("", "uv.lock", pattern="name = x\nversion = {version}")),
]
REFUSED = [
    ("", "holds an empty path", "Write the text around"),
    (":{version}", "names no file", "Write the text around"),
    ("README.md", "does not say where", '`README.md:__version__ = "{version}"`'),
    ("conf.toml", "does not say where", "`conf.toml:project.version`"),
    ("conf.toml: ", "does not say where", "Name the key"),
    ("src/a.py:__version__", "has no {version} in it", '`src/a.py:__version__ = "{version}"`'),
    ("a.toml:two words", "is neither a dotted key", "into quotes"),
    ("a.toml:a..b", "is neither a dotted key", "into quotes"),
    ("a.toml:a # b", "is neither a dotted key", "into quotes"),
    ("a.toml:[a]", "is neither a dotted key", "into quotes"),
    ("a.toml:a = 1, b", "is neither a dotted key", "into quotes"),
    ("../pyproject.toml", "leads out of the repository", "from the Git root"),
    ("/etc/pyproject.toml", "leads out of the repository", "from the Git root"),
    ("sub/../../a.py:v{version}", "leads out of the repository", "from the Git root"),
]


@pytest.mark.parametrize(("text", "expected"), UNDERSTOOD)
def test_a_place_is_understood(text: str, expected: Stamp) -> None:
    found = stamp(text)
    assert found == Stamp(text, expected.path, expected.keys, expected.pattern)
    assert version_files((text, text)) == (text,)


@pytest.mark.parametrize(("text", "what", "remedy"), REFUSED)
def test_what_is_no_place_is_refused_with_how_it_is_written(text: str, what: str, remedy: str) -> None:
    with pytest.raises(BadValueError) as raised:
        version_files(("pyproject.toml", text))
    assert what in raised.value.what
    assert remedy in raised.value.remedy


def test_only_a_glob_stands_for_several_files() -> None:
    assert [stamp(text).glob for text in ("src/*/a.py:{version}.", "a.py:[{version}]*")] == [True, False]
