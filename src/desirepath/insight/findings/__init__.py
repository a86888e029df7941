"""Findings: pain points and delights that the data shows by itself, each kind in a file of its own."""
