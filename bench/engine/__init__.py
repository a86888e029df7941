"""The engine's workloads W0 to W6, by us and by others, on the same rows, with the same answers."""
