"""All benchmarks: `python -m bench`."""

from bench import intake

intake.main()
