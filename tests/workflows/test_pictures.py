"""The pictures of a review: trends over the releases before its base, names of files, files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dvc_changelog.config import Config
from dvc_changelog.domain import Forge, Picture
from dvc_changelog.domain.course import Course, Mark
from dvc_changelog.errors import DocumentError
from dvc_changelog.history import History
from dvc_changelog.workflows import review
from dvc_changelog.workflows.common import open_history, snapshots_of
from dvc_changelog.workflows.pictures import file_name, pictures, published, written
from dvc_changelog.workflows.trends import courses

if TYPE_CHECKING:
    from gitrepo import GitRepo

PIPELINE = "metrics: [m.json]\n"


def state(**metrics: object) -> dict[str, str | bytes]:
    return {"dvc.yaml": PIPELINE, "m.json": json.dumps(metrics)}


def drawn(
    repo: GitRepo, base: str = "main", head: str = "tune", rules: dict[str, Any] | None = None, **options: Any
) -> tuple[list[Course], list[str]]:
    history, config = open_history(repo.path, Config().replace(metric_rules=rules or {}, **options))
    release = review(history, base, head, config=config).release
    return courses(history, snapshots_of(history, config), release, config)


def values(course: Course) -> list[tuple[str, float | str | None]]:
    return [(mark.label, mark.gap if mark.value is None else mark.value) for mark in course.marks]


def test_a_trend_has_the_releases_the_base_contains_the_base_and_the_head(repo: GitRepo) -> None:
    repo.release("v1.0.0", files=state(loss=1))
    repo.release("v1.1.0rc1", files=state(auc=0.5))
    repo.release("v1.1.0", files=state(auc=0.8))
    repo.release("v1.2.0", files=state(auc="n/a"))
    repo.git("branch", "side")
    repo.release("v1.3.0", files={"dvc.yaml": PIPELINE, "m.json": "{"})
    repo.commit(files=state(auc=0.82))
    repo.git("checkout", "--quiet", "side")
    repo.release("v9.0.0", files=state(auc=9))
    repo.git("checkout", "--quiet", "-b", "tune", "main")
    repo.commit(files=state(auc=0.9))
    (course,), messages = drawn(repo, rules={"auc": {"min": 0.7}})
    assert messages == []
    assert values(course) == [
        *(("v1.0.0", "absent"), ("v1.1.0", 0.8), ("v1.2.0", "no number"), ("v1.3.0", "not readable")),
        *(("main", 0.82), ("tune", 0.9)),
    ]
    assert (course.limits, course.verdict, course.beyond) == ((("min", 0.7),), "better", False)
    assert drawn(repo, rules={"auc": {"min": 0.95}})[0][0].beyond
    (narrow,), _ = drawn(repo, tag_pattern=r"^v1\.1")
    assert values(narrow) == [("v1.1.0", 0.8), ("main", 0.82), ("tune", 0.9)]


def test_a_base_that_is_a_release_stands_there_once(repo: GitRepo) -> None:
    repo.release("v1.0.0", files=state(auc=0.8))
    repo.release("v1.1.0", files=state(auc=0.82))
    repo.git("checkout", "--quiet", "-b", "tune")
    repo.commit(files=state(auc=0.9))
    (course,), _ = drawn(repo)
    assert values(course) == [("v1.0.0", 0.8), ("v1.1.0", 0.82), ("tune", 0.9)]


def test_without_releases_that_is_said(repo: GitRepo) -> None:
    repo.commit(files=state(auc=0.8))
    repo.git("checkout", "--quiet", "-b", "tune")
    repo.commit(files=state(auc=0.9))
    assert drawn(repo) == ([], ["No trends are drawn: no release is merged into main, as far as is known."])


def test_ten_releases_and_twelve_metrics_are_drawn_what_matters_first(repo: GitRepo) -> None:
    names = [f"m{number:02}" for number in range(20)]
    for version in range(12):
        repo.release(f"v{version}", files=state(still=50, old=1, **dict.fromkeys(names, 10)))
    repo.git("checkout", "--quiet", "-b", "tune")
    repo.commit(files=state(still=50, new=1, **{name: 10 + at for at, name in enumerate(names)}))
    found, (message,) = drawn(repo, rules={"still": {"max": 40}})
    assert [course.name for course in found] == ["still", *names[:-12:-1]]
    assert [len(course.marks) for course in found] == [11] * 12
    assert message.startswith("The trends of the 12 metrics that matter most are drawn; not those of `m08`,")


def test_a_trend_is_a_picture_with_words_for_who_does_not_see_it(repo: GitRepo) -> None:
    repo.release("v1", files=state(auc=0.8))
    repo.git("checkout", "--quiet", "-b", "tune")
    repo.commit(files=state(auc=0.9))
    history, config = open_history(repo.path, Config())
    release = review(history, "main", "tune", config=config).release
    (picture,), messages = pictures(history, snapshots_of(history, config), release, config, plots=False)
    assert messages == ()
    assert picture.alt == "auc: v1 0.8, tune 0.9 (better)."
    assert (picture.title, picture.url) == ("auc", "")
    assert picture.name.startswith("trend-m.json-auc-")
    assert picture.data.startswith(b"<svg ")


def test_a_whole_number_of_hundreds_of_digits_is_a_gap(repo: GitRepo) -> None:
    repo.release("v1", files=state(auc=10**400))
    repo.release("v2", files=state(auc=1))
    repo.git("checkout", "--quiet", "-b", "tune")
    repo.commit(files=state(auc=2))
    assert drawn(repo)[0][0].marks[0] == Mark("v1", None, "no number")


def test_published_pictures_know_where_a_browser_finds_them(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit()
    repo.git("init", "--quiet", "--bare", str(tmp_path / "there.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "there.git"))
    shown = [Picture("auc", "trend-auc.svg", b"<svg/>", "auc: 1"), Picture("ROC", "plot-roc.png", b"png")]
    history, forge = History(repo.path), Forge("github", "https://github.com/o/r")
    found = published(history, shown, forge, review="41-default", timestamp=0)
    tip = repo.git("ls-remote", "origin", "refs/heads/dvc-changelog-plots").split()[0]
    places = [f"https://github.com/o/r/blob/{tip}/41-default/{one.name}?raw=true" for one in shown]
    assert [one.url for one in found] == places
    assert [(one.title, one.data, one.alt) for one in found] == [(o.title, o.data, o.alt) for o in shown]


def test_names_of_files_are_safe_and_apart() -> None:
    names = ["a/b.csv", "A/b.csv", "a-b.csv", "../../x", "", "Ä|b\n", "x" * 300, "con", "a\udcff"]
    made = [file_name("plot", name, "png") for name in names]
    assert len({name.lower() for name in made}) == len(names)
    assert all(len(name) < 90 and name.isascii() and "/" not in name and " " not in name for name in made)
    assert made[0] == file_name("plot", "a/b.csv", "png") == "plot-a-b.csv-1c31892c.png"


def test_pictures_are_written_whole(tmp_path: Path) -> None:
    shown = [Picture("t", "a.svg", b"<svg/>"), Picture("t", "b.png", b"png")]
    place = tmp_path / "new" / "place"
    assert written(shown, place) == (place / "a.svg", place / "b.png")
    assert written(shown, place)[1].read_bytes() == b"png"
    assert sorted(path.name for path in place.iterdir()) == ["a.svg", "b.png"]
    (tmp_path / "file").write_text("")
    with pytest.raises(DocumentError, match=r"a\.svg: cannot be written"):
        written(shown, tmp_path / "file")
