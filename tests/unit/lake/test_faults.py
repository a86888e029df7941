"""Full disks, folders that cannot be written, damaged files, two writers: a clear error, and the lake stays whole."""

import contextlib
import os
import resource
import subprocess
import sys
import textwrap
import threading

import pytest

from desirepath.errors import DesirepathError, LakeError
from desirepath.lake.lock import LakeBusyError

MANY = [{"customer": f"c{i * 7919 % 100_003}", "case": f"{i * 104_729 % 1_000_003}"} for i in range(20_000)]


@contextlib.contextmanager
def files_no_larger_than(size):
    """No file can grow beyond `size` bytes: what the next write meets is what it meets on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def unwritable(folder):
    """A folder that cannot be written; root, who may write everywhere, becomes somebody else for that time."""
    everything = [folder, *folder.rglob("*")]
    if os.geteuid() == 0:
        for path in (folder, *folder.parents[:2]):
            path.chmod(0o755)
        os.seteuid(65534)
    else:
        for path in everything:
            path.chmod(0o555)
    try:
        yield
    finally:
        os.seteuid(os.getuid())
        for path in everything:
            path.chmod(0o755)


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of 400 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("may not mount a file system here")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_file_that_cannot_grow_is_told_as_a_full_disk(put, lake, seen):
    put(events=[{"customer": "anna"}])
    with files_no_larger_than(80_000), pytest.raises(LakeError, match=r"the disk is full[\s\S]*make room"):
        put(events=MANY)
    assert seen("events", "customer") == ["anna"]
    assert len(list(lake.root.rglob("*.parquet"))) == 1
    put(events=MANY[:5])
    assert len(seen("events", "customer")) == 6


def test_an_erasure_that_the_disk_has_no_room_for_is_finished_when_there_is_room(put, lake, open_lake, seen):
    put(events=[*MANY, {"customer": "anna"}])
    with files_no_larger_than(80_000):
        with pytest.raises(LakeError, match="the disk is full"):
            lake.erase(["anna"])
        with pytest.raises(LakeError, match="the disk is full"):
            open_lake()
    again = open_lake()
    assert set(seen("events", "customer", into=again)) == {r["customer"] for r in MANY}
    assert len(list(again.root.rglob("*.parquet"))) == 1


@pytest.mark.parametrize("free", [0, 8, 16, 24, 32, 40, 48, 56, 64, 96])
def test_a_disk_that_fills_up_at_any_moment_leaves_the_lake_whole(tiny_disk, open_lake, put, seen, free):
    lake = open_lake(tiny_disk)
    put(into=lake, events=[{"customer": "anna"}])
    ballast = tiny_disk / "ballast"
    room = os.statvfs(tiny_disk).f_bavail * 4096
    ballast.write_bytes(b"x" * (room - free * 1024))
    try:
        put(into=lake, events=MANY[:1500], feedback=[{}])
        arrived = ["anna", *(r["customer"] for r in MANY[:1500])]
    except DesirepathError as error:
        assert "full" in str(error) or "how much room" in str(error)
        arrived = ["anna"]
    ballast.unlink()
    again = open_lake(tiny_disk)
    assert seen("events", "customer", into=again) == arrived
    put(into=again, replace=True, events=[{"customer": "ben"}])
    assert seen("events", "customer", into=again) == ["ben"]


def test_a_folder_that_cannot_be_written_is_told(put, lake, tmp_path):
    put(events=[{"customer": "anna"}])
    with unwritable(tmp_path):
        for work in (lambda: put(events=[{}]), lake.compact, lambda: lake.erase(["anna"])):
            with pytest.raises(DesirepathError, match=r"cannot be written[\s\S]*make the folder writable"):
                work()


def test_a_damaged_delta_log_is_told(put, lake):
    put(events=[{"customer": "anna"}])
    (lake.root / "events" / "_delta_log" / f"{1:020}.json").write_text("{broken")
    with pytest.raises(LakeError, match=r"events: this cannot be read[\s\S]*restore the folder from a backup"):
        lake.arrow("events")


@pytest.mark.parametrize("lost", ["*.parquet", "_delta_log/*1.json"])
def test_a_lost_file_is_told(put, lake, lost):
    put(events=[{"customer": "anna"}])
    for path in (lake.root / "events").glob(lost):
        path.unlink()
    with pytest.raises(LakeError, match=r"missing|fewer rows than its imports brought"):
        lake.arrow("events")


def test_a_truncated_file_is_told(put, lake):
    put(events=[{"customer": "anna"}])
    (path,) = (lake.root / "events").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(LakeError, match=r"damaged \(\d+ bytes instead of \d+\)"):
        lake.files("events")


def test_a_file_with_other_bytes_is_told_when_it_is_read(put, lake):
    put(events=[{"customer": "anna"}])
    (path,) = (lake.root / "events").glob("*.parquet")
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(LakeError, match="cannot be read"):
        lake.arrow("events").read_all()


class TestTwoWriters:
    """One at a time: the second waits, or is told."""

    def test_the_second_is_told_when_it_does_not_want_to_wait(self, lake, open_lake):
        with (
            lake.begin("shop"),
            pytest.raises(LakeBusyError, match="another import"),
            open_lake().begin("shop", wait_s=0),
        ):
            pass

    def test_the_second_waits_says_so_and_then_does_its_work(self, lake, open_lake, write, seen):
        waiting = threading.Event()

        def second():
            other = open_lake()
            with other.begin("app", progress=lambda what, *_: waiting.set() if "waiting" in what else None) as import_:
                write(import_, "events", {"customer": "ben"})
                import_.commit({})

        with lake.begin("shop") as import_:
            thread = threading.Thread(target=second)
            thread.start()
            assert waiting.wait(30)
            write(import_, "events", {"customer": "anna"})
            import_.commit({})
        thread.join()
        assert seen("events", "import", "customer") == [(1, "anna"), (2, "ben")]

    def test_many_processes_at_once_all_get_their_turn(self, lake, seen, tmp_path):
        child = textwrap.dedent(
            """
            import sys
            from pathlib import Path
            import pyarrow as pa
            from desirepath.database import Database
            from desirepath.lake import Lake
            folder = Path(sys.argv[1])
            lake = Lake(folder / "lake", Database.open(folder / "workspace.db"))
            for i in range(4):
                with lake.begin(sys.argv[2]) as import_:
                    table = pa.table({"row": [0], "customer": [f"{sys.argv[2]}{i}"], "source": [sys.argv[2]]})
                    import_.write("customers", table.to_batches(), table.schema)
                    import_.commit({})
            """
        )
        children = [subprocess.Popen([sys.executable, "-c", child, str(tmp_path), name]) for name in "ab"]
        assert [c.wait() for c in children] == [0, 0]
        assert seen("customers", "import") == list(range(1, 9))
        assert sorted(seen("customers", "customer")) == [f"{name}{i}" for name in "ab" for i in range(4)]
