"""The moment in which a release lands: a program of its own, so that no kill of its caller cuts it in half.

It is run by a Python that has nothing but the standard library (`-I -S`), found by its directory alone: its
modules import each other by relative names, and nothing of the rest of the house.
"""
