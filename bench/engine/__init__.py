"""The engine's workloads W0 to W7 and the living map, by us and by others, on the same rows, with the same answers."""
