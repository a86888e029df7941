"""Intake: a CSV of 5 million rows and 8 columns into a workspace, against DuckDB's own COPY of it to Parquet.

DuckDB copies without judging anything: it is the yardstick, not a rival. `python -m bench.intake --rows 5000000`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from pathlib import Path

import duckdb

from bench.measure import alternate, program

MAPPING = """\
source: clicks
files: ["*.csv"]
customer: user_id
case: session_id
event: event
at: timestamp
channel: channel
value: amount
dimensions: {market: market, device: device}
"""
GENERATE = """
copy (
  select 'user-' || (hash(i // 12) % 1000000)::varchar as user_id,
         'session-' || (i // 5)::varchar as session_id,
         ['home', 'catalog', 'product_view', 'add_to_cart', 'checkout', 'purchase'][1 + (hash(i) % 6)::int] as event,
         strftime(timestamp '2026-01-01' + to_seconds((i * 7919) % (180 * 86_400)), '%Y-%m-%d %H:%M:%S') as "timestamp",
         ['web', 'app', 'store'][1 + (hash(i + 1) % 3)::int] as channel,
         ['Taipei', 'Shanghai', 'Moscow', 'Lisbon', 'London'][1 + (hash(i // 12) % 5)::int] as market,
         ['phone', 'desktop'][1 + (hash(i // 5) % 2)::int] as device,
         round((hash(i + 2) % 10000) / 100, 2) as amount
  from range({rows}) t(i)
) to '{path}' (format csv, header)
"""
COPY = "import duckdb, sys; duckdb.sql(f\"copy (from read_csv('{sys.argv[1]}')) to '{sys.argv[2]}' (format parquet)\")"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table, mapping, workspace = folder / "clicks.csv", folder / "mapping.yaml", folder / "workspace"
        duckdb.sql(GENERATE.format(rows=asked.rows, path=table))
        mapping.write_text(MAPPING, encoding="utf-8")
        ours = [program(), "ingest", str(workspace), str(table), "--mapping", str(mapping), "--json"]
        fresh = ["sh", "-c", f"rm -rf '{workspace}' && '{program()}' init '{workspace}'"]
        duck = [sys.executable, "-c", COPY, str(table), str(folder / "clicks.parquet")]
        figures = alternate({"desirepath": ours, "duckdb copy": duck}, asked.runs, {"desirepath": fresh})
        size = table.stat().st_size / 1e6
    print(f"{asked.rows:,} rows, {size:,.0f} MB of CSV, {asked.runs} runs")
    for engine, figure in figures.items():
        rate = asked.rows / figure.median_s
        print(f"{engine:12} {figure.median_s:6.2f} s  {rate:10,.0f} rows/s  peak {figure.peak_mb:6,.0f} MB")
    ratio = figures["desirepath"].median_s / figures["duckdb copy"].median_s
    print(f"desirepath takes {ratio:.1f} times as long as the bare copy")
    if asked.json:
        found = {"intake": {engine: dataclasses.asdict(figure) for engine, figure in figures.items()}}
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
