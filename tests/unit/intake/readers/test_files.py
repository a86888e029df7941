"""Which files are found, in which order, as which format, and what is refused."""

import gzip
import hashlib
import io
import zipfile

import pytest

from desirepath.errors import IntakeError
from desirepath.intake.readers import Limits, find_files, open_table

CSV = b"id,n\n1,2\n"


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def names(files):
    return [file.name for file in files]


def test_folders_are_read_to_the_bottom_in_natural_order(tmp_path):
    for name in ("day10.csv", "day2.csv", "b/day1.csv", ".hidden.csv", "LICENSE", "notes.md", "empty.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"" if name == "empty.csv" else b"Some words\n" if "." not in name else CSV)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.csv").write_bytes(CSV)
    files = find_files([tmp_path])
    assert names(files) == ["b/day1.csv", "day2.csv", "day10.csv"]
    assert {(s.name, s.reason) for s in files.skipped} == {
        (".git/x.csv", "hidden"),
        (".hidden.csv", "hidden"),
        ("LICENSE", "text of no known format"),
        ("notes.md", "text of no known format"),
        ("empty.csv", "the file is empty"),
    }


def test_globs_and_repeats(tmp_path):
    for name in ("a1.csv", "a2.csv", "b.csv"):
        (tmp_path / name).write_bytes(CSV)
    assert names(find_files([f"{tmp_path}/a*.csv"])) == ["a1.csv", "a2.csv"]
    assert names(find_files([tmp_path / "b.csv", str(tmp_path), f"{tmp_path}/*.csv"])) == ["b.csv", "a1.csv", "a2.csv"]


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.csv", b"a,b\n1,2\n", "csv"),
        ("a.json", b'{"a": 1}\n{"a": 2}\n', "ndjson"),
        ("a.json", b'{"data": [{"a": 1}]}', "json"),
        ("a.json", b' [\n {"a": 1}]', "json"),
        ("a.txt", b'[{"a": 1}, {"a": 2}]', "json"),
        ("a.ndjson", b'{"a": oops}\n{"a": 2}\n', "ndjson"),
        ("a.csv", b"[x],y\n1,2\n", "csv"),
        ("a.csv", b"<?xml version='1.0'?><log><trace/></log>", "xes"),
        ("a", b"<log xes.version='1.0'></log>", "xes"),
        ("a.xml", b"<?xml version='1.0'?><rows><row/></rows>", "xml"),
        ("a.bin", b"PAR1....", "parquet"),
        ("a.gz", gzip.compress(b"a,b\n1,2\n", mtime=0), "csv"),
        ("a.csv", "a,b\n1,Ж\n".encode("utf-16-le"), "csv"),
    ],
)
def test_content_tells_the_format_before_the_name(tmp_path, name, content, format):
    (tmp_path / name).write_bytes(content)
    assert find_files([tmp_path / name])[0].format == format


def test_members_of_an_archive_are_files(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"b.csv": CSV, "c/d.csv.gz": gzip.compress(CSV), "__MACOSX/b.csv": CSV, "read.me": b"hm"}))
    files = find_files([path])
    assert names(files) == ["a.zip/b.csv", "a.zip/c/d.csv.gz"]
    assert [s.name for s in files.skipped] == ["a.zip/__MACOSX/b.csv", "a.zip/read.me"]
    assert [open_table(file).columns for file in files] == [("id", "n")] * 2


def test_the_digest_is_that_of_the_content(tmp_path):
    (tmp_path / "a.csv").write_bytes(CSV)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(CSV))
    (tmp_path / "a.zip").write_bytes(zipped({"x.csv": CSV}))
    assert {file.sha256() for file in find_files([tmp_path])} == {hashlib.sha256(CSV).hexdigest()}


def test_nothing_to_read(tmp_path):
    with pytest.raises(IntakeError, match="no such file"):
        find_files([tmp_path / "missing.csv"])
    with pytest.raises(IntakeError, match="nothing to read"):
        find_files([tmp_path])


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x89PNG\r\n", bytes(range(256)) * 8, b"<!DOCTYPE html><html>"])
def test_what_is_no_table_is_refused_with_what_would_be(tmp_path, content):
    (tmp_path / "a.dat").write_bytes(content)
    with pytest.raises(IntakeError, match=r"cannot be used(.|\n)*Parquet"):
        find_files([tmp_path / "a.dat"])


@pytest.mark.parametrize("member", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "C:\\evil.csv", "..\\evil.csv"])
def test_members_that_leave_the_archive_are_refused(tmp_path, member):
    (tmp_path / "a.zip").write_bytes(zipped({"good.csv": CSV, member: CSV}))
    with pytest.raises(IntakeError, match="leaves the archive"):
        find_files([tmp_path / "a.zip"])


def test_an_archive_in_an_archive_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"b.zip": zipped({"c.csv": CSV})}))
    with pytest.raises(IntakeError, match="inside an archive"):
        find_files([tmp_path / "a.zip"])


def test_bombs_are_refused(tmp_path):
    limits = Limits(ratio_from=1 << 20)
    content = b"1,2\n" * 4_000_000
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(content))
    (tmp_path / "b.zip").write_bytes(zipped({"a.csv": content}))
    for name in ("a.csv.gz", "b.zip"):
        (file,) = find_files([tmp_path / name])
        with pytest.raises(IntakeError, match="bomb"):
            open_table(file, limits=limits)
    with pytest.raises(IntakeError, match="bomb"):
        open_table(find_files([tmp_path / "a.csv.gz"])[0], limits=Limits(expanded=1 << 20))


def test_truncated_packed_files_tell_how_far_they_could_be_read(tmp_path):
    rows = b"id,n\n" + b"".join(b"%d,%d\n" % (i, i * 7919 % 1000) for i in range(100_000))
    whole = gzip.compress(rows)
    (tmp_path / "a.csv.gz").write_bytes(whole[: len(whole) // 2])
    (file,) = find_files([tmp_path / "a.csv.gz"])
    with pytest.raises(IntakeError, match=r"a\.csv\.gz: the gzip file is cut short after \d{3},\d{3} bytes"):
        open_table(file)
    (tmp_path / "b.csv.gz").write_bytes(whole[:5000] + b"\0" * 100 + whole[5100:])
    with pytest.raises(IntakeError, match="damaged"):
        open_table(find_files([tmp_path / "b.csv.gz"])[0])
    archive = zipped({"a.csv": rows})
    (tmp_path / "c.zip").write_bytes(archive[: len(archive) // 2])
    with pytest.raises(IntakeError, match="damaged or cut short"):
        find_files([tmp_path / "c.zip"])
    (tmp_path / "d.zip").write_bytes(archive[:5000] + b"\0" * 100 + archive[5100:])
    with pytest.raises(IntakeError, match=r"damaged or cut short after [\d,]+ bytes"):
        open_table(find_files([tmp_path / "d.zip"])[0])


def test_concatenated_gzip_is_one_file(read):
    assert read(gzip.compress(b"id,n\n1,2\n") + gzip.compress(b"3,4\n") + b"\0" * 512, "a.csv.gz").total == 2
