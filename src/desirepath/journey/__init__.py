"""The map as a document: what the team believes."""
