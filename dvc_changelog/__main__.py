"""`python -m dvc_changelog`."""

from dvc_changelog.cli import entry

if __name__ == "__main__":
    entry()
