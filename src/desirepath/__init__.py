"""Desirepath: customer journey maps computed from evidence."""

__version__ = "0.1.0"
