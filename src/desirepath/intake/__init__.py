"""Sources in, canonical rows out: readers, mapping, validation, quarantine, identity."""
