"""What a team's tags tell of how it numbers its releases. What is configured comes first.

The newest version counts, so that a team that moves to another way is followed. But a lone number (`a4`, a
`v1` that moves along with `v1.2.3`, a nightly's `20240301`) does not make a line of versions a counter,
unless it counts higher.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dvc_changelog.config.version import NO_CALENDAR, is_tag_name
from dvc_changelog.errors import UsageError
from dvc_changelog.history import TagName, parse_tag
from dvc_changelog.versioning.scheme import PEP440_PRERELEASE, SEMVER_PRERELEASE, Scheme, alike, is_year
from dvc_changelog.versioning.spelling import Spelling, spell

GTO_FORMAT = "{artifact}@v{version}"
"""How GTO names the tag that registers a version of an artifact."""

_INITIAL = "0.1.0"
_SHORT = 2  # numbers of a version without a patch
_STAMP = 8  # digits of a date without separators


def inferred(
    tags: Iterable[TagName],
    *,
    tag_format: str = "",
    calendar: str = "",
    artifact: str = "",
    stay_below: bool = False,
    initial: str = _INITIAL,
) -> Scheme:
    """Return how a line of releases is numbered and its tags are named.

    Args:
        tags: the tags of this one line, oldest first.
        tag_format: the one configured, or "": that of the tags; without any, "v{version}", and for an
            artifact that of GTO. Of an artifact, one counts only if it makes tags of the artifact's line.
        calendar: the one configured, "none", or "": what the tags look like.
        artifact: its full name (`churn`, `models:churn`), or "" for the releases of the repository.
        stay_below: whether a major step below 1.0.0 is a minor one.
        initial: the version of a first release; its numbers are those of the line where no tag has any.

    Raises:
        UsageError: no tag can be named after the artifact.
    """
    configured = _configured(tag_format, artifact)
    prefix, _, suffix = configured.partition("{version}")
    known = [found for tag in tags if (found := spell(tag, suffix))]
    model = _model([found for found in known if found.prefix == prefix] if configured else known)
    model = model or _model(known)
    form = configured or (f"{model.prefix}{{version}}" if model else _default(artifact))
    mine = [found for found in known if model and alike(found, model.prefix)]
    told = calendar or _calendar(mine, model)
    gto = parse_tag(form.replace("{version}", "1.2.3")).gto
    wide = len(initial.split(".")) if not model else _width(mine, model)
    template, serial_digits = _prerelease(mine)
    dated = model is not None and (is_year(model.numbers[0]) or len(model.digits[0]) >= _STAMP)
    return Scheme(
        form,
        calendar="" if told == NO_CALENDAR else told,
        prerelease=template,
        # GTO reads three numbers, without zeros before.
        width=max(3, wide) if gto else wide,
        separator=model.separators[0] if model and model.separators and not gto else ".",
        digits=() if gto or (told and told != NO_CALENDAR) or not model else _digits(mine, model),
        serial_digits=serial_digits,
        stay_below=stay_below,
        years=told == NO_CALENDAR or (dated and not told),
    )


def line_of(tag_format: str, artifact: str = "") -> str:
    """Return the line of releases that tags of a configured format belong to: its tags are those to go by."""
    return artifact or (_line(tag_format) if tag_format and "{artifact}" not in tag_format else "")


def _configured(tag_format: str, artifact: str) -> str:
    """The configured format if it is one for this line, with the artifact's name in it, or ""."""
    if not artifact:
        return "" if "{artifact}" in tag_format else tag_format
    if "{artifact}" in tag_format:
        return _named(tag_format, artifact)
    return tag_format if tag_format and _line(tag_format) == artifact else ""


def _default(artifact: str) -> str:
    return _named(GTO_FORMAT, artifact) if artifact else "v{version}"


def _named(tag_format: str, artifact: str) -> str:
    # Git refuses the ":" in `dir:name`, so GTO writes "=".
    form = tag_format.replace("{artifact}", artifact.replace(":", "=", 1))
    if not is_tag_name(form.replace("{version}", "1.2.3")) or _line(form) != artifact:
        raise UsageError(
            f"No tag named after the artifact `{artifact}` would be read as one of its versions.",
            "Give it a name of small letters, digits and `-` in dvc.yaml, in a directory without spaces.",
        )
    return form


def _line(tag_format: str) -> str:
    return parse_tag(tag_format.replace("{version}", "1.2.3")).line


def _model(known: Sequence[Spelling]) -> Spelling | None:
    """The version that those to come are to look like."""
    known = [found for found in known if not found.lettered] or known
    wide = [found for found in known if len(found.digits) > 1]
    if not wide or not known:
        return known[-1] if known else None
    last = known[-1]
    highest = max(found.numbers[0] for found in wide)
    number = last.numbers[0]
    counter = len(last.digits) == 1 and len(last.digits[0]) < _STAMP and not is_year(number)
    return last if counter and number > highest else wide[-1]


