"""Which files, by the conventions of their tools, say where and how a project runs. It reads names only."""

from __future__ import annotations

import re

_NAMES = frozenset(
    {
        ".devcontainer.json",
        ".gitlab-ci.yaml",
        ".gitlab-ci.yml",
        ".python-version",
        ".travis.yaml",
        ".travis.yml",
        "apt.txt",
        "aptfile",
        "bentofile.yaml",
        "bentofile.yml",
        "bitbucket-pipelines.yaml",
        "bitbucket-pipelines.yml",
        "cloudbuild.yaml",
        "cloudbuild.yml",
        "containerfile",
        "dockerfile",
        "jenkinsfile",
        "mlproject",
        "runtime.txt",
    }
)
_PATTERN = re.compile(
    r"""(?:dockerfile|containerfile)(?:[.][\w.-]+|[-_][\w-]+)   # Dockerfile.gpu, Dockerfile-dev
    |.+\.(?:dockerfile|tf)
    |(?:docker-)?compose(?:[._-].*)?\.ya?ml                     # compose.prod.yaml, not composer.yaml
    |azure-pipelines.*\.ya?ml""",
    re.VERBOSE,
)
_KUBERNETES = re.compile(r"(?:^|/)(?:k8s|kubernetes|helm|charts|manifests)/", re.IGNORECASE)
_DIRECTORY = re.compile(
    r"(?:^|/)(?:\.github/workflows/[^/]+\.ya?ml|\.github/actions/.+|\.circleci/config\.ya?ml|\.devcontainer/.+)$",
    re.IGNORECASE,
)


def names(path: str) -> bool:
    """Whether the file at the path (with "/") is an environment or deployment file.

    Containers (Dockerfile, compose); orchestration (Terraform, YAML under k8s/, kubernetes/, helm/, charts/
    or manifests/); CI (GitHub, GitLab, CircleCI, Jenkins, Azure, Bitbucket, Cloud Build, Travis); MLproject,
    bentofile, dev containers; Binder's and Heroku's files. Capital letters do not matter.
    """
    base = path[path.rfind("/") + 1 :].lower()
    if base in _NAMES:
        return True
    if _PATTERN.fullmatch(base):
        return not base.endswith((".dockerignore", ".md"))
    if base.endswith((".yaml", ".yml")) and _KUBERNETES.search(path):
        return True
    return (path.startswith(".") or "/." in path) and _DIRECTORY.search(path) is not None
