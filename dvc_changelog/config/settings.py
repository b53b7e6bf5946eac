"""All options, each with its default, its documentation and its law. It knows no file and no environment."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import field
from types import MappingProxyType

from dvc_changelog.config import check, group, rule
from dvc_changelog.config.complaint import BadValueError, nearest
from dvc_changelog.config.option import Kind, Option, about, kebab, option_of
from dvc_changelog.config.reviewing import ReviewOptions
from dvc_changelog.config.shape import shaped
from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import ConfigError

TITLE = "Changelog"
"""The title of which a person said nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(ReviewOptions):
    """The configuration. Paths are relative to the repository root; patterns are searched, so anchor them.

    `source` is the file it was read from as the user knows it, or "" for the defaults; it is no option and
    does not count when two configurations are compared.
    """

    output: str = field(
        default="CHANGELOG.md",
        metadata=about(
            Kind.TEXT,
            'The changelog file, relative to the repository root; "-" is the standard output. '
            "`{artifact}` stands for the artifact's name, with --each-artifact or --artifact.",
            'output = "docs/CHANGELOG.md"',
            check.not_empty,
        ),
    )
    title: str = field(
        default=TITLE,
        metadata=about(
            Kind.TEXT,
            "The heading at the top of a new changelog; that of one artifact names it, unless this is set.",
            'title = "Model history"',
            check.not_empty,
        ),
    )
    template: str = field(
        default="",
        metadata=about(
            Kind.TEXT,
            "A Jinja2 template file, relative to the repository root, that replaces the entry of a release.",
            'template = "docs/release.md.j2"',
        ),
    )
    tag_pattern: str = field(
        default="",
        metadata=about(
            Kind.TEXT,
            "Only tags that match this regular expression are releases. Empty: every tag is one.",
            r"tag-pattern = '^v\d'",
            check.pattern,
        ),
    )
    ignore_tags: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            "Tags that match one of these regular expressions are no releases: "
            "their commits go into the next one.",
            "ignore-tags = ['-rc', '^nightly']",
            check.patterns,
        ),
    )
    skip_tags: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            "Releases whose tag matches one of these regular expressions are left out with their commits.",
            "skip-tags = ['^v0[.]']",
            check.patterns,
        ),
    )
    all_tags: bool = field(
        default=False,
        metadata=about(
            Kind.FLAG, "Take tags of other branches too, not only those merged into the revision asked for."
        ),
    )
    merge_prereleases: bool = field(
        default=False,
        metadata=about(
            Kind.FLAG, "Fold the entries of prereleases into the stable release that they led to."
        ),
    )
    include_paths: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            "Tell only what happened below these paths: globs as in .gitignore, relative to the Git root. "
            "Tags are found before.",
            'include-paths = ["models/churn/**"]',
            check.globs,
        ),
    )
    exclude_paths: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            "Leave out what happened below these paths: globs as in .gitignore, relative to the Git root.",
            'exclude-paths = ["notebooks/**", "*.ipynb"]',
            check.globs,
        ),
    )
    project: str = field(
        default="",
        metadata=about(
            Kind.TEXT,
            "Tell only this DVC project, by its directory relative to the Git root; `.` is the one there. "
            "Empty: tell all together.",
            'project = "models/churn"',
            check.directory,
        ),
    )
    artifact: str = field(
        default="",
        metadata=about(
            Kind.TEXT,
            "Only the releases of this artifact, named as in `artifacts:` of dvc.yaml.",
            'artifact = "churn-model"',
        ),
    )
    skip_commits: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            "Commits whose subject matches one of these regular expressions are counted, not listed.",
            "skip-commits = ['^Bump version']",
            check.patterns,
        ),
    )
    merges: bool = field(default=False, metadata=about(Kind.FLAG, "List merge commits too."))
    experiments: bool = field(
        default=False,
        metadata=about(Kind.FLAG, "List the DVC experiments that were tried (refs/exps)."),
    )
    models: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            "Outputs that are models though neither `artifacts:` nor their suffix says so: globs.",
            'models = ["models/*.bin"]',
            check.globs,
        ),
    )
    metrics: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            "Metrics files in Git that no DVC file declares: globs.",
            'metrics = ["reports/*.json"]',
            check.globs,
        ),
    )
    metric_rules: Mapping[str, rule.MetricRule] = field(
        default_factory=lambda: MappingProxyType({}),
        hash=False,
        metadata=about(
            Kind.RULES,
            "What is said of metrics, by globs over their names, with the file where one is given "
            '("reports/*.json:auc"): `better` ("higher", "lower" or "neither"), `tolerance` and '
            "`relative-tolerance` (a move within one of them is noise), the limits `min`, `max` and "
            "`max-drop`, `unit`, and `drift = true` for one that measures drift. "
            "For each of these, the first rule that says it counts.",
            'metric-rules."test.auc" = {better = "higher", tolerance = 0.005, min = 0.9}',
            rule.rules,
        ),
    )
    environment_files: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            "Environment and deployment files besides those known by their name "
            "(Dockerfile, compose, k8s, CI): globs.",
            'environment-files = ["deploy/*.yaml"]',
            check.globs,
        ),
    )
    packages: bool = field(
        default=True,
        metadata=about(
            Kind.FLAG, "Tell which packages (requirements, lock files, conda) were added, removed or moved."
        ),
    )
    groups: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: group.GROUPS,
        hash=False,
        metadata=about(
            Kind.LISTS,
            "The headings that commits stand under, each with its commit types (`feat`) "
            "or touched kinds (`data`). "
            "Headings given here come first, in their order; a type that they do not name keeps its own.",
            'groups."New features" = ["feat", "feature"]',
            group.sections,
        ),
    )
    quiet_groups: tuple[str, ...] = field(
        default=group.QUIET,
        metadata=about(
            Kind.LIST,
            "Commit types and touched kinds that fold at the end of a release.",
            'quiet-groups = ["docs", "chore"]',
            group.quiet,
        ),
    )
    fold_after: int = field(
        default=15,
        metadata=about(
            Kind.NUMBER,
            "Lists and tables of more lines than this fold.",
            "fold-after = 30",
            check.not_negative,
        ),
    )
    note_trailers: Mapping[str, str] = field(
        default_factory=lambda: check.TRAILERS,
        hash=False,
        metadata=about(
            Kind.TABLE,
            "Git trailers of a commit that are notes to the reader, each with its kind. "
            "One given here joins these; an empty kind drops one.",
            'note-trailers.Why = "reason"',
            check.trailers,
        ),
    )
    forge: str = field(
        default="",
        metadata=about(
            Kind.TEXT,
            f"Where the repository is hosted, for links: {', '.join(check.FORGES)}. "
            "Empty: told by the remote's address.",
            'forge = "gitlab"',
            check.forge,
        ),
    )
    remote_url: str = field(
        default="",
        metadata=about(
            Kind.TEXT,
            "The address of the repository, for links. Empty: that of the Git remote.",
            'remote-url = "https://git.example.org/team/churn"',
            check.url,
        ),
    )
    source: str = field(default="", compare=False)

    def replace(self, **overrides: object) -> Config:
        """Return a copy with these options (field names), but for those that are None: flags not given.

        Raises ConfigError for a value that the option cannot take, TypeError for a name that is no option.
        """
        known = options()
        settled: dict[str, object] = {}
        for name, raw in overrides.items():
            if name not in known:
                near = nearest(name, known)
                raise TypeError(f"no option {name!r}" + (f"; did you mean {near!r}?" if near else ""))
            if raw is None:
                continue
            try:
                settled[name] = settle(name, shaped(known[name].kind, raw))
            except BadValueError as error:
                raise ConfigError("options", f"`{kebab(name)}`: {error.what}", error.remedy) from error
        new = self.with_settled(settled)
        for name, found in new.at_odds():
            raise ConfigError("options", f"`{kebab(name)}`: {found.what}", found.remedy) from found
        return new

    def at_odds(self) -> Iterator[tuple[str, BadValueError]]:
        """The options (field names) that do not fit others, and why."""
        try:
            group.check_quiet(self.quiet_groups, self.groups)
        except BadValueError as error:
            yield "quiet_groups", error
        try:
            group.check_bump(self.bump_rules, self.groups, self.note_trailers.values())
        except BadValueError as error:
            yield "bump_rules", error

    def with_settled(self, values: Mapping[str, object], source: str | None = None) -> Config:
        """Return a copy with these values, which are settled already, and this source."""
        # The values went through `settle` of their own field; the type checker cannot follow that.
        changes: dict[str, object] = {**values, "source": self.source if source is None else source}
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def heading(self, name: str) -> str:
        """Return the heading that a commit type or touched kind stands under, or "" where it has none."""
        return next((heading for heading, types in self.groups.items() if name in types), "")


def options() -> Mapping[str, Option]:
    """Return every option under its field name, in documented order."""
    inherited = {item.name for item in dataclasses.fields(ReviewOptions)}
    items = sorted(dataclasses.fields(Config), key=lambda item: item.name in inherited)
    found = ((item.name, option_of(item)) for item in items)
    return {name: option for name, option in found if option}


def settle(name: str, value: object) -> object:
    """Return a value of the right shape as the option `name` keeps it; raises BadValueError."""
    return options()[name].settle(value)
