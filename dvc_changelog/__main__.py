"""`python -m dvc_changelog`."""

from dvc_changelog.cli import main

if __name__ == "__main__":
    main()
