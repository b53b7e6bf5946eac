"""Hypothesis strategies: any text a repository can hold, and any Release that could be told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import fresh
from hypothesis import settings
from hypothesis import strategies as st

from dvc_changelog.config.bump import CAUSES, CHANGES, KINDS, ROLES, VERDICTS, BumpRule
from dvc_changelog.domain import (
    Alert,
    Artifact,
    ArtifactChange,
    Ask,
    Author,
    Bump,
    Cause,
    CauseKind,
    Change,
    Changelog,
    ChangeType,
    Commit,
    Content,
    Deployment,
    Drift,
    Experiment,
    FileChanged,
    Forge,
    Goal,
    Import,
    ImportChange,
    Judgement,
    Level,
    Lifecycle,
    LifecycleEvent,
    MetricChange,
    Migration,
    Note,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    Plot,
    PlotChange,
    PlotDefinitionChange,
    PlotFile,
    PointChanges,
    Problem,
    Release,
    RemoteChange,
    Rest,
    Revert,
    Revision,
    Role,
    Rollback,
    Seed,
    Since,
    SourceChanges,
    Split,
    Stage,
    StageChange,
    Stale,
    Step,
    Swing,
    Touch,
    Trend,
    Unmoved,
    Verdict,
)

_NASTY = (
    *(
        "|",
        "||",
        "\\|",
        "\\",
        "`",
        "``",
        "```",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "#",
        "# ",
        "- ",
        "+ ",
        "1. ",
        "1) ",
    ),
    *("> ", "<", ">", "</details>", "<details>", "<script>", "<!--", "-->", "<!-- dvc-changelog:begin x -->"),
    *(
        "@octocat",
        "@",
        "a@b.org",
        "&amp;",
        "&",
        "&lt;",
        "[",
        "]",
        "[x]",
        "[1.0.0]",
        "[a]: http://b",
        "](",
        "![",
    ),
    *(
        "!",
        "#41",
        "!7",
        "http://a.b/_c_",
        "https://x.y/~u/*",
        "$a$",
        "$",
        "---",
        "===",
        "{{ x }}",
        "{% if %}",
    ),
    *(":--", "|--|", "é", "日本", "\u202e", "\u200b", "\x1b[31m", "\x00", "\t", "  ", "\n", "\r\n", "\u2028"),
    *("👩\u200d💻", ":bug:", "\udcff", "\ud800", "x", "word", "snake_case", "0", ".", ":", ")", "(", " "),
)

FEW = 30
"""How many examples are enough of whole releases, each of which has many of everything."""
whole = settings(max_examples=FEW, deadline=None, backend=fresh.NAME)
"""How whole releases are tried: each is another one."""

_PIECES = {chr(0xE000 + number): piece for number, piece in enumerate(_NASTY)}
"""A character for each piece: a text of several is one choice of Hypothesis, a list of several is many."""

texts = st.one_of(
    st.text("".join(_PIECES), max_size=6).map(lambda text: "".join(_PIECES[char] for char in text)),
    st.text(st.characters(), max_size=20),
)
"""Text as anyone can put it into a message, a path or a value: the worst of Markdown, HTML and terminals."""

# A filter would give up whole releases: of the hundreds of names of one, some are always blank.
names = texts.map(lambda text: text if text.strip() else f"{text}x")
"""Text that is not blank."""
tags = st.one_of(
    st.sampled_from(
        ("v1.2.0", "1.2.0", "2024-assessment-year", "model@v1.0.0", "a`b", "a|b", "<b>", "@x", "#")
    ),
    st.text("abcXYZ0189-_.@#!$&|<>`'\"(){}%+=,;é/", min_size=1, max_size=12),
)
"""Names that Git allows for a tag: neither space nor control, none of `~^:?*[\\`."""

ids = st.integers(1, 2**160 - 1).map(lambda number: f"{number:040x}")
times = st.integers(-(2**40), 2**40)
sizes = st.none() | st.integers(0, 2**60)
numbers = st.one_of(st.integers(), st.floats(), st.integers(10**30, 10**40))
_read = texts.map(lambda text: text.encode("utf-8", "replace").decode())
values: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | numbers | _read,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_read, inner, max_size=3),
    max_leaves=4,
)
_FATES = st.sampled_from(ChangeType)


def _tuples(items: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=most).map(tuple)


contents = st.builds(
    Content,
    algorithm=st.sampled_from(
        ("md5", "etag", "checksum", "version_id", "files", "git", "query", "table", "version")
    ),
    digest=ids | ids.map(lambda digest: f"{digest}.dir"),
    size=sizes,
    nfiles=st.none() | st.integers(0, 10**6),
    files=_tuples(st.tuples(names, ids, sizes)),
)
artifacts = st.builds(
    Artifact, name=names, path=names, file=names, type=texts, labels=_tuples(texts), desc=texts
)
outputs = st.builds(
    Output,
    path=names,
    content=contents,
    role=st.sampled_from(Role),
    stage=st.just("") | names,
    model=st.booleans(),
    artifact=st.none() | artifacts,
    cached=st.booleans(),
    plots=_tuples(names),
)
stages = st.builds(
    Stage,
    path=names,
    name=names,
    cmd=texts,
    wdir=texts,
    deps=_tuples(names),
    outs=_tuples(names),
    params=_tuples(st.tuples(names, texts)),
    metrics=_tuples(names),
    plots=_tuples(names),
    frozen=st.booleans(),
)
imports = st.builds(
    Import,
    path=names,
    kind=st.sampled_from(("repo", "url", "db", "dc")),
    url=texts,
    source=texts,
    rev=texts,
    rev_lock=st.just("") | ids,
    content=st.none() | contents,
    name=st.just("") | names,
    remote=st.just("") | texts,
)

causes = _tuples(
    st.builds(
        Cause,
        kind=st.sampled_from(CauseKind),
        path=names,
        name=st.just("") | names,
        change=_FATES,
        old=values,
        new=values,
        through=_tuples(names),
        commits=_tuples(ids),
        recorded=st.booleans(),
    ),
    5,
)
plot_files = st.builds(PlotFile, path=names, content=contents, plots=_tuples(names), header=st.booleans())
plot_definitions = st.builds(
    Plot,
    name=names,
    file=names,
    data=_tuples(names, 6),
    look=_tuples(st.tuples(st.sampled_from(("template", "x", "y")), texts)),
    by_path=st.booleans(),
    of_stage=st.booleans(),
)
_amounts = st.integers(0, 2000)
_points = st.builds(
    PointChanges,
    *(_amounts, _amounts, _amounts, _amounts),
    reordered=st.booleans(),
    columns_added=_tuples(texts),
    columns_removed=_tuples(texts, 6),
)


@st.composite
def _pair(draw: st.DrawFn, sides: st.SearchStrategy[Any]) -> tuple[ChangeType, Any, Any]:
    """A fate, and the sides that it leaves."""
    fate = draw(_FATES)
    old = None if fate is ChangeType.ADDED else draw(sides)
    return fate, old, None if fate is ChangeType.DELETED else draw(sides)


judgements = st.builds(
    Judgement,
    verdict=st.sampled_from(Verdict),
    goal=st.sampled_from(Goal),
    noise=st.booleans(),
    configured=st.booleans(),
    unit=st.sampled_from(("", "ms", "bytes", "kg CO2")) | texts,
)
_finite = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
_plain_values = st.none() | numbers | _read
alerts = st.builds(
    Alert,
    path=st.just("") | names,
    name=texts,
    limit=st.sampled_from(("min", "max", "max-drop")),
    bound=_finite,
    value=numbers,
    old=_plain_values,
) | st.builds(
    Alert,
    path=st.just("") | names,
    name=texts,
    limit=st.sampled_from(("min", "max", "max-drop")),
    bound=_finite,
    value=st.none(),
    old=_plain_values,
    unchecked=names,
)
splits = st.builds(
    Split,
    name=texts,
    splits=_tuples(st.tuples(st.sampled_from(("train", "val", "test")), _plain_values, _plain_values)),
    path=st.just("") | names,
    behind=st.sampled_from(("val", "test")),
    gap=st.tuples(_finite, _finite),
    grown=st.booleans(),
)
drifts = st.builds(
    Drift,
    path=names,
    name=texts,
    old=_plain_values,
    new=numbers,
    limit=st.none() | _finite,
    since=st.just("") | tags,
    goal=st.sampled_from((Goal.LOWER, Goal.HIGHER)),
)
trends = st.builds(
    Trend, path=names, name=texts, old=_finite, new=_finite, since=tags, releases=st.integers(3, 9)
)
seeds = st.builds(
    Seed, path=names, name=names, new=_plain_values, old=_plain_values, change=st.none() | _FATES
)


steps = st.builds(
    Step, st.just("") | ids, st.none() | numbers, st.none() | numbers | texts, st.none() | numbers
)


# What a composite draws from is made once: making it in each draw costs as much as drawing.
_low = st.integers(-9, 9)
_maybe_number = st.none() | numbers
_maybe_content = st.none() | contents
_maybe_name = st.just("") | names
_maybe_points = st.none() | _points
_some_steps = _tuples(steps)
_some_ids = _tuples(ids, 4)
_some_names = _tuples(names, 5)
_one_side, _a_side = st.sampled_from(("before", "now")), st.sampled_from(("before", "now", "both"))
_coin = st.booleans()
_rests = st.none() | st.builds(Rest, numbers, _tuples(ids, 2), st.just("") | ids)
_metric_pairs = _pair(st.none() | numbers | texts | st.booleans())
_param_pairs, _output_pairs, _file_pairs = _pair(values), _pair(outputs), _pair(ids)
_plot_pairs, _import_pairs = _pair(plot_files), _pair(imports)


@st.composite
def _swing(draw: st.DrawFn) -> Swing:
    old, turn, new = draw(_low), draw(_low), draw(_low)
    last, first = (replace(draw(steps), new=value) for value in (new, turn))
    return Swing(draw(names), draw(names), old, turn, new, (last, first))


@st.composite
def _metric(draw: st.DrawFn) -> MetricChange:
    fate, old, new = draw(_metric_pairs)
    if fate is ChangeType.UNKNOWN:
        known = (draw(_maybe_content), draw(_maybe_content), draw(_maybe_name))
        return MetricChange(fate, draw(names), "", None, None, None, *known)
    sides = [side for side in (old, new) if isinstance(side, int | float) and not isinstance(side, bool)]
    delta = draw(_maybe_number) if len(sides) > 1 else None
    judged, rest = draw(judgements), draw(_rests)
    side = (fate, draw(names), draw(names), old, new, delta)
    return MetricChange(
        *side,
        judged=judged,
        steps=draw(_some_steps),
        rest=rest,
        declared=draw(st.booleans()),
        other_model=draw(_some_names),
    )


@st.composite
def _param(draw: st.DrawFn) -> ParamChange:
    fate, old, new = draw(_param_pairs)
    if fate is ChangeType.UNKNOWN and draw(_coin):
        within = draw(_maybe_name)
        unread = (draw(_maybe_content), draw(_maybe_content), within, draw(_a_side))
        return ParamChange(fate, draw(names), "", None, None, (), "", "", *unread)
    renamed = fate is ChangeType.RENAMED
    before = (draw(names), draw(names)) if renamed else ("", "")
    side = draw(_one_side) if fate is ChangeType.UNKNOWN else ""
    users, own = draw(_some_names), draw(_some_ids)
    told = ParamChange(fate, draw(names), draw(names), old, new, users, *before, unread=side, commits=own)
    return replace(told, declared=fate in {ChangeType.ADDED, ChangeType.DELETED} and draw(st.booleans()))


@st.composite
def _output(draw: st.DrawFn) -> OutputChange:
    fate, old, new = draw(_output_pairs)
    old_path = draw(names) if fate is ChangeType.RENAMED else ""
    because, commits = draw(causes), draw(_some_ids)
    change = OutputChange(fate, draw(names), old, new, old_path, because, commits)
    owed = fate is ChangeType.UNKNOWN and old and not new
    return replace(change, awaited=(draw(names),)) if owed else change


@st.composite
def _file(draw: st.DrawFn) -> FileChanged:
    fate, old, new = draw(_file_pairs)
    return FileChanged(fate, draw(names), old, new, draw(names) if fate is ChangeType.RENAMED else "")


@st.composite
def _plot(draw: st.DrawFn) -> PlotChange:
    fate, old, new = draw(_plot_pairs)
    old_path = draw(names) if fate is ChangeType.RENAMED else ""
    return PlotChange(fate, draw(names), old, new, draw(_maybe_points), draw(texts), old_path)


@st.composite
def _import(draw: st.DrawFn) -> ImportChange:
    fate, old, new = draw(_import_pairs)
    return ImportChange(fate, draw(names), old, new, draw(_maybe_source_changes))


commits = st.builds(
    Commit,
    id=ids,
    parents=st.just(()),
    tree_id=ids,
    timestamp=times,
    author=st.builds(Author, texts, texts),
    message=texts,
    body=texts,
    trailers=_tuples(st.tuples(texts, texts)),
    group=st.sampled_from(("feat", "fix", "docs", "data", "model", "code", "chore", "undone", "revert")),
    scope=st.just("") | texts,
    conventional=st.booleans(),
    breaking=st.none() | texts,
    links=_tuples(st.sampled_from(("#41", "#4", "!7"))),
    touches=st.lists(st.sampled_from(Touch), unique=True, max_size=3).map(tuple),
)
_maybe_source_changes = st.none() | st.builds(
    SourceChanges,
    commits=_tuples(commits),
    gone=_tuples(commits),
    changes=_tuples(st.one_of(_metric(), _param(), _output(), _file())),
    unchanged=st.booleans(),
    problems=_tuples(st.builds(Problem, names, texts, ids)),
    forge=st.none() | st.just(Forge("github", "https://github.com/x/y")),
)
changes: st.SearchStrategy[Change] = st.one_of(
    _metric(),
    _param(),
    _output(),
    _file(),
    st.tuples(names, names, _pair(stages)).map(lambda t: StageChange(t[2][0], t[0], t[1], *t[2][1:])),
    st.tuples(names, names, _pair(artifacts)).map(lambda t: ArtifactChange(t[2][0], t[0], t[1], *t[2][1:])),
    _plot(),
    st.tuples(names, names, _pair(plot_definitions)).map(
        lambda t: PlotDefinitionChange(t[2][0], t[0], t[1], *t[2][1:])
    ),
    _import(),
    st.tuples(names, names, _pair(texts)).map(lambda t: PackageChange(t[2][0], t[0], t[1], *t[2][1:])),
    st.builds(
        RemoteChange,
        st.just(ChangeType.MODIFIED),
        names,
        st.just("") | names,
        st.just("") | names,
        st.sampled_from(("", "before", "now")),
        same=st.booleans(),
    ),
)


def revisions(version: st.SearchStrategy[str | None]) -> st.SearchStrategy[Revision]:
    """Revisions with these versions."""
    return st.builds(Revision, commit_id=ids, tree_id=ids, timestamp=times, name=names, version=version)


asks = st.builds(
    Ask, st.sampled_from(Level), st.sampled_from(("commit", "note", "model", "param")), texts, why=texts
)

experiments = st.builds(
    Experiment,
    name=names,
    commit_id=ids,
    baseline=ids,
    timestamp=times,
    message=st.just("") | texts,
    changes=_tuples(_param() | _metric()),
    applied=st.just("") | ids,
    problems=_tuples(st.builds(Problem, names, names, names), 2),
)
_notes = _tuples(
    st.builds(Note, st.sampled_from(("reason", "known-issue", "note", "impact")), texts, ids)
    | st.builds(Note, st.sampled_from(("tag", "reason")), texts, st.just(""), tags)
)
plain_releases = st.builds(
    Release,
    head=revisions(st.none() | tags),
    base=st.none() | revisions(st.none() | tags),
    commits=_tuples(commits, 4),
    changes=_tuples(changes, 6),
    notes=_notes,
)
"""Releases with what rules look at and nothing else, which is most of a release."""
releases = st.builds(
    Release,
    head=revisions(st.none() | tags),
    base=st.none() | revisions(st.none() | tags),
    line=st.just("") | tags,
    aliases=_tuples(tags),
    prerelease=st.booleans(),
    prereleases=_tuples(tags, 2),
    commits=_tuples(commits, 4),
    movers=_tuples(commits, 3),
    changes=_tuples(changes, 6),
    swings=_tuples(_swing(), 6),
    notes=_notes,
    migrations=_tuples(
        st.builds(
            Migration,
            st.sampled_from(["1.0", "2"]),
            st.sampled_from(["2.0", "3"]),
            st.sampled_from(["", "dvc.lock"]),
            st.integers(0, 3),
            st.integers(0, 3),
        )
    ),
    alerts=_tuples(alerts),
    splits=_tuples(splits),
    drifts=_tuples(drifts),
    trends=_tuples(trends),
    seeds=st.none() | _tuples(seeds, 5),
    deployments=_tuples(
        st.builds(
            *(Deployment, tags, names, names, times, ids, st.booleans(), st.just("") | tags),
            author=st.none() | st.builds(Author, texts, texts),
            message=texts,
        ),
        2,
    ),
    lifecycle=_tuples(
        st.builds(Lifecycle, tags, names, st.sampled_from(LifecycleEvent), times, ids, st.just("") | tags), 2
    ),
    experiments=st.none() | _tuples(experiments, 4),
    problems=_tuples(st.builds(Problem, names, names, tags), 2),
    rollbacks=_tuples(
        st.builds(
            *(Rollback, tags, st.booleans(), st.booleans(), st.booleans()),
            *(_tuples(names), st.booleans(), st.booleans()),
        ),
        2,
    ),
    reverts=_tuples(st.builds(Revert, ids, ids, texts, st.just("") | tags, _tuples(names)), 2),
    unmoved=_tuples(st.builds(Unmoved, names, _tuples(names), causes), 2),
    stale=_tuples(
        st.builds(
            *(Stale, names, names, values, values, names),
            *(st.booleans(), st.sampled_from(Since), st.booleans()),
        ),
        2,
    ),
    projects=st.sampled_from(((), ("",), ("sub dir", "b"))),
    filled=st.sampled_from(((), ("",), ("", "sub dir", "b"))),
    base_filled=st.sampled_from(((), ("",), ("sub dir", "b"))),
    remote=st.booleans(),
    base_remote=st.booleans(),
    review=st.booleans(),
    bump=st.builds(Bump, st.sampled_from(Level), _tuples(asks, 2)),
    step=st.sampled_from(Level),
    merges=st.integers(0, 9),
    statistics=st.fixed_dictionaries({"commits": st.integers(0, 9), "skipped": st.integers(0, 2)}),
)
changelogs = st.builds(Changelog, releases=_tuples(releases, 2))


def _words(known: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Often no condition, else one or two words of it."""
    return st.just(()) | st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True).map(tuple)


bump_rules = _tuples(
    st.builds(
        lambda level, forbid, **conditions: BumpRule(
            None if forbid else level, max(level, Level.PATCH) if forbid else None, **conditions
        ),
        level=st.sampled_from(Level),
        forbid=st.sampled_from([False, False, True]),
        kind=_words(KINDS),
        path=_words(["*", "*.pkl", "!*.dvc", "data/", "dvc.lock"]),
        name=_words(["*", "a*", "train.*", ""]),
        change=_words(CHANGES),
        role=_words(ROLES),
        because=_words(CAUSES),
        verdict=_words(VERDICTS),
        group=_words(["feat", "fix", "docs", "code", "model", "reason"]),
        breaking=st.sampled_from([None, None, True, False]),
        label=st.sampled_from(["rule 1", "rule 2"]),
    )
)
"""Rules without bounds, in any combination of conditions, sensible or not."""
