"""Measured side by side with others: each engine in its own process, alternating runs, medians and ratios."""
