"""The workspace's SQL side: import journal, journeys, links, settings (SQLite or PostgreSQL)."""
