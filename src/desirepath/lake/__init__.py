"""Evidence at rest: Delta tables and the import journal that makes them visible."""
