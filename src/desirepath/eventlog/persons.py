"""Who is behind an id: the links table says which ids are one person.

The key of a case is the id of its notion (the person, or the source's case). Where an event has none, the other id
stands in, and where it has neither the event is a case of its own; such keys begin with a control character, so that
they never meet an id of the notion itself.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

STAND_IN = "\x1f"
"""First character of a case key that is not an id of the notion."""


class Persons:
    """Resolves customer ids by the links table (`id`, `person`)."""

    def __init__(self, links: pa.Table) -> None:
        self.links = links
        self._ids = links["id"].cast(pa.large_string()).combine_chunks()
        self._persons = links["person"].cast(pa.large_string()).combine_chunks()

    def of(self, customers: pa.Array) -> pa.Array:
        """The person behind each customer id: the linked one, else the id itself."""
        customers = customers.cast(pa.large_string())
        if len(self._ids) == 0:
            return customers
        return pc.coalesce(self._persons.take(pc.index_in(customers, self._ids)), customers)
