"""What a reader of real documents stumbled over, each case with the line that stands there now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from render import stories
from render.stories import ADDED, BO, DELETED, MODIFIED, RENAMED, ROUTER, commit, moved, output, param

from dvc_changelog.config import Config
from dvc_changelog.domain import (
    ArtifactChange,
    Change,
    ChangeType,
    Commit,
    Content,
    Deployment,
    Experiment,
    MetricChange,
    Migration,
    PackageChange,
    ParamChange,
    Problem,
    Release,
    Seed,
)
from dvc_changelog.render import markdown

FOLDER = (
    output("models", "d1f6e055", 1, nfiles=2, model=True),
    output("models", "a91b34cc", 1, nfiles=2, model=True),
)
BEFORE = tuple((f"{n:04}", "1", None) for n in range(1_200))
AFTER = (*((name, "2", None) for name, _, _ in BEFORE[1:]), ("new", "3", None))
RAW = replace(FOLDER[0], path="raw", model=False)
LONG = (
    replace(RAW, content=Content("md5", "1.dir", 1, 1_200, files=BEFORE)),
    replace(RAW, content=Content("md5", "2.dir", 1, 1_200, files=AFTER)),
)
BUILT = (
    output("m.pkl", "d1f6e055", 1, stage="train", model=True),
    output("m.pkl", "a91b34cc", 1, stage="train", model=True),
)
TOUCHED = replace(BUILT[1], altered=True)
OWED = replace(moved(BUILT[0], None, ChangeType.UNKNOWN), awaited=("d/m.pkl",))
OTHER = replace(ROUTER, path="other/router.pkl")
SORTER = replace(ROUTER, name="sorter")
DEEP = replace(ROUTER, path="deep/router.pkl", file="deep/dvc.yaml")
PACKAGES = tuple(PackageChange(RENAMED, "dev.txt", f"p{n}", "1", "1", "requirements.txt") for n in range(9))
GONE = Problem("m.json", "is declared a metric, but is not in Git", "v1.2.0", missing=True)
BROKEN = Problem("dvc.lock", "conflict markers", "v1.2.0")
MERGE = commit(1, "A merge", "code")
LINES = [replace(MERGE, message=message, touches=(), conventional=True, group="docs") for message in "ab"]


WENT = (
    ParamChange(RENAMED, "conf.yaml", "b.lr", 0.2, 0.3, (), "params.yaml", "b.lr"),
    ParamChange(RENAMED, "conf.yaml", "b.n", 3, 3, (), "params.yaml", "b.n"),
)
MD5 = tuple(Content("md5", digest * 8) for digest in "12")
ETAG = Content("etag", "3" * 8)


@pytest.mark.parametrize(
    ("old", "new", "within", "side", "expected"),
    [
        (*MD5, "", "both", "changed; its values are not readable here (`11111111` → `22222222`)"),
        (
            MD5[0],
            ETAG,
            "",
            "both",
            "may have changed; its values are not readable here (`11111111` → `33333333`)",
        ),
        (None, MD5[1], "", "now", "is new; its values are not readable here"),
        (None, MD5[1], "live", "now", "is new; its values are not readable here"),
        (None, MD5[1], "", "both", "may have changed; its values are not readable here"),
        (None, MD5[1], "", "before", "may have changed; its values before are not readable here"),
    ],
)
def test_what_is_said_of_metrics_that_cannot_be_read(
    old: Content | None, new: Content | None, within: str, side: str, expected: str
) -> None:
    change = MetricChange(
        *(ChangeType.UNKNOWN, "m.json", "", None, None), None, old, new, within=within, unread=side
    )
    assert f"\n- `m.json` {expected}\n" in told(change)


def told(*changes: Change, commits: tuple[Commit, ...] = (), **more: object) -> str:
    release = Release(
        stories.NEW,
        stories.OLD,
        projects=("",),
        filled=("",),
        base_filled=("",),
        changes=changes,
        commits=commits,
    )
    return markdown.entry(replace(release, **more), Config())  # type: ignore[arg-type]


def tried(*changes: ParamChange) -> str:
    return told(experiments=(Experiment("ready-cow", "e" * 40, stories.OLD.commit_id, 0, changes=changes),))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (told(moved(*FOLDER)), "`dvc get . models --rev v1.1.0 --out models-1.1.0`\n"),
        (
            told(
                moved(None, output("other/router.pkl", "a91b34cc", 1, model=True, artifact=OTHER), ADDED),
                ArtifactChange(MODIFIED, "dvc.yaml", "router", ROUTER, OTHER),
            ),
            "`other/router.pkl` was added; artifact `router` now points to `other/router.pkl`.",
        ),
        (
            told(
                moved(
                    output(DEEP.path, "d1f6e055", 1, model=True, artifact=DEEP),
                    output(DEEP.path, "a91b34cc", 1, model=True, artifact=DEEP),
                )
            ),
            "\n`deep:router` was updated. No commits of its own.\n\n### Models\n\n- **deep:router** (",
        ),
        (
            told(moved(*LONG)),
            "the first 200 of 1,201</summary>\n\n  - `new` added\n  - `0000` deleted\n  - `0001` modified\n",
        ),
        (told(moved(*LONG)), "  - … and 1,001 more, in `--format json`\n"),
        (told(moved(FOLDER[0], output("models", "a91b34cc", 1))), "a directory of 2 files → a file, "),
        (
            told(moved(BUILT[0], None, DELETED), apart=True),
            "\nIt stands on another branch than 1.1.0: what is told as removed may only be there.\n",
        ),
        (told(moved(*BUILT), apart=True), "\n`m.pkl` was retrained. No commits of its own.\n\n### Models"),
        (told(moved(*BUILT)), "\n`m.pkl` was retrained. "),
        (told(moved(*BUILT)), "- `m.pkl` retrained by `train`, "),
        (told(moved(BUILT[0], TOUCHED)), "\n`m.pkl` was updated. "),
        (told(moved(BUILT[0], TOUCHED)), "- `m.pkl` changed since `train` last ran, "),
        (told(moved(None, TOUCHED, ADDED)), "- `m.pkl` added, 1 B, "),
        (
            told(ArtifactChange(RENAMED, "dvc.yaml", "sorter", ROUTER, SORTER)),
            "Artifact `router` was renamed to `sorter`\n",
        ),
        (
            told(ArtifactChange(RENAMED, "dvc.yaml", "sorter", ROUTER, replace(SORTER, desc="Sorts"))),
            "- Artifact `router` was renamed to `sorter`\n  - has another description\n",
        ),
        (
            told(OWED),
            "is to be written to `d/m.pkl`: `train` has not run since (1 B, `d1f6e055`)\n",
        ),
        (told(OWED), "\n`m.pkl` is to be written elsewhere. "),
        (
            told(replace(OWED, awaited=("m.onnx", "b.json"))),
            "- `m.pkl` is to give way to `m.onnx` and `b.json`: `train` has not run since (1 B, ",
        ),
        (told(replace(OWED, awaited=("m.onnx",))), "\n`m.pkl` is to give way to another output. "),
        (told(*PACKAGES[:2]), "- Moved p0, p1 from `requirements.txt` to `dev.txt`\n"),
        (
            told(PACKAGES[0], replace(PACKAGES[1], new=">=2"), replace(PACKAGES[2], new="")),
            "- Moved p0, p1 1 → \\>=2, p2 1 → any version from `requirements.txt` to `dev.txt`\n",
        ),
        (told(*PACKAGES), "- Moved 9 packages from `requirements.txt` to `dev.txt`\n"),
        (told(param("lr", 1, 2, path="conf/train.yaml")), "| Parameter in `conf/train.yaml` | 1.1.0 |"),
        (told(param("lr", 1, 2)), "| Parameter | 1.1.0 |"),
        (told(problems=(GONE,)), "> Missing: `m.json` at 1.2.0 (is declared a metric, but is not in Git)."),
        (
            told(problems=(GONE,)),
            "Data, models, params and metrics that DVC tracks are unchanged since 1.1.0.",
        ),
        (told(problems=(GONE, BROKEN)), "but not all could be read (see below)."),
        (
            told(deployments=(Deployment("", "router", "prod", 0, "", version="router@v1.0.1#4"),)),
            "- **router** v1.0.1 deployed to `prod`",
        ),
        (
            told(migrations=(Migration("2", "3", outputs=1),)),
            "- Migrated to DVC 3: 1 output is recorded in its form now, hashes unchanged\n",
        ),
        (
            told(migrations=(Migration("3", "2", outputs=2, rehashed=2),)),
            "- Went back to DVC 2: 2 outputs are recorded in its form now, with another hash at the same",
        ),
        (
            told(migrations=tuple(Migration("1.0", "2.0", f"{n}/dvc.lock") for n in range(5))),
            "- 5 lock files moved from schema 1.0 to 2.0\n",
        ),
        (
            told(deployments=(Deployment("", "a:router", "prod", 0, "", version="a=router@v1.0.1"),)),
            "- **a:router** v1.0.1 deployed to `prod`",
        ),
        (
            told(*WENT),
            "\n- 2 parameters moved from `params.yaml` to `conf.yaml`, values unchanged but for `b.lr`\n",
        ),
        (told(*WENT), "| `b.lr` | 0.2 | **0.3** |"),
        (told(*WENT), "\n`b.lr` went from 0.2 to 0.3; 2 hyperparameters moved to `conf.yaml`. No commits"),
        (told(WENT[0]), "\n- `b.lr` moved from `params.yaml` to `conf.yaml`, value changed\n"),
        (told(WENT[0], replace(WENT[1], new=4)), "to `conf.yaml`, values changed\n"),
        (
            told(*(replace(WENT[0], name=f"p{n}", old_name=f"p{n}") for n in range(4)), WENT[1]),
            "- 5 parameters moved from `params.yaml` to `conf.yaml`, values unchanged but for 4\n",
        ),
        (
            told(seeds=(Seed("hp.yaml", "train.seed", 3, 3, RENAMED, "params.yaml", "train.seed"),)),
            "- Random seed: `train.seed` = 3, moved from `params.yaml`\n",
        ),
        (
            told(seeds=(Seed("params.yaml", "x.seed", 4, 3, RENAMED, "params.yaml", "seed"),)),
            "- Random seed: `x.seed`: 3 → 4, was `seed`\n",
        ),
        (
            told(seeds=(Seed("hp.yaml", "x.seed", 3, 3, RENAMED, "params.yaml", "seed"),)),
            "- Random seed: `x.seed` = 3, was `seed` in `params.yaml`\n",
        ),
        (
            told(seeds=(Seed("hp.yaml", "seed", None, 3, ChangeType.DELETED, declared=True),)),
            "- Random seed: `seed` no longer used\n",
        ),
        (
            told(seeds=(Seed("hp.yaml", "seed", 3, None, ChangeType.ADDED, declared=True),)),
            "- Random seed: `seed` = 3, used now\n",
        ),
        (
            told(*(replace(param(n, 1, None, change=ChangeType.DELETED), declared=True) for n in "ab")),
            "| `b` | 1 | no longer used |",
        ),
        (
            told(replace(param("a", None, 1, change=ChangeType.ADDED), declared=True)),
            "| `a` | not used | 1 |",
        ),
        (tried(param("year", 2024.0, 20250117.5)), "| `year` 2024.0 → 20250117.5 |"),
        (tried(param("lr", 1500, 1500.123456789)), "| `lr` 1500 → 1500.1 |"),
        (tried(WENT[0]), "| `b.lr` 0.2 → 0.3 (was `params.yaml`) |"),
        (tried(WENT[1]), "| `b.n` (was `params.yaml`) |"),
        (told(commits=(commit(1, "reproduce", "model code", group="chore"),)), "(`0000001`) · model\n"),
        (told(commits=(commit(1, "add it", "code", group="feat"),)), "- add it (`0000001`)\n"),
        (told(commits=(MERGE, *LINES)), "<summary>2 more changes (docs)</summary>"),
        (
            told(commits=(commit(1, "a", "docs"), commit(2, "b", "docs", author=BO))),
            "<summary>2 commits (docs)",
        ),
    ],
)
def test_it_reads_as_meant(entry: str, expected: str) -> None:
    assert expected in entry


def test_a_commit_that_touched_data_is_never_housekeeping() -> None:
    entry = told(
        commits=(commit(1, "reproduce", "data", group="build"), commit(2, "bump", "code", group="build"))
    )
    assert "### Commits\n\n- reproduce" in entry
    assert "<summary>1 more commit (build)</summary>" in entry
