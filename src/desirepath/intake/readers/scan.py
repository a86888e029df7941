"""The structure of delimited text, after RFC 4180: where each record ends, how many cells it has, what is wrong.

A quote opens a quoted cell only as the first character of a cell; inside, two quotes are one; after the closing quote
comes a separator or a line end. `\\n`, `\\r\\n` and `\\r` each end a record and a physical line. A record that breaks
the quoting (or reaches over several lines and then has the wrong number of cells) is cut off after its first physical
line, and reading goes on with the next line: one unclosed quote costs one row, not the rest of the file.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

BLANK, MULTILINE, QUOTING, NUL, CONTINUED, ESCAPED, BIG, UNENDED = 1, 2, 4, 8, 16, 32, 64, 128
BROKEN = QUOTING | NUL | BIG | UNENDED
_LF, _CR = 10, 13


@njit(cache=True, nogil=True)
def _line_end(buffer, start, end, final):  # type: ignore[no-untyped-def]
    """Position after the first line end at or after `start`; −1 when there is none yet."""
    i = start
    while i < end:
        c = buffer[i]
        if c == _LF:
            return i + 1
        if c == _CR:
            if i + 1 < end:
                return i + 2 if buffer[i + 1] == _LF else i + 1
            return i + 1 if final else -1
        i += 1
    return end if final and end > start else -1


@njit(cache=True, nogil=True)
def _record(buffer, start, end, final, separator, quote, escape, spaced, limit):  # type: ignore[no-untyped-def]
    """(end, cells, flags, physical lines) of the record at `start`; end −1 when it is not complete in the buffer."""
    i, cells, flags, lines = start, 1, 0, 1
    cell = start
    at_start = True
    while i < end:
        c = buffer[i]
        if at_start and spaced and c == 32:
            flags |= ESCAPED
            i += 1
            continue
        if at_start and quote != 0 and c == quote:
            i += 1
            closed = False
            while i < end:
                c = buffer[i]
                if c == escape and escape != 0:
                    flags |= ESCAPED
                    i += 2
                    continue
                if c == quote:
                    if i + 1 < end and buffer[i + 1] == quote:
                        i += 2
                        continue
                    if i + 1 >= end and not final:
                        return -1, cells, flags, lines
                    closed = True
                    i += 1
                    break
                if c == _LF:
                    lines += 1
                elif c == _CR:
                    if i + 1 >= end and not final:
                        return -1, cells, flags, lines
                    if i + 1 >= end or buffer[i + 1] != _LF:
                        lines += 1
                elif c == 0:
                    flags |= NUL
                i += 1
            if not closed:
                return (end if final else -1), cells, flags | QUOTING | UNENDED, lines
            if lines > 1:
                flags |= MULTILINE
            if i < end and buffer[i] != separator and buffer[i] != _LF and buffer[i] != _CR:
                return i, cells, flags | QUOTING, lines
            at_start = False
            continue
        at_start = False
        if c == separator:
            if i - cell > limit:
                flags |= BIG
            cells += 1
            cell = i + 1
            at_start = True
        elif c in (_LF, _CR):
            if i - cell > limit:
                flags |= BIG
            if i == start:
                flags |= BLANK
            if c == _LF:
                return i + 1, cells, flags, lines
            if i + 1 < end:
                return (i + 2 if buffer[i + 1] == _LF else i + 1), cells, flags, lines
            return (i + 1 if final else -1), cells, flags, lines
        elif c == escape and escape != 0:
            flags |= ESCAPED
            i += 1
        elif c == 0:
            flags |= NUL
        i += 1
    if end - cell > limit:
        flags |= BIG
    return (end if final else -1), cells, flags, lines


@njit(cache=True, nogil=True)
def scan(  # type: ignore[no-untyped-def]
    buffer, start, end, final, separator, quote, escape, spaced, width, limit, recovering, ends, cells, flags, lines
):
    """Fill the arrays with the records from `start` on; returns (records, position reached, recovering).

    `width` is the number of cells a record should have (0: unknown); `final` says that nothing follows the buffer;
    `recovering` is carried from call to call. A record flagged `CONTINUED` belongs to the broken one before it.
    """
    position, count = start, 0
    while position < end and count < ends.size:
        stop, found, flag, spanned = _record(buffer, position, end, final, separator, quote, escape, spaced, limit)
        if stop < 0:
            break
        misfit = width > 0 and found != width
        if flag & QUOTING or (misfit and flag & MULTILINE):
            stop = _line_end(buffer, position, end, final)
            if stop < 0:
                break
            spanned = 1
            flag |= QUOTING
            found = 1
            for j in range(position, stop):
                if buffer[j] == separator:
                    found += 1
            if recovering and found < width:
                flag |= CONTINUED
            recovering = True
        elif recovering and misfit and found < width:
            flag |= CONTINUED | QUOTING
        else:
            recovering = False
        ends[count] = stop
        cells[count] = found
        flags[count] = flag
        lines[count] = spanned
        count += 1
        position = stop
    return count, position, recovering


class Records:
    """The records of one piece of buffer: ends, cells, flags and physical lines of each."""

    def __init__(self, capacity: int) -> None:
        self.ends: NDArray[np.int64] = np.empty(capacity, np.int64)
        self.cells: NDArray[np.int32] = np.empty(capacity, np.int32)
        self.flags: NDArray[np.uint8] = np.empty(capacity, np.uint8)
        self.lines: NDArray[np.int32] = np.empty(capacity, np.int32)
