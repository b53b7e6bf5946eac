"""What was brought back, by a revert or from an earlier release: what is still asked of it."""

from __future__ import annotations

import pytest

from dvc_changelog.domain import Cause, CauseKind, ChangeType, Content, Output, OutputChange, Revert, Role
from dvc_changelog.insight import restored

ITSELF = Cause(CauseKind.NOTHING, "model", "train")
ABOVE = Cause(CauseKind.NOTHING, "tidy", "prepare", through=("prepare", "train"))
PARAM = Cause(CauseKind.PARAM, "params.yaml", "lr", old=1, new=2)


def change(path: str, *because: Cause, commits: tuple[str, ...] = (), again: str = "") -> OutputChange:
    old, new = (Output(path, Content("md5", digest), Role.DERIVED, "train") for digest in "ab")
    return OutputChange(ChangeType.MODIFIED, path, old, new, because=because, commits=commits, again=again)


@pytest.mark.parametrize(
    ("changes", "undid", "expected", "taken_back"),
    [
        pytest.param([change("model", ITSELF)], [], [ITSELF], "", id="made anew"),
        pytest.param([change("model", ITSELF, again="v1")], [], [], "", id="of an earlier release"),
        pytest.param([change("model", ITSELF, PARAM, again="v1")], [], [PARAM], "", id="with what differs"),
        pytest.param([change("model", ITSELF, commits=("r", "1"))], ["model"], [], "r", id="by a revert"),
        pytest.param(
            [change("model", ITSELF, commits=("2", "r"))], ["model"], [ITSELF], "", id="changed since"
        ),
        pytest.param([change("model", ITSELF, commits=("r",))], ["lr"], [ITSELF], "", id="not that"),
        pytest.param(
            [change("model", ABOVE), change("tidy", again="v1")],
            [],
            [Cause(CauseKind.DATA, "tidy", through=("train",))],
            "",
            id="what it is made from",
        ),
        pytest.param([change("model", ABOVE, again="v1"), change("tidy")], [], [ABOVE], "", id="only it"),
    ],
)
def test_what_is_back_was_not_made_anew(
    changes: list[OutputChange], undid: list[str], expected: list[Cause], taken_back: str
) -> None:
    first, *_ = restored(changes, [Revert("r", "1", undid=tuple(undid))])
    assert isinstance(first, OutputChange)
    assert (list(first.because), first.taken_back) == (expected, taken_back)
