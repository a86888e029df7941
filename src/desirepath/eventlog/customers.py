"""What is known of customers as such, as dimensions of their events."""

from __future__ import annotations

import pyarrow as pa

from desirepath.eventlog.building import CustomerDimension
from desirepath.eventlog.evidence import Evidence
from desirepath.eventlog.staging import Plan


def customer_dimensions(lake: Evidence, plan: Plan) -> dict[str, CustomerDimension]:
    """What the customers table says in the dimensions that are prepared."""
    found = {}
    for name in sorted(set(plan.dims) & set(lake.dimensions("customers"))):
        asked = ["import", "row", "customer", f"d_{name}"]
        pieces = [piece.read(asked) for piece in lake.select("customers", extra=[f"d_{name}"]).pieces()]
        if pieces:
            table = pa.concat_tables(t.cast(t.schema) for t in map(_plain, pieces))
            found[name] = CustomerDimension.of(table, name, plan.persons, plan.codes[name], plan.seed)
    return found


def _plain(table: pa.Table) -> pa.Table:
    """Without dictionaries."""
    return table.cast(
        pa.schema([f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in table.schema])
    )
