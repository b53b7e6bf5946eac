"""A release as it is planned and carried out, in repositories that Git and DVC made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from landings import seen
from releases import built_pipeline, pipeline, quiet_dvc

from dvc_changelog import generate
from dvc_changelog.config import Config
from dvc_changelog.domain import Level
from dvc_changelog.errors import TagTakenError, UsageError
from dvc_changelog.history import History
from dvc_changelog.workflows.release import Plan, carried_out, planned
from dvc_changelog.workflows.writing import write

if TYPE_CHECKING:
    from gitrepo import GitRepo

__all__ = ["built_pipeline", "pipeline", "quiet_dvc"]

STAMPED: dict[str, object] = {"version_files": ["pyproject.toml"]}
SETTINGS: list[dict[str, object]] = [
    {},
    STAMPED,
    STAMPED | {"entry_in_commit": True, "release_message": "Release {version}"},
    {"output": "docs/log.md"},
    {"merge_prereleases": True},
]


@pytest.mark.parametrize("options", SETTINGS)
def test_what_lands_is_told_so_for_ever(
    options: dict[str, object], pipeline: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`generate` finds nothing to change, the day after too; the next release begins with nothing."""
    config = Config().replace(**options)
    for pre, expected in (("rc", "v0.1.0-rc.1"), ("", "v0.1.0")):
        plan = _released(pipeline, config, pre=pre)
        assert plan.tag == expected
        assert pipeline.git("rev-parse", f"{expected}^{{commit}}") == pipeline.git("rev-parse", "HEAD")
        assert pipeline.git("status", "--porcelain") == ""
        for now in (None, "1999999999"):
            if now:
                monkeypatch.setenv("SOURCE_DATE_EPOCH", now)
            assert not _outdated(pipeline, config)
        monkeypatch.delenv("SOURCE_DATE_EPOCH")
        before = seen(pipeline)
        again = planned(pipeline.path, config=config, pre=pre)
        assert (again.tag, again.found.again, again.found.step) == ("", expected, None)
        assert planned(pipeline.path, config=config, pre=pre, level=Level.MAJOR).tag == ""
        assert seen(pipeline) == before
    subject = "Release 0.1.0" if "release_message" in options else "chore(release): v0.1.0"
    message = pipeline.git("log", "-1", "--format=%B")
    assert message.splitlines()[:2] == ([subject, ""] if "entry_in_commit" in options else [subject])
    assert "\n\n\n" not in message
    carried = pipeline.git("cat-file", "tag", "v0.1.0")
    assert "\n\nv0.1.0\n\n<!-- dvc-changelog entry v0.1.0 -->\n\n" in carried
    files = set(pipeline.git("show", "--format=", "--name-only").split())
    stamped = {"pyproject.toml"} if "version_files" in options else set()
    assert files == {config.output} | stamped
    if stamped:
        text = (pipeline.path / "pyproject.toml").read_text()
        assert text.endswith('version = "0.1.0"  # set by release\n')


def test_the_words_of_a_person_stand_in_the_tag_and_the_entry(pipeline: GitRepo) -> None:
    _released(pipeline, Config(), words="Spanish too\n\nReason: asked for")
    assert "\n\nSpanish too\n\nReason: asked for\n\n<!-- dvc-changelog entry" in pipeline.git(
        "cat-file", "tag", "v0.1.0"
    )
    text = (pipeline.path / "CHANGELOG.md").read_text()
    assert "> Spanish too\n" in text
    assert "### Why\n\n- asked for\n" in text
    assert not _outdated(pipeline, Config())


@pytest.mark.parametrize(
    ("tag", "version"), [("2024-assessment-year", "2024-assessment-year"), ("v9.1.0-rc.3", "9.1.0-rc.3")]
)
def test_a_tag_that_a_person_names(tag: str, version: str, pipeline: GitRepo) -> None:
    config = Config().replace(**STAMPED)
    plan = _released(pipeline, config, tag=tag)
    assert plan.tag == tag
    assert f'version = "{version}"' in (pipeline.path / "pyproject.toml").read_text()
    assert not _outdated(pipeline, config)
    again = planned(pipeline.path, config=config, tag=tag)
    assert (again.tag, again.found.again) == ("", tag)
    pipeline.commit("docs: go on")
    with pytest.raises(UsageError, match=f"The tag {tag} exists already: it stands on "):
        planned(pipeline.path, config=config, tag=tag)


