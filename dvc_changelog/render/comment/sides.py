"""How the two sides of a review are called: in its title, over its tables, in its last line."""

from __future__ import annotations

from dataclasses import replace

from dvc_changelog.domain import Release, Review, Revision
from dvc_changelog.render import figures, links
from dvc_changelog.render.comment.marks import DEFAULT, TITLE
from dvc_changelog.render.comment.wording import named, short
from dvc_changelog.render.commits import reference
from dvc_changelog.render.phrase import Phrase, link, plain
from dvc_changelog.render.shapes import Fold, Section, Table

_HERE = "this branch"
_WORKING = "the working tree"


def title(review: Review, identity: str, room: int = 1) -> Phrase:
    """What is compared: "Model review: `tune-forest` into `main`"."""
    of = "" if identity == DEFAULT else f" ({short(identity, room)})"
    target, working = named(review.target, room), review.release.head.working
    here = plain(_WORKING) if working else named(review.branch, room)
    sides = here + " into " + target if review.from_merge_base else target + " → " + here
    if _is_uncommitted(review):
        sides = here
    return plain(f"{TITLE}{of}: ") + sides


def _is_uncommitted(review: Review) -> bool:
    """Whether what is looked at is what is not committed yet, and nothing else."""
    return review.release.head.working and review.target == "HEAD"


def called(review: Review) -> Release:
    """The release of a review, its two sides under the names that its text uses for them."""
    release = review.release
    here = _WORKING if release.head.working else _HERE if review.from_merge_base else review.branch
    head, base = release.head, release.base
    now = {head.name: "", head.version or head.name: ""}
    before = {base.name: review.target, base.version or base.name: review.target} if base else {}
    problems = (
        replace(problem, revision=(before | now).get(problem.revision, problem.revision))
        for problem in release.problems
    )
    return replace(
        release,
        review=True,
        head=_renamed(head, here, keep=not review.from_merge_base),
        base=base and _renamed(base, review.target, keep=not review.from_merge_base),
        problems=tuple(problems),
    )


def headed(section: Section, review: Review) -> Section:
    """A section with the sides over the columns of its table as a reviewer calls them."""
    return replace(section, table=section.table and _headed(section.table, review))


def all_headed(section: Section, review: Review) -> Section:
    """The same, over those of the tables that fold too."""
    folds = (Fold(fold.summary, _headed(fold.table, review)) for fold in section.folds)
    return replace(headed(section, review), folds=tuple(folds))


def last_line(review: Review, room: int = 1) -> Phrase:
    """What was called, and what exactly was compared."""
    release = review.release
    told = named(review.command, room)
    if not room:
        return told
    if release.head.commit_id:
        told += " at " + reference(release.head.commit_id, release.forge)
    elif release.head.working:
        told += f" on {_WORKING}"
    if not release.base:
        return told
    url = links.compare(release)
    told += plain(", ") + (link("compared", url) if url else plain("compared"))
    parted = review.from_merge_base and not _is_uncommitted(review)
    told += plain(" with the merge base " if parted else " with ")
    told += reference(release.base.commit_id, release.forge)
    if review.from_merge_base and review.behind:
        behind = figures.count(review.behind, "commit")
        told += f"; {_HERE} is {behind} behind " + named(review.target)
    return told


def _headed(table: Table, review: Review) -> Table:
    if not review.release.base or len(table.header) < 3:  # noqa: PLR2004  # a name and two values
        return table
    first, _, _, *rest = table.header
    # The target itself may have other values by now.
    target = plain("merge base") if review.from_merge_base and review.behind else named(review.target)
    if review.release.head.working:
        here = plain(_WORKING.removeprefix("the "))
    else:
        here = plain(_HERE) if review.from_merge_base else named(review.branch)
    return replace(table, header=(first, target, here, *rest))


def _renamed(revision: Revision, name: str, *, keep: bool) -> Revision:
    """The revision under another name; `keep` its version where it is a release that was asked for."""
    return replace(revision, name=name, version=revision.version if keep else None)
