"""Everything that one person is called: the ids that a name given by hand may stand for, and all ids linked to them."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from desirepath.database.database import Database
from desirepath.intake import keys
from desirepath.intake.identity import links
from desirepath.lake.lake import Lake


def same_person(lake: Lake, database: Database, names: Iterable[str]) -> tuple[str, ...]:
    """The canonical ids of these customers (`u1`, `loyalty:77`, an e-mail address, a phone number), and their kin."""
    hidden = keys.secret(database)
    found: set[str] = set()
    for name in names:
        key_type, colon, value = name.partition(":")
        spelled = [keys.canonical(value, key_type, hidden)] if colon else []
        spelled += [keys.canonical(name, kind, hidden) for kind in ("customer", *keys.HASHED)]
        found.update(id_ for id_ in spelled if id_)
    table = links(lake, database)
    person = dict(zip(table["id"].to_pylist(), table["person"].to_pylist(), strict=True)) if found else {}
    persons = {person.get(id_, id_) for id_ in found}
    kin = table.filter(pc.is_in(table["person"], value_set=pa.array(sorted(persons), pa.string())))["id"].to_pylist()
    return tuple(sorted(found | persons | set(kin)))
