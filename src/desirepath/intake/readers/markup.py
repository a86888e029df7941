"""XML read as a stream, safely: declarations of entities are refused, so nothing can be expanded or fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol
from xml.parsers import expat

from desirepath.errors import IntakeError
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.table import Limits


class Handler(Protocol):
    """What is told of the elements, by their names without prefix and with the physical lines they begin on."""

    def start(self, name: str, attributes: dict[str, str], line: int) -> None: ...  # noqa: D102
    def end(self, name: str) -> None: ...  # noqa: D102
    def text(self, data: str) -> None: ...  # noqa: D102


def parse(file: SourceFile, limits: Limits, handler: Handler) -> Iterator[None]:
    """Feed the file to the handler piece by piece; yields after each piece, so that rows can be taken."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: handler.start(
        name.rpartition(":")[2], attributes, parser.CurrentLineNumber
    )
    parser.EndElementHandler = lambda name: handler.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = handler.text

    def refuse(entity: str, *_: object) -> None:
        line = parser.CurrentLineNumber
        raise IntakeError(
            f"declares the entity {entity!r}: refused, as entities can blow a file up",
            where=f"{file.name}, line {line}",
            hint="write the file without a DOCTYPE",
        )

    parser.EntityDeclHandler = refuse
    try:
        for chunk in file.chunks(limits):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        where = f"{file.name}, line {error.lineno}, column {error.offset + 1}"
        cut = error.code in _CUT
        what = "the file is cut short" if cut else f"not well-formed XML: {expat.ErrorString(error.code)}"
        raise IntakeError(what, where=where, hint="export it again") from error


_CUT = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}
