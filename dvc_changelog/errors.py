"""The few errors a user can meet. Each names the thing at fault and the remedy; only `cli` prints them.

What is wrong with one *file* of a revision is no error: it is a `domain.Problem` and travels in the output.
"""

from __future__ import annotations


class ChangelogError(Exception):
    """Base of all errors this tool raises on purpose. `str()` of it is the text for the user."""

    exit_code = 1

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}\n{remedy}" if remedy else what)


class GitError(ChangelogError):
    """Git is missing, too old, or refused what was asked of it."""


class NotARepositoryError(GitError):
    """There is no Git repository at the place asked for."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"Not a Git repository: {path}",
            "Run inside a repository, or name one with --repo PATH.",
        )


class UnknownRevisionError(GitError):
    """A revision, tag or version that the repository does not have."""

    def __init__(self, name: str, hint: str = "") -> None:
        self.name = name
        super().__init__(
            f"Unknown revision: {name}",
            hint or "See `git tag` and `git branch --all` for the names there are.",
        )


class RangeError(ChangelogError):
    """A range of revisions that holds nothing, or runs backwards."""


class ShallowCloneError(GitError):
    """The history needed is cut off."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(
            what,
            remedy
            or "Get the whole history with `git fetch --unshallow --tags` "
            "(GitHub Actions: `fetch-depth: 0` for actions/checkout; GitLab CI: `GIT_DEPTH: 0`).",
        )


class ConfigError(ChangelogError):
    """The configuration cannot be used."""

    exit_code = 2

    def __init__(self, path: str, what: str, remedy: str = "") -> None:
        self.path = path
        super().__init__(f"{path}: {what}", remedy)


class UsageError(ChangelogError):
    """Options that do not go together, or an argument out of its range."""

    exit_code = 2


class DocumentError(ChangelogError):
    """The changelog file cannot be read, placed or written."""

    def __init__(self, path: str, what: str, remedy: str = "") -> None:
        self.path = path
        super().__init__(f"{path}: {what}", remedy)


class TemplateError(ChangelogError):
    """A template of the user's cannot be loaded or rendered."""

    def __init__(self, path: str, what: str, remedy: str = "") -> None:
        self.path = path
        super().__init__(f"{path}: {what}", remedy)


class ForgeError(ChangelogError):
    """A forge does not answer, or does not take what it is given."""


class NotPermittedError(ForgeError):
    """A forge lets nothing be written with the token there is: what was to be written has to go elsewhere."""


class VersionError(ChangelogError):
    """No version can follow from the tags and the configuration as they are."""


class TagTakenError(VersionError):
    """The tag of the next version exists. `where` says what it stands on, or is ""."""

    def __init__(self, tag: str, where: str = "") -> None:
        self.tag = tag
        self.where = where
        super().__init__(
            f"The next version is tagged {tag}, and that tag exists"
            + (f": it stands on {where}, which is not merged here" if where else ""),
            f"See `git log {tag}`. Merge what it stands on, count on from the tags of all branches with "
            "--all-tags, or ask for a larger step with --bump.",
        )
