"""The columns of the lake's Delta tables. Dimensions are nullable string columns `d_NAME`, added as they come."""

from __future__ import annotations

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")
_ROW = [pa.field("import", pa.int64(), False), pa.field("row", pa.int64(), False)]

EVENTS = pa.schema(
    [
        *_ROW,
        pa.field("at", TIME, False),
        pa.field("customer", pa.string()),  # canonical id (see below); null only where the mapping keeps anonymous rows
        pa.field("case", pa.string()),
        pa.field("event", pa.string(), False),
        pa.field("channel", pa.string()),
        pa.field("value", pa.float64()),
        pa.field("currency", pa.string()),
        pa.field("event_id", pa.string()),
        pa.field("source", pa.string(), False),
    ]
)
"""A canonical customer id is the source's id as it is for the common key type `customer`, and `TYPE:value` for any
other (`email:…`, `phone:…`, `loyalty:…`, `device:…`; e-mail and phone normalised and hashed)."""

FEEDBACK = pa.schema(
    [
        *_ROW,
        pa.field("id", pa.string(), False),  # the source's id, else "IMPORT-ROW"
        pa.field("at", TIME),
        pa.field("customer", pa.string()),
        pa.field("case", pa.string()),
        pa.field("touchpoint", pa.string()),
        pa.field("kind", pa.string(), False),
        pa.field("text", pa.string()),
        pa.field("score", pa.float64()),
        pa.field("scale", pa.string()),  # see SCALES
        pa.field("language", pa.string()),
        pa.field("about", pa.string()),  # null: us; else the competitor's name
        pa.field("author", pa.string()),  # null: the customer; "company": our own words
        pa.field("source", pa.string(), False),
    ]
)

METRICS = pa.schema(
    [
        *_ROW,
        pa.field("metric", pa.string(), False),
        pa.field("from", TIME, False),
        pa.field("to", TIME, False),
        pa.field("stage", pa.string()),
        pa.field("touchpoint", pa.string()),
        pa.field("value", pa.float64(), False),
        pa.field("n", pa.int64()),
        pa.field("source", pa.string(), False),
    ]
)

CUSTOMERS = pa.schema([*_ROW, pa.field("customer", pa.string(), False), pa.field("source", pa.string(), False)])
"""What is known of a customer as such (age group, tier, …), as dimensions."""

KEYS = pa.schema(
    [
        *_ROW,
        pa.field("a", pa.string(), False),
        pa.field("b", pa.string(), False),
        pa.field("source", pa.string(), False),
    ]
)
"""Two canonical ids that a source says belong to one person, one pair a row."""

QUARANTINE = pa.schema(
    [
        *_ROW,
        pa.field("file", pa.string(), False),
        pa.field("line", pa.int64()),
        pa.field("column", pa.string()),
        pa.field("value", pa.string()),
        pa.field("reason", pa.string(), False),
        pa.field("whole_row", pa.bool_(), False),  # false: only this cell could not be read, the row was accepted
        pa.field("customer", pa.string()),  # canonical id where it is known, so that erasure finds the row
        pa.field("raw", pa.string()),  # whole rows only: the row as a JSON object, for replay when the file is gone
        pa.field("source", pa.string(), False),
    ]
)

TABLES = {
    "events": EVENTS,
    "feedback": FEEDBACK,
    "metrics": METRICS,
    "customers": CUSTOMERS,
    "keys": KEYS,
    "quarantine": QUARANTINE,
}

SCALES = {
    "nps": (0.0, 10.0),
    "csat5": (1.0, 5.0),
    "csat7": (1.0, 7.0),
    "ces7": (1.0, 7.0),  # 7 = easy
    "ces7_effort": (7.0, 1.0),  # 7 = much effort
    "stars": (1.0, 5.0),
    "thumbs": (0.0, 1.0),
    "sentiment": (-1.0, 1.0),
}
"""Worst and best answer of each scale; an own scale is written `WORST..BEST`, e.g. `0..100`."""
