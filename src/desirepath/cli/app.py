"""The program: its verbs in the order in which a newcomer meets them."""

from __future__ import annotations

import typer

from desirepath.cli import (
    backup,
    compact,
    compare,
    demo,
    discover,
    erase,
    findings,
    ingest,
    init,
    journey,
    map,
    note,
    persons,
    quarantine,
    restore,
    serve,
    simulate,
    sources,
    version,
    voice,
    warmup,
)

app = typer.Typer(
    help="Customer journey maps computed from evidence.\n\n"
    "Start: [bold]desirepath init shop[/], then [bold]desirepath ingest shop FILES[/], then "
    "[bold]desirepath discover shop --out shop.yaml[/] or a journey of your own.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(version.callback)

app.command("init")(init.init)
app.command("ingest")(ingest.ingest)
app.command("sources")(sources.sources)
app.command("quarantine")(quarantine.quarantine)
app.command("discover")(discover.discover)
app.add_typer(journey.app, name="journey")
app.command("map")(map.map)
app.command("findings")(findings.findings)
app.command("compare")(compare.compare)
app.command("voice")(voice.voice)
app.command("note")(note.note)
app.command("persons")(persons.persons)
app.command("erase")(erase.erase)
app.command("compact")(compact.compact)
app.command("backup")(backup.backup)
app.command("restore")(restore.restore)
app.command("serve")(serve.serve)
app.command("simulate")(simulate.simulate)
app.command("demo")(demo.demo)
app.command("warmup")(warmup.warmup)