def test_what_follows_may_be_taken_where_a_person_names_the_tag(pipeline: GitRepo) -> None:
    pipeline.tag("v0.1.0")
    pipeline.git("checkout", "-q", "-b", "side")
    pipeline.release("v0.1.1")
    pipeline.git("checkout", "-q", "main")
    pipeline.commit("fix: here")
    with pytest.raises(TagTakenError):
        planned(pipeline.path)
    assert planned(pipeline.path, tag="v0.2.0").tag == "v0.2.0"
    with pytest.raises(UsageError, match="cannot be the name of a tag"):
        planned(pipeline.path, tag="no name")


@pytest.mark.parametrize("output", ["CHANGELOG.md", "logs/{artifact}.md"])
def test_an_artifact_is_released_alone(output: str, pipeline: GitRepo) -> None:
    config = Config().replace(output=output, artifact="churn")
    plan = _released(pipeline, config)
    path = output.replace("{artifact}", "churn")
    assert (plan.tag, list(plan.files or {})) == ("churn@v0.1.0", [path])
    assert "## churn@v0.1.0 - " in (pipeline.path / path).read_text()
    told = config if "{" in output else Config()
    assert not _outdated(pipeline, told, path)
    assert planned(pipeline.path, config=config).tag == ""


def test_a_rule_holds_for_a_tag_that_a_person_names_too(pipeline: GitRepo) -> None:
    pipeline.release("v1.0.0", "docs: begin")
    pipeline.commit("docs: go on")
    low = {"kind": "metric", "name": "auc", "below": 0.95, "forbid": "any"}
    for rule, kind, what in (
        (low, "policy", "Rule 1 of `bump-rules` allows no such release: auc is 0.9, below 0.95."),
        (low | {"name": "f1"}, "unreadable", "Rule 1 of `bump-rules` cannot be checked: there is no metric"),
    ):
        config = Config().replace(bump_rules=[rule])
        assert planned(pipeline.path, config=config).tag == ""
        (found,) = planned(pipeline.path, config=config, tag="v7.0.0").findings
        assert found.kind == kind
        assert found.what.startswith(what)
        assert planned(pipeline.path, config=config, tag="v7.0.0", allow=[kind]).findings == ()


def test_what_is_hindered_or_empty_is_not_carried_out(pipeline: GitRepo) -> None:
    pipeline.write({"params.yaml": "lr: 0.2\n"})
    plan = planned(pipeline.path)
    assert [each.kind for each in plan.findings] == ["dirty"]
    before = seen(pipeline)
    with pytest.raises(UsageError, match="nothing to carry out"):
        carried_out(History(pipeline.path), plan)
    assert seen(pipeline) == before


def test_a_release_needs_a_file(pipeline: GitRepo) -> None:
    for output, told in (("-", "needs a changelog file"), ("logs/{artifact}.md", "which artifact is meant")):
        with pytest.raises(UsageError, match=told):
            planned(pipeline.path, config=Config().replace(output=output))


def _released(repo: GitRepo, config: Config, *, tag: str = "", pre: str = "", words: str = "") -> Plan:
    """Carry it out, as it was planned."""
    plan = planned(repo.path, config=config, tag=tag, pre=pre, words=words)
    assert plan.findings == ()
    before = seen(repo)
    assert plan.before is not None
    assert plan.before == {
        path: before.files[path][0] if path in before.files else None for path in plan.files or {}
    }
    carried_out(History(repo.path), plan)
    after = seen(repo)
    assert {path: after.files[path][0] for path in plan.files or {}} == plan.files
    return plan


def _outdated(repo: GitRepo, config: Config, path: str = "") -> bool:
    told = generate(repo.path, config=config)
    return write(told, config, repo.path / (path or config.output), dry=True).changed
