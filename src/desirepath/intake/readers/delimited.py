"""Delimited text as a table: a scanner finds the structure, pyarrow takes the sound rows, the rest is set apart.

Every record is judged once, by `scan`; records that break the quoting, have too few or too many cells, hold NUL bytes,
an oversized cell or bytes outside the encoding become `BrokenRow`s, and the records around them go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from desirepath.errors import IntakeError
from desirepath.intake.readers import dialect as dialects
from desirepath.intake.readers import encoding as encodings
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.scan import BIG, BLANK, BROKEN, CONTINUED, ESCAPED, NUL, QUOTING, UNENDED, Records, scan
from desirepath.intake.readers.table import BATCH_ROWS, BrokenRow, Limits, RawTable, shown, with_rows

_BLOCK = 8 << 20
_SAMPLE = 1 << 20


@dataclass(frozen=True)
class _Piece:
    """Some records in a buffer: where the first begins (offset and physical line) and where each ends."""

    data: bytes
    start: int
    line: int
    ends: NDArray[np.int64]
    cells: NDArray[np.int32]
    flags: NDArray[np.uint8]
    lines: NDArray[np.int32]

    @property
    def starts(self) -> NDArray[np.int64]:
        return np.concatenate((np.array([self.start]), self.ends[:-1]))

    @property
    def first_lines(self) -> NDArray[np.int64]:
        return self.line + np.concatenate((np.zeros(1, np.int64), np.cumsum(self.lines[:-1], dtype=np.int64)))

    @property
    def is_row(self) -> NDArray[np.bool_]:
        rows: NDArray[np.bool_] = np.equal(self.flags & (BLANK | CONTINUED), 0)
        return rows


class DelimitedTable(RawTable):
    """A delimited text file; every column is text, an empty cell is the empty string."""

    def __init__(self, file: SourceFile, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._encoding = encodings.detect(file.chunks(limits))
        self._wrapped = False
        self._layout = self._sniff()
        self._wrapped = self._layout.wrapped
        super().__init__(
            pa.schema([pa.field(name, pa.string()) for name in self._layout.columns]),
            [self._encoding.said, *self._layout.said],
        )

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The sound rows as text."""
        self._begin()
        for piece in self._pieces():
            is_row = piece.is_row
            rows = self.rows + np.cumsum(is_row) - 1
            self.rows += int(is_row.sum())
            bad = is_row & (((piece.flags & BROKEN) != 0) | (piece.cells != self._layout.width))
            bad |= self._undecodable(piece) & is_row
            self._report(piece, rows, bad)
            good = is_row & ~bad
            if good.any():
                yield from self._extract(piece, rows, good)

    def lines(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Physical lines by a second pass over the structure alone."""
        wanted = np.asarray(rows, np.int64)
        found = np.zeros(len(wanted), np.int64)
        last, done = int(wanted.max(initial=-1)), 0
        for piece in self._pieces() if len(wanted) else ():
            here = piece.first_lines[piece.is_row]
            inside = (wanted >= done) & (wanted < done + len(here))
            found[inside] = here[wanted[inside] - done]
            done += len(here)
            if done > last:
                break
        return found

    def _text(self) -> Iterator[bytes]:
        text = encodings.to_utf8(self._file.chunks(self._limits), self._encoding)
        return map(dialects.unwrapped, encodings.whole_lines(text)) if self._wrapped else text

    def _sniff(self) -> dialects.Layout:
        text, sample, wanted = self._text(), b"", _SAMPLE
        while True:
            complete = True
            for chunk in text:
                sample += chunk
                if len(sample) >= wanted:
                    complete = False
                    break
            if not sample.strip(b"\r\n"):
                raise IntakeError("the file is empty", where=self._file.name)
            layout = dialects.sniff(sample, complete=complete)
            if layout:
                return layout
            if complete or wanted > self._record_limit:
                raise IntakeError("no rows can be told apart in this text", where=self._file.name)
            wanted *= 4

    @property
    def _record_limit(self) -> int:
        return 4 * self._limits.cell

    def _pieces(self) -> Iterator[_Piece]:
        layout, found = self._layout, Records(BATCH_ROWS)
        form = layout.dialect
        blocks = _after(self._text(), layout.start)
        data, position, line, recovering, final, wanted = b"", 0, layout.line, False, False, _BLOCK
        while True:
            forced = len(data) - position > self._record_limit
            size = 1 if forced else BATCH_ROWS
            n, reached, recovering = scan(
                np.frombuffer(data, np.uint8), position, len(data), final or forced, form.separator, form.quote,
                form.escape, form.spaced, layout.width, self._limits.cell, recovering,
                found.ends[:size], found.cells, found.flags, found.lines,
            )  # fmt: skip
            if n:
                ends, lines = found.ends[:n].copy(), found.lines[:n].copy()
                yield _Piece(data, position, line, ends, found.cells[:n].copy(), found.flags[:n].copy(), lines)
                line += int(lines.sum())
                position = reached
                if forced and reached == len(data) and data[-1] not in b"\r\n":
                    blocks = _after_line(blocks)
                if n == BATCH_ROWS:
                    continue
            elif final:
                return
            wanted = _BLOCK if n else max(_BLOCK, len(data) - position)
            block, final = _read(blocks, wanted)
            data, position = data[position:] + block, 0

    def _undecodable(self, piece: _Piece) -> NDArray[np.bool_]:
        """Records that hold bytes which are not valid in the encoding of the file."""
        bad = np.zeros(len(piece.ends), np.bool_)
        view = memoryview(piece.data)
        position, end, step = piece.start, int(piece.ends[-1]), len(piece.data)
        while position < end:
            stop = int(piece.ends[min(int(np.searchsorted(piece.ends, position + step)), len(piece.ends) - 1)])
            try:
                str(view[position:stop], "utf-8")
            except UnicodeDecodeError as error:
                at = int(np.searchsorted(piece.ends, position + error.start, side="right"))
                bad[at] = True
                position, step = int(piece.ends[at]), 1 << 12
            else:
                position, step = stop, 4 * step
        return bad

    def _report(self, piece: _Piece, rows: NDArray[np.int64], bad: NDArray[np.bool_]) -> None:
        if not bad.any():
            return
        starts, first_lines = piece.starts, piece.first_lines
        for i in np.flatnonzero(bad).tolist():
            record = piece.data[starts[i] : min(piece.ends[i], starts[i] + 8000)].rstrip(b"\r\n")
            reason = self._reason(int(piece.flags[i]), int(piece.cells[i]), record)
            value = shown(record.replace(encodings.FOREIGN, b""))
            self.broken.append(BrokenRow(int(rows[i]), int(first_lines[i]), None, value, reason))

    def _reason(self, flags: int, cells: int, record: bytes) -> str:
        width = self._layout.width
        if flags & BIG:
            return f"a cell larger than {self._limits.cell:,} bytes"
        if flags & UNENDED:
            return "a quote is opened and never closed"
        if flags & QUOTING:
            return "broken quotes"
        if flags & NUL:
            return "NUL byte"
        if cells != width:
            return f"{'too few' if cells < width else 'too many'} cells: {cells} where {width} are expected"
        if encodings.FOREIGN in record and self._encoding.codec != "utf-8":
            return f"UTF-8 in a file that is {self._encoding.codec}"
        return f"bytes that are not valid {self._encoding.codec.upper()}"

    def _extract(self, piece: _Piece, rows: NDArray[np.int64], good: NDArray[np.bool_]) -> Iterator[pa.RecordBatch]:
        slow = good & ((piece.flags & ESCAPED) != 0)
        table = self._in_bulk(piece, good & ~slow)
        order = rows[good & ~slow]
        if table is None or slow.any():
            one_by_one = good if table is None else slow
            table = _joined(table, self._one_by_one(piece, one_by_one))
            order = rows[good] if len(table) == int(one_by_one.sum()) else np.concatenate((order, rows[slow]))
            table, order = table.take(np.argsort(order)), np.sort(order)
        for reason, wrong in (("the header again", self._header_again(table)), ("too many cells", self._beyond(table))):
            if wrong.any():
                self._set_apart(piece, rows, order[wrong], reason)
                table, order = table.filter(pa.array(~wrong)), order[~wrong]
        yield with_rows(table.columns[: len(self.columns)], self.schema, order)

    def _header_again(self, table: pa.RecordBatch) -> NDArray[np.bool_]:
        """Rows that are the header once more, as in files that were put together."""
        header = self._layout.header
        if len(header) < 2 or len(header) > table.num_columns:
            return np.zeros(len(table), np.bool_)
        first = pa.array([header[0], "\ufeff" + header[0]])
        same: NDArray[np.bool_] = pc.is_in(table.column(0), value_set=first).to_numpy(zero_copy_only=False)
        if same.any():
            for column, name in zip(table.columns[1:], header[1:], strict=False):
                same &= pc.equal(column, name).to_numpy(zero_copy_only=False)
        return same

    def _beyond(self, table: pa.RecordBatch) -> NDArray[np.bool_]:
        """Rows with something after the separator that ends every other row."""
        if table.num_columns == len(self.columns):
            return np.zeros(len(table), np.bool_)
        filled: NDArray[np.bool_] = pc.not_equal(table.column(table.num_columns - 1), "").to_numpy(zero_copy_only=False)
        return filled

    def _set_apart(self, piece: _Piece, rows: NDArray[np.int64], which: NDArray[np.int64], reason: str) -> None:
        starts, lines = piece.starts, piece.first_lines
        for i in np.flatnonzero(np.isin(rows, which) & piece.is_row).tolist():
            value = shown(piece.data[starts[i] : piece.ends[i]].rstrip(b"\r\n"))
            self.broken.append(BrokenRow(int(rows[i]), int(lines[i]), None, value, reason))

    def _in_bulk(self, piece: _Piece, keep: NDArray[np.bool_]) -> pa.RecordBatch | None:
        """These records by pyarrow; None when it does not find as many as the scanner: each is then split by itself."""
        if not keep.any():
            return None
        starts = piece.starts
        if (keep | ((piece.flags & BLANK) != 0)).all():
            text = pa.py_buffer(piece.data).slice(piece.start, int(piece.ends[-1]) - piece.start)
        else:
            edges = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])).astype(np.int8)))
            text = pa.py_buffer(
                b"".join(piece.data[starts[a] : piece.ends[b - 1]] for a, b in edges.reshape(-1, 2).tolist())
            )
        names = [str(i) for i in range(self._layout.width)]
        form = self._layout.dialect
        longest = int((piece.ends - starts).max())
        try:
            table = pacsv.read_csv(
                pa.BufferReader(text),
                read_options=pacsv.ReadOptions(
                    column_names=names, block_size=len(text) if longest > 1 << 16 else 1 << 20
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=chr(form.separator),
                    quote_char=chr(form.quote) if form.quote else False,
                    double_quote=True,
                    newlines_in_values=bool((piece.lines[keep] > 1).any()),
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        if table.num_rows != int(keep.sum()):
            return None
        return table.combine_chunks().to_batches()[0]

    def _one_by_one(self, piece: _Piece, keep: NDArray[np.bool_]) -> pa.RecordBatch:
        split, starts = self._layout.dialect.split, piece.starts
        rows = [split(piece.data[starts[i] : piece.ends[i]]) for i in np.flatnonzero(keep).tolist()]
        names = [str(i) for i in range(self._layout.width)]
        return pa.RecordBatch.from_arrays(
            [pa.array(column, pa.string()) for column in zip(*rows, strict=True)], names=names
        )


def _joined(first: pa.RecordBatch | None, second: pa.RecordBatch) -> pa.RecordBatch:
    return second if first is None else pa.concat_batches([first, second])


def _read(blocks: Iterator[bytes], wanted: int) -> tuple[bytes, bool]:
    """At least `wanted` bytes, and whether the content is at its end."""
    got, size = list[bytes](), 0
    for block in blocks:
        got.append(block)
        size += len(block)
        if size >= wanted:
            return b"".join(got), False
    return b"".join(got), True


def _after(blocks: Iterator[bytes], skip: int) -> Iterator[bytes]:
    for block in blocks:
        if skip >= len(block):
            skip -= len(block)
            continue
        yield block[skip:] if skip else block
        skip = 0


def _after_line(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The content from the next line on."""
    for block in blocks:
        at = min((i for i in (block.find(b"\n"), block.find(b"\r")) if i >= 0), default=-1)
        if at >= 0:
            yield block[at + 1 :]
            break
    yield from blocks
