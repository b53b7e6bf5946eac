"""Environment and deployment files are known by the names that their tools give them."""

from __future__ import annotations

import pytest

from dvc_changelog.snapshot.environment import names

KNOWN = """
Dockerfile dockerfile docker/Dockerfile Dockerfile.gpu Dockerfile-dev train.dockerfile Containerfile
docker-compose.yml docker-compose.override.yaml compose.yaml compose.prod.yml deploy/docker-compose-gpu.yml
k8s/deploy.yaml ops/kubernetes/a/b.yml helm/values.yaml charts/app/templates/service.yaml manifests/job.yaml
.github/workflows/train.yml .github/workflows/ci.yaml
.github/actions/setup/action.yml .github/actions/x/run.sh
.gitlab-ci.yml .circleci/config.yml Jenkinsfile
azure-pipelines.yml azure-pipelines-gpu.yml bitbucket-pipelines.yml
cloudbuild.yaml cloudbuild.yml .travis.yml MLproject bentofile.yaml main.tf infra/gpu.tf
.devcontainer.json .devcontainer/devcontainer.json .devcontainer/Dockerfile
runtime.txt .python-version apt.txt Aptfile binder/apt.txt
""".split()  # noqa: SIM905  # a table to be read

UNKNOWN = """
.dockerignore Dockerfile.dockerignore Dockerfile.md dockerfile_parser.py docker.py src/compose.py
composer.yaml k8s/README.md k8s.yaml mymanifests/a.yaml
params.yaml dvc.yaml dvc.lock data/raw.dvc tox.ini noxfile.py
.github/CODEOWNERS .github/dependabot.yml .circleci/setup.sh x.github/workflows/a.yml model.tfrecord
tf requirements.txt
README.md .gitignore src/.hidden/file.yml
""".split()  # noqa: SIM905  # a table to be read


@pytest.mark.parametrize("path", KNOWN)
def test_a_file_is_known_by_convention(path: str) -> None:
    assert names(path)
    assert names(f"sub/dir/{path}")


@pytest.mark.parametrize("path", UNKNOWN)
def test_another_file_is_not(path: str) -> None:
    assert not names(path)


def test_a_big_tree_costs_little() -> None:
    import time

    paths = [f"data/part{n % 97}/image_{n:06}.png" for n in range(100_000)]
    start = time.process_time()
    assert not any(map(names, paths))
    assert time.process_time() - start < 2