def _width(mine: Sequence[Spelling], model: Spelling) -> int:
    """How many numbers are written at least. A zero behind tells it, and so does a version of two numbers:
    1.2.1 may be the patch of a 1.2 or of a 1.2.0.
    """
    if len(model.digits) == 1:
        return 1
    for found in reversed(mine):
        wide = len(found.digits)
        if wide == _SHORT or (wide > _SHORT and found.numbers[-1] == 0):
            return wide
    return len(model.digits)


def _digits(mine: Sequence[Spelling], model: Spelling) -> tuple[int, ...]:
    """How many digits each number is filled up to: those of a number that starts with a zero."""
    least = [1] * len(model.digits)
    for found in mine:
        if found.prefix == model.prefix and len(found.digits) == len(least):
            for place, digits in enumerate(found.digits):
                if digits.startswith("0"):
                    least[place] = max(least[place], len(digits))
    return tuple(least) if max(least) > 1 else ()


def _prerelease(mine: Sequence[Spelling]) -> tuple[str, int]:
    """How a prerelease is written, and how many digits its number has."""
    some = [found for found in mine if found.word]
    # PEP 440 writes `1.0.dev1`, but `1.0rc1`: a `dev` tells least.
    best = [found for found in some if found.word.lower() != "dev"] or some
    if not best:
        return SEMVER_PRERELEASE, 1
    counted = [found for found in best if found.serial]
    if not counted:
        return (SEMVER_PRERELEASE if best[-1].lead else PEP440_PRERELEASE), 1
    last = counted[-1]
    if last.word.lower() == "dev" and last.lead == ".":
        return PEP440_PRERELEASE, 1
    digits = len(last.serial) if last.serial.startswith("0") else 1
    return f"{last.lead}{{word}}{last.joint}{{number}}", digits


def _calendar(mine: Sequence[Spelling], model: Spelling | None) -> str:
    """The calendar that the versions look to be of, or ""."""
    if not model:
        return ""
    if len(model.digits) == 1:
        alone = [found for found in mine if len(found.digits) == 1 and found.prefix == model.prefix]
        if all(is_year(found.numbers[0]) for found in alone):
            return "YYYY"
        return "YYYY0M0D" if all(_is_stamp(found.digits[0]) for found in alone) else ""
    wide = len(model.digits)
    run = [found for found in reversed(mine) if is_year(found.numbers[0]) and len(found.digits) == wide]
    if model not in run:
        return ""
    words = _words(run)
    return "YYYY" + "".join(s + w for s, w in zip(model.separators, words, strict=True)) if words else ""


def _words(run: Sequence[Spelling]) -> list[str]:
    """The words behind the year, for versions of as many numbers, newest first; [] where they are no dates.

    A second number above 12 is no month: the releases of a year are counted.
    """
    numbers = [found.numbers for found in run]
    months = {number[1] for number in numbers} <= set(range(1, 13))
    days = {number[2] for number in numbers if number[2:]} <= set(range(1, 32))
    match len(numbers[0]):
        case 2:
            return [_padded(run, "M", 1)] if months else ["MICRO"]
        case 3 if months and days and not _counts(run):
            return [_padded(run, "M", 1), _padded(run, "D", 2)]
        case 3 if months:
            return [_padded(run, "M", 1, 1), "MICRO"]
        case 4 if months and days:
            return [_padded(run, "M", 1), _padded(run, "D", 2), "MICRO"]
        case _:
            return []


def _counts(run: Sequence[Spelling]) -> bool:
    """Whether the third number, which could be a day, counts up within a month instead."""
    thirds = [found.digits[2] for found in run]
    if any(third.startswith("0") and third != "0" for third in thirds):
        return False
    if any(found.digits[1].startswith("0") for found in run):
        # Who fills up the month fills up the day: one digit is none.
        return any(len(third) == 1 for third in thirds)
    months: dict[tuple[int, ...], set[int]] = {}
    for found in run:
        months.setdefault(found.numbers[:2], set()).add(found.numbers[2])
    whole = [seen for seen in months.values() if seen == set(range(1, len(seen) + 1))]
    return 2 * len(whole) > len(months)


def _padded(run: Sequence[Spelling], word: str, place: int, until: int = 2) -> str:
    """The word for a month or a day, with a zero before or not, as the newest version that shows it."""
    for found in run:
        for digits in (found.digits[place], *found.digits[1 : until + 1]):
            if len(digits) == 1 or digits.startswith("0"):
                return f"0{word}" if digits.startswith("0") else word * 2
    return f"0{word}" if run[0].separators[0] == "-" else word * 2


def _is_stamp(digits: str) -> bool:
    try:
        return len(digits) == _STAMP and is_year(date.fromisoformat(digits).year)
    except ValueError:
        return False
