"""Every public data set is read whole: as many rows as its README says, texts as an independent reader has them."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from desirepath.intake.readers import RawTable, find_files, open_table

DATA = Path(os.environ.get("DESIREPATH_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data sets are not at {DATA}"),
]

ROWS = {
    "ab_cookie_cats/cookie_cats.csv": 90_189,
    "ab_hillstrom/hillstrom.csv": 64_000,
    "bpic2012/bpic2012.xes.gz": 262_200,
    "dirty_csv/olist_products_dataset.csv": 32_951,
    "dirty_csv/olist_sellers_dataset.csv": 3_095,
    "dirty_csv/product_category_name_translation.csv": 71,
    "helpdesk/Helpdesk_eramam.xes.gz": 21_348,
    "helpdesk/helpdesk_pm4py.xes.gz": 21_348,
    "nps_survey_pt/pesquisa_nps.csv": 1_287,
    "olist/olist_orders_dataset.csv": 4_000,
    "olist/olist_order_reviews_dataset.csv": 3_986,
    "olist_catalogue/olist_products_dataset.csv": 32_951,
    "olist_leads/olist_marketing_qualified_leads_dataset.csv": 8_000,
    "questions_en_banking/train.csv": 10_003,
    "questions_en_banking/categories.json": 77,
    "reviews_en_lounge/lounge.csv": 2_264,
    "reviews_zh_delivery/waimai_10k.csv": 11_987,
    "reviews_zh_hotel/ChnSentiCorp_htl_all.csv": 7_766,
    "shop_clicks/ecom.csv.gz": 31_106,
    "tweets_en_airline/Tweets_6col.csv": 14_640,
    "tweets_en_airline/Tweets_excel_mangled.csv": 14_640,
    "tweets_ru_banks/banks_test_etalon.xml": 3_313,
    "xes_small/running-example.xes": 42,
}


def opened(name: str) -> RawTable:
    (file,) = find_files([DATA / name])
    return open_table(file)


def rows_of(table: RawTable) -> list[tuple[str, ...]]:
    return [
        row
        for batch in table.batches()
        for row in zip(*(column.to_pylist() for column in batch.columns[:-1]), strict=True)
    ]


@pytest.mark.parametrize(("name", "rows"), ROWS.items())
def test_every_row_is_read_or_set_apart(name: str, rows: int) -> None:
    table = opened(name)
    read = sum(batch.num_rows for batch in table.batches())
    assert (table.rows, read + len(table.broken)) == (rows, rows)
    assert len(table.broken) == (2 if "mangled" in name else 0), "two tweets end in half an emoji"


def test_folders_of_many_files() -> None:
    invoices = [open_table(file) for file in find_files([DATA / "online_retail"])]
    assert len(invoices) == 305 and sum(len(rows_of(table)) for table in invoices) == 541_909
    assert len({table.columns for table in invoices}) == 1
    plays = [open_table(file) for file in find_files([DATA / "music_app_logs"])]
    assert len(plays) == 30 and sum(len(rows_of(table)) for table in plays) == 8_056


@pytest.mark.parametrize(
    "name", [name for name in ROWS if ".csv" in name and "dirty" not in name and "mangled" not in name]
)
def test_text_is_what_the_csv_module_reads(name: str) -> None:
    path = DATA / name
    opening = gzip.open if name.endswith(".gz") else open
    with opening(path, "rt", encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header, ends, expected = next(reader), [reader.line_num], []
        for row in reader:
            expected.append(tuple(row))
            ends.append(reader.line_num)
    table = opened(name)
    assert table.columns == tuple(header)
    assert rows_of(table) == expected
    assert table.lines(np.arange(len(expected))).tolist() == [end + 1 for end in ends[:-1]]


def test_a_broken_quoted_header() -> None:
    table = opened("dirty_csv/olist_products_dataset.csv")
    assert table.columns == opened("olist_catalogue/olist_products_dataset.csv").columns
    assert rows_of(table)[0][:2] == ("1e9e8ef04dbcff4541ed26657ea517e5", "perfumaria")
