"""What can be counted on the walks of a log: a measure a file, each with its kernels."""
