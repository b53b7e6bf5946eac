"""The commands at the end of a release: what brings it back, and what brings the one before it back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dvc_changelog.domain import ChangeType, Content, Obstacles, Output, OutputChange, Release, Revision, Role
from dvc_changelog.render import ways

NEW = Revision("b" * 40, "", 0, "v2", "v2")
NO_REMOTE = "with the data in your cache: it names no default remote"
OLD = Revision("a" * 40, "", 0, "v 1", "v 1")


@pytest.mark.parametrize(
    ("filled", "remote", "expected"),
    [
        ((), False, "This version: git checkout v2"),
        (("",), True, "This version: git checkout v2 && dvc pull"),
        (
            ("",),
            False,
            f"This version: git checkout v2 && dvc checkout, {NO_REMOTE}",
        ),
        # DVC's command at the root leaves out what `dvc init --subdir` made below it.
        (("", "a b"), True, "This version: git checkout v2 && dvc pull && dvc --cd 'a b' pull"),
    ],
)
def test_each_project_with_data_has_its_command(filled: tuple[str, ...], remote: bool, expected: str) -> None:
    release = Release(NEW, None, projects=("",), filled=filled, remote=remote)
    assert [str(line) for line in ways.lines(release)] == [expected]


@pytest.mark.parametrize(
    ("filled", "remote", "expected"),
    [
        ((), True, "git checkout 'v 1'"),
        (("",), False, "git checkout 'v 1' && dvc checkout"),
        (("",), True, "git checkout 'v 1' && dvc checkout, or dvc pull where the cache lacks the data"),
        (
            ("a",),
            True,
            "git checkout 'v 1' && dvc --cd a checkout, or dvc --cd a pull where the cache lacks the data",
        ),
    ],
)
def test_the_way_back_is_right_with_the_data_in_the_cache_and_without(
    filled: tuple[str, ...], remote: bool, expected: str
) -> None:
    release = Release(NEW, OLD, projects=("",), base_filled=filled, base_remote=remote)
    assert str(list(ways.lines(release))[1]) == f"Back to v 1: {expected}"


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("git", "git checkout 'v 1' -- 'm 1.pkl'"),
        ("md5", "dvc get . 'm 1.pkl' --rev 'v 1' --out 'm 1.pkl' --force"),
    ],
)
def test_a_model_comes_back_from_where_it_is_kept(algorithm: str, expected: str) -> None:
    old, new = (
        Output("m 1.pkl", Content(algorithm, digest), Role.SOURCE, model=True) for digest in ("1", "2")
    )
    change = OutputChange(ChangeType.MODIFIED, "m 1.pkl", old, new)
    lines = [str(line) for line in ways.lines(Release(NEW, OLD, projects=("",), changes=(change,)))]
    assert lines[2] == f"Of v 1 only the model: {expected}"


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        ("2", "dvc get . 'a b.pkl' --rev 'v 1' --out m/n.pkl --force"),
        ("2.dir", "dvc get . 'a b.pkl' --rev 'v 1' --out 'm/n.pkl-v 1'"),
    ],
)
def test_a_renamed_model_comes_back_under_its_new_name(digest: str, expected: str) -> None:
    """One of the same content need not."""
    old, new = (
        Output(path, Content("md5", digest), Role.DERIVED, stage="s", model=True, file="dvc.lock")
        for path, digest in (("a b.pkl", digest), ("m/n.pkl", "1"))
    )
    change = OutputChange(ChangeType.RENAMED, "m/n.pkl", old, new, "a b.pkl")
    release = Release(NEW, OLD, projects=("",), changes=(change,))
    assert [str(line) for line in ways.lines(release)][2:] == [f"Of v 1 only the model: {expected}"]
    same = replace(change, old=replace(old, content=new.content))
    assert len(list(ways.lines(replace(release, changes=(same,))))) == 2


def test_a_model_in_git_comes_back_without_dvc() -> None:
    old, new = (Output("m.pkl", Content("git", digest), Role.SOURCE, model=True) for digest in ("1", "2"))
    release = Release(NEW, OLD, changes=(OutputChange(ChangeType.MODIFIED, "m.pkl", old, new),))
    expected = [
        "This version: git checkout v2",
        "Back to v 1: git checkout 'v 1'",
        "Of v 1 only the model: git checkout 'v 1' -- m.pkl",
    ]
    assert [str(line) for line in ways.lines(release)] == expected
    assert [str(line) for line in ways.lines(Release(NEW, OLD, line="m"))] == expected[:2]
    assert not list(ways.lines(Release(NEW, OLD)))


@pytest.mark.parametrize(
    ("remote", "projects", "file", "expected"),
    [
        (True, ("",), "raw.dvc", "git checkout 'v 1' -- raw.dvc && dvc pull raw.dvc"),
        (False, ("",), "a b/raw.dvc", "git checkout 'v 1' -- 'a b/raw.dvc' && dvc checkout 'a b/raw.dvc'"),
        (True, ("", "a"), "a/d/raw.dvc", "git checkout 'v 1' -- a/d/raw.dvc && dvc --cd a pull d/raw.dvc"),
    ],
)
def test_a_data_set_comes_back_with_the_file_that_records_it(
    remote: bool, projects: tuple[str, ...], file: str, expected: str
) -> None:
    path = file.removesuffix(".dvc")
    old, new = (Output(path, Content("md5", digest), Role.SOURCE, file=file) for digest in ("1", "2"))
    change = OutputChange(ChangeType.MODIFIED, path, old, new)
    release = Release(NEW, OLD, projects=projects, changes=(change,), base_remote=remote)
    assert str(list(ways.lines(release))[2]) == f"Of v 1 only the data set: {expected}"


@pytest.mark.parametrize(
    ("pipelines", "expected"),
    [
        ((), ""),
        (("dvc.yaml",), "; dvc repro --force runs its pipeline anew"),
        (("a/dvc.yaml", "dvc.yaml"), "; dvc repro --force --all-pipelines runs its pipeline anew"),
    ],
)
def test_a_pipeline_can_run_anew(pipelines: tuple[str, ...], expected: str) -> None:
    release = Release(NEW, None, projects=("",), filled=("",), remote=True, pipelines=pipelines)
    assert [str(line) for line in ways.lines(release)] == [
        f"This version: git checkout v2 && dvc pull{expected}"
    ]


CD, FAIL = "git checkout v2 && dvc pull && dvc --cd a", "there, so that its"
BARE = "Git has no directory a/.dvc there: in a new clone DVC fails before dvc init"


@pytest.mark.parametrize(
    ("met", "expected"),
    [
        (Obstacles("a", frozen=("a/dvc.yaml:s",)), "git checkout v2 && dvc pull && dvc --cd a pull"),
        (
            Obstacles("a", unrecorded=("a/m", "a/n")),
            f"{CD} pull --allow-missing; of a/m and a/n no version is recorded",
        ),
        (
            Obstacles("a", bare=True, unreadable=("a/dvc.yaml",), single=("a/x.dvc",), unrecorded=("a/m",)),
            f"git checkout v2 && dvc pull; {BARE}",
        ),
        (
            Obstacles("a", unreadable=("a/dvc.lock",), single=("a/x.dvc", "a/d/y z.dvc")),
            f"{CD} pull x.dvc 'd/y z.dvc'; DVC cannot read a/dvc.lock {FAIL} other commands fail",
        ),
        (
            Obstacles("a", unreadable=("a/dvc.yaml",), single=tuple(f"a/{n}.dvc" for n in range(5))),
            f"git checkout v2 && dvc pull; DVC cannot read a/dvc.yaml {FAIL} commands fail",
        ),
        (
            Obstacles("a", first=("a/params.yaml.dvc",)),
            f"{CD} pull params.yaml.dvc && dvc --cd a pull",
        ),
    ],
)
def test_what_fails_in_one_project_is_left_out_there(met: Obstacles, expected: str) -> None:
    release = Release(NEW, OLD, projects=("", "a"), filled=("", "a"), remote=True, obstacles=(met,))
    assert str(next(ways.lines(release))) == f"This version: {expected}"
    back = Release(NEW, OLD, projects=("", "a"), base_filled=("", "a"), base_obstacles=(met,))
    *_, last = ways.lines(back)
    expected = expected.replace("git checkout v2", "git checkout 'v 1'").replace("pull", "checkout")
    assert str(last) == f"Back to v 1: {expected}"


def test_a_pipeline_that_dvc_cannot_read_does_not_run_anew() -> None:
    unread = Obstacles("", unreadable=("dvc.yaml",))
    release = Release(NEW, None, projects=("",), pipelines=("dvc.yaml",), obstacles=(unread,))
    assert [str(line) for line in ways.lines(release)] == [
        "This version: git checkout v2; DVC cannot read dvc.yaml there, so that its commands fail"
    ]


@pytest.mark.parametrize("file", ["raw.dvc", "dvc.lock"])
def test_one_output_comes_back_only_where_dvc_can_bring_it(file: str) -> None:
    """Without `.dvc` here `dvc get` serves, which takes no project; it reads the other version's dvc.yaml."""
    old, new = (Output("raw", Content("md5", d), Role.SOURCE, file=file, model=True) for d in ("1", "2"))
    change = OutputChange(ChangeType.MODIFIED, "raw", old, new)
    bare, unread = Obstacles("", bare=True), Obstacles("", unreadable=("dvc.yaml",))
    told = Release(NEW, OLD, projects=("",), changes=(change,), obstacles=(bare,))
    assert str(list(ways.lines(told))[2]) == (
        "Of v 1 only the model: dvc get . raw --rev 'v 1' --out raw --force"
    )
    assert len(list(ways.lines(replace(told, base_obstacles=(unread,))))) == 2
    told = replace(told, obstacles=(unread,), base_obstacles=(unread,))
    assert len(list(ways.lines(told))) == (3 if file == "raw.dvc" else 2)
