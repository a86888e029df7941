"""The event log on Spark: prepared once into partitions of whole persons, then counted by the very same kernels.

Spark reads the lake's files, brings the events of a person together (one shuffle) and afterwards only schedules: every
question is counted partition by partition and what comes home are tallies.
"""
