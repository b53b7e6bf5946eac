"""How a line of releases is numbered and its tags are named: from a version to its tag and back."""

from __future__ import annotations

from dvc_changelog.dataclass import dataclass
from dvc_changelog.history import TagName
from dvc_changelog.versioning import calendar as dates
from dvc_changelog.versioning.spelling import Spelling, spell, without_zeros

SEMVER_PRERELEASE = "-{word}.{number}"
PEP440_PRERELEASE = "{word}{number}"

FIRST_YEAR, LAST_YEAR = 1990, 2099
_LONGEST_NUMBER = 10**6  # what is longer is a date without separators


@dataclass(frozen=True, slots=True)
class Version:
    """Numbers without zeros behind, and perhaps a prerelease: (1, 2), "rc", 1 for 1.2.0-rc.1.

    Of a calendar version, there is a number for each word of the calendar.
    """

    numbers: tuple[int, ...]
    word: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a line of releases is numbered and its tags are named.

    `tag_format` holds `{version}`; the artifact's name is filled in. `calendar` holds the words of
    calver.org, "" where versions are no dates. `prerelease` holds `{word}` and `{number}`. `width` is how
    many numbers a version has at least; one makes a counter. `separator` stands between them. `digits` and
    `serial_digits` are how many digits each number, and that of a prerelease, is filled up to with zeros.
    `stay_below`: below 1.0.0, a major step is a minor one. `years`: a first number such as 2024 counts as
    any other does.
    """

    tag_format: str = "v{version}"
    calendar: str = ""
    prerelease: str = SEMVER_PRERELEASE
    width: int = 3
    separator: str = "."
    digits: tuple[int, ...] = ()
    serial_digits: int = 1
    stay_below: bool = False
    years: bool = False

    @property
    def prefix(self) -> str:
        """What stands before the version in a tag."""
        return self.tag_format.partition("{version}")[0]

    @property
    def suffix(self) -> str:
        """What stands behind the version in a tag."""
        return self.tag_format.partition("{version}")[2]

    def text(self, version: Version) -> str:
        """Return a version as it is written."""
        if self.calendar:
            numbers = dates.filled(self.calendar, version.numbers)
        else:
            counted = version.numbers + (0,) * (self.width - len(version.numbers))
            least = self.digits + (1,) * len(counted)
            parts = zip(counted, least, strict=False)
            numbers = self.separator.join(f"{number:0{digits}}" for number, digits in parts)
        if not version.word:
            return numbers
        # PEP 440 parts `dev` alone from the numbers.
        dot = "." if version.word == "dev" and self.prerelease == PEP440_PRERELEASE else ""
        number = f"{version.number:0{self.serial_digits}}"
        return numbers + dot + self.prerelease.replace("{number}", number).replace("{word}", version.word)

    def tag(self, version: Version) -> str:
        """Return the name of a version's tag."""
        return self.tag_format.replace("{version}", self.text(version))

    def spelled(self, tag: TagName) -> Spelling | None:
        """Take apart a tag that is one of this line's versions, however it was named at its time, or None.

        No versions of it: `a4` beside `v1.1.0`; `2024.1.0` or `20240301` where versions are no dates.
        """
        found = spell(tag, self.suffix)
        if not found or not alike(found, self.prefix):
            return None
        dated = is_year(found.numbers[0]) or found.numbers[0] > _LONGEST_NUMBER
        return None if dated and not self.calendar and not self.years else found

    def version(self, spelling: Spelling) -> Version | None:
        """Return the version that a tag says, or None where it is not of this calendar."""
        numbers: tuple[int, ...] | None = spelling.numbers
        if self.calendar:
            numbers = dates.read(self.calendar, spelling.written)
        if numbers is None:
            return None
        return Version(without_zeros(numbers), spelling.word, int(spelling.serial or 0))


def alike(spelling: Spelling, prefix: str) -> bool:
    """Whether a tag of the line counts on with those of this prefix: all do, but those of a single letter."""
    return spelling.prefix == prefix or not (
        spelling.lettered or (len(prefix) == 1 and prefix.isalpha() and prefix.lower() not in "vr")
    )


def is_year(number: int) -> bool:
    """Whether a number looks like a year rather than a count."""
    return FIRST_YEAR <= number <= LAST_YEAR
