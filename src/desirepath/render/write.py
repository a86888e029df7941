"""One way out for every format: the file's ending chooses."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import cast

from desirepath.errors import DesirepathError
from desirepath.insight.model import MapData
from desirepath.render.build import build_view
from desirepath.render.html import Form
from desirepath.texts import LANGUAGES

ENDINGS = ("html", "svg", "png", "pdf", "pptx", "xlsx", "md", "mmd", "json")
FORMS = ("matrix", "timeline", "flow")


def html(data: MapData, *, language: str = "en", form: str = "matrix") -> str:
    """The map as one self-contained page that speaks all languages of the interface."""
    from desirepath.render.html import page

    tags = (language, *(tag for tag in LANGUAGES if tag != language))
    return page({tag: build_view(data, tag) for tag in tags}, form=_form(form))


def write(data: MapData, path: Path, *, language: str = "en", form: str = "matrix") -> Path:
    """Write the map; the file appears whole or not at all."""
    _form(form)
    ending = path.suffix.lower().lstrip(".")
    if ending not in ENDINGS:
        raise DesirepathError(f"no format for {path.name!r}", hint=f"let the file end in {', '.join(ENDINGS)}")
    if not path.parent.is_dir():
        raise DesirepathError("no such folder", where=str(path.parent))
    part = path.with_name(f".{path.stem}.{os.getpid()}.{ending}")
    try:
        _write(data, part, ending, language, form)
        part.replace(path)
    except OSError as error:
        raise DesirepathError(f"cannot be written: {error.strerror or error}", where=str(path)) from error
    finally:
        part.unlink(missing_ok=True)
    return path


def _form(name: str) -> Form:
    if name not in FORMS:
        raise DesirepathError(f"no such form: {name}", hint=f"use {', '.join(FORMS)}")
    return cast(Form, name)


def _write(data: MapData, path: Path, ending: str, language: str, form: str) -> None:
    if ending == "json":
        path.write_text(json.dumps(data.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif ending == "html":
        path.write_text(html(data, language=language, form=form), encoding="utf-8")
    elif ending in ("svg", "png", "pdf"):
        from desirepath.render.picture import write_picture

        write_picture(build_view(data, language), path, form)
    elif ending == "pptx":
        from desirepath.render.slides import write_slides

        write_slides(build_view(data, language), path)
    elif ending == "xlsx":
        from desirepath.render.workbook import write_workbook

        write_workbook(data, build_view(data, language), path)
    else:
        from desirepath.render.markdown import diagram, document

        text = diagram(data, language) if ending == "mmd" else document(data, build_view(data, language))
        path.write_text(text, encoding="utf-8")
