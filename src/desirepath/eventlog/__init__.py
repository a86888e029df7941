"""The engine: prepared log, kernels, mergeable summaries."""
