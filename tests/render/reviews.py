"""Reviews made by hand, for the tests of comments; and a strategy for any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from render.stories import FORGES, STORIES, commit, full, metric
from strategies import asks, causes, names, releases, tags, texts

from dvc_changelog.domain import (
    OF_REVIEW,
    Alert,
    Ask,
    Bump,
    Cause,
    CauseKind,
    Change,
    ChangeType,
    Criteria,
    Criterion,
    Finding,
    FindingKind,
    Forbidden,
    Goal,
    Judgement,
    Level,
    MetricChange,
    Noticed,
    OutputChange,
    Picture,
    Rehomed,
    Release,
    Review,
    Step,
    Successor,
    Verdict,
)
from dvc_changelog.workflows.finding import of_alerts

THRESHOLD = frozenset((FindingKind.THRESHOLD,))
NO_REASON = Finding(
    FindingKind.UNDOCUMENTED,
    "No reason is given for the change of models/router.pkl.",
    "Add `Reason: …` to a commit of this branch.",
    path="dvc.lock",
    subject="models/router.pkl",
)
STALE = Finding(
    FindingKind.STALE_LOCK,
    "The stage evaluate is not as it last ran: src/evaluate.py changed.",
    "`dvc repro evaluate`, then commit dvc.lock.",
    path="dvc.yaml",
    subject="evaluate",
)
UNREAD = Finding(FindingKind.UNREADABLE, "dvc.lock: it has conflict markers.", "Correct it.", path="dvc.lock")
ROC = Picture("ROC", "roc.svg", b"", "The curve of both sides", "https://ci.acme.org/roc (1).svg")
MINOR = Successor("v1.2.0", Level.MINOR, "v1.1.0")


def review(release: Release, *findings: Finding, **parts: Any) -> Review:
    """A branch into `main`, with what its limits find, and what is found besides."""
    found = (*of_alerts(release.alerts), *findings)
    given: dict[str, Any] = {
        "from_merge_base": True,
        "fail_on": THRESHOLD,
        "command": "dvc-changelog review origin/main",
    }
    return Review(release, "main", "tune-forest", findings=found, **(given | parts))


def tuned() -> Review:
    """A branch like that of the sample, on GitHub: one limit passed, the rest better, a reason missing."""
    told = full()
    first, second = told.commits[1:3]
    steps = {
        "test.roc_auc": (Step(first.id, 0.916, 0.931, 0.015), Step(second.id, 0.912, 0.916, 0.004)),
        "test.latency_ms": (Step(first.id, 41, 55, 14),),
    }
    causes = (
        Cause(CauseKind.DATA, "data/raw", through=("prepare", "featurize")),
        Cause(CauseKind.PARAM, "params.yaml", "train.n_est", old=50, new=100),
    )
    changes: list[Change] = []
    for change in told.changes:
        if isinstance(change, MetricChange):
            changes.append(replace(change, steps=steps[change.name]))
        elif isinstance(change, OutputChange) and change.model:
            changes.append(replace(change, because=causes))
        else:
            changes.append(change)
    noise = Judgement(Verdict.NEUTRAL, Goal.HIGHER, noise=True)
    asked = Ask(Level.MINOR, "model", "router", "models/router.pkl", why="was retrained: data/raw changed")
    release = replace(
        told,
        changes=(*changes, metric("train.roc_auc", 0.957, 0.9571, judged=noise)),
        movers=told.commits,
        notes=told.notes[2:],
        aliases=(),
        prereleases=(),
        bump=Bump(Level.MINOR, (asked,)),
        forge=FORGES["github"],
    )
    return review(release, STALE, NO_REASON, successor=MINOR, pictures=(ROC,))


def crowd(number: int) -> Release:
    """A release of many of everything."""
    large = STORIES["large"]()
    commits = tuple(commit(n + 1, f"Change {n}", "code") for n in range(number))
    return replace(large, changes=large.changes * (1 + number // 100), commits=commits)


findings = st.builds(
    Finding,
    kind=st.sampled_from(OF_REVIEW),
    what=texts.map(lambda text: f"{text}."),
    remedy=st.just("") | texts,
    path=st.just("") | names,
    commit_id=st.just("") | st.just("abcdef01" * 5),
    subject=st.just("") | names,
)
successors = st.builds(
    Successor,
    tag=st.just("") | tags,
    level=st.sampled_from(Level),
    current=st.just("") | tags,
    why=st.just("") | texts,
)
pictures = st.builds(
    Picture,
    title=texts,
    name=names,
    data=st.just(b""),
    alt=texts,
    url=st.just("") | st.just("https://a.b/c d"),
)
bounds = st.floats(allow_nan=False, allow_infinity=False)
"""A configuration has no others."""
criteria = st.builds(
    Criteria,
    names,
    st.sampled_from((ChangeType.ADDED, ChangeType.DELETED, ChangeType.MODIFIED)),
    st.lists(
        st.builds(
            Criterion,
            st.sampled_from(("min", "max", "max-drop", "tolerance", "relative-tolerance", "better")),
            st.none() | bounds | texts | st.lists(texts, max_size=4).map(tuple),
            st.none() | bounds,
            st.booleans(),
            st.lists(names | texts, max_size=5).map(tuple),
            texts,
        ),
        max_size=6,
    ).map(tuple),
    st.lists(
        st.builds(Alert, names, names, st.sampled_from(("min", "max", "max-drop")), bounds, st.floats()),
        max_size=5,
    ).map(tuple),
    unread=st.just("") | texts,
    at_head=st.booleans(),
)
bumps = st.builds(
    Bump,
    st.sampled_from(Level),
    st.lists(asks, max_size=5).map(tuple),
    st.lists(st.builds(Forbidden, st.sampled_from(Level), texts, texts), max_size=1).map(tuple),
)


seen = st.lists(names, max_size=5).map(tuple)
noticed = st.builds(
    Noticed,
    unexplained=seen,
    without_model=st.booleans(),
    because=causes,
    other_data=seen,
    orphaned=seen,
    readers=st.lists(st.tuples(names, seen.filter(bool)), max_size=3).map(tuple),
    rehomed=st.lists(
        st.builds(Rehomed, names, *(st.just("") | texts for _ in range(4)), st.booleans(), st.booleans()),
        max_size=3,
    ).map(tuple),
    shared=st.frozensets(names, max_size=3),
    other_model=seen,
    unheeded=st.lists(st.tuples(names, names), max_size=3).map(tuple),
)


@st.composite
def reviews(draw: st.DrawFn, much: Sequence[int] = (1, 1, 7, 60)) -> Review:
    """Any review there could be; of some releases there is so many times as much."""
    release = draw(releases)
    times = draw(st.sampled_from(much))
    release = replace(
        release, changes=release.changes * times, commits=release.commits * times, bump=draw(bumps)
    )
    found = draw(st.lists(findings, max_size=6)) * draw(st.sampled_from((1, 1, 40)))
    return Review(
        release,
        target=draw(names | texts),
        branch=draw(names | texts),
        from_merge_base=draw(st.booleans()),
        behind=draw(st.sampled_from((0, 3))),
        findings=tuple(found),
        fail_on=draw(st.frozensets(st.sampled_from(OF_REVIEW))),
        noticed=draw(noticed),
        contested=draw(seen),
        criteria=draw(st.none() | criteria),
        successor=draw(st.none() | successors),
        pictures=tuple(draw(st.lists(pictures, max_size=4))),
        command=draw(texts),
    )
