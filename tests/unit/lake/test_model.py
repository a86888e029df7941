"""Any sequence of imports, replacements, erasures and compactions, against a model in plain Python."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CUSTOMERS, SOURCES = "abcd", ("shop", "app")

events = st.lists(
    st.fixed_dictionaries(
        {"customer": st.sampled_from([*CUSTOMERS, None])},
        optional={"event_id": st.sampled_from("123"), "d_market": st.sampled_from(["TW", "PT"])},
    ),
    max_size=4,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.sampled_from(SOURCES), st.booleans(), events),
        st.tuples(st.just("abandon"), st.sampled_from(SOURCES), st.booleans(), events),
        st.tuples(st.just("erase"), st.sets(st.sampled_from(CUSTOMERS), min_size=1, max_size=2)),
        st.tuples(st.just("compact")),
    ),
    max_size=7,
)


class Model:
    """The imports as lists of rows, each with what it supersedes; nothing is ever moved or merged."""

    def __init__(self):
        self.imports = {}

    def visible(self, as_of):
        known = {n: i for n, i in self.imports.items() if n <= as_of}
        since = {source: n for n, (source, replace, _) in known.items() if replace}
        return [n for n, (source, *_) in known.items() if n >= since.get(source, 0)]

    def bring(self, number, source, replace, rows):
        before = [] if replace else self.visible(number)
        ids = {r.get("event_id") for n in before if self.imports[n][0] == source for r in self.imports[n][2]} - {None}
        kept = []
        for position, row in enumerate(rows):
            if row.get("event_id") not in ids:
                kept.append({"row": position, "event_id": None, "d_market": None, **row})
                ids |= {row.get("event_id")} - {None}
        self.imports[number] = source, replace, kept

    def erase(self, customers):
        for _, _, rows in self.imports.values():
            rows[:] = [r for r in rows if r["customer"] not in customers]

    def rows(self, as_of):
        names = ("row", "customer", "event_id", "d_market")
        return [(n, *(r[c] for c in names)) for n in self.visible(as_of) for r in self.imports[n][2]]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_the_lake_is_what_the_model_is(steps, open_lake, tmp_path_factory, write, seen):
    lake, model = open_lake(tmp_path_factory.mktemp("lake")), Model()
    for step, *what in steps:
        if step in ("import", "abandon"):
            source, replace, rows = what
            with lake.begin(source, replace=replace) as import_:
                write(import_, "events", *rows)
                if step == "import":
                    import_.commit({})
                    model.bring(import_.id, source, replace, rows)
        elif step == "erase":
            before = [len(rows) for _, _, rows in model.imports.values()]
            proof = lake.erase(sorted(what[0]))
            model.erase(what[0])
            gone = sum(before) - sum(len(rows) for _, _, rows in model.imports.values())
            assert (proof.rows["events"], proof.remaining) == (gone, 0)
        else:
            lake.compact()

    newest = max(model.imports, default=0)
    for as_of in range(newest + 1):
        found = seen("events", "import", "row", "customer", "event_id", "d_market", into=lake, as_of=as_of)
        assert found == model.rows(as_of)
    assert lake.visible() == tuple(model.visible(newest))
    assert sum(s.events for s in lake.sources()) == len(model.rows(newest))
