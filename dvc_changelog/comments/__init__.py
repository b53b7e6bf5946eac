"""The one comment of a pull request, on the forge where it is. It knows forges, and nothing of DVC or Git.

`place.place_of` says which pull request, `forges.limit_of` and `forges.speaks_html` what a comment there may
be, and `posting.deliver` creates it or brings it up to date. The forges' libraries are imported only then.
"""
