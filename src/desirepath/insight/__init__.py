"""The living map: journey document + evidence, computed."""
