"""Settings of all tests: examples are the same on every CI run, and fresh ones on every other; no timed tests."""

import os

from hypothesis import settings

settings.register_profile("fresh", deadline=None)
settings.register_profile("same", deadline=None, derandomize=True)
settings.load_profile("same" if os.environ.get("CI") else "fresh")
