"""Labelled synthetic companies with planted truth."""
