"""The words of the interface in four languages."""
