"""Writes a fontconfig file that knows the fonts the project installs, for a machine that has none."""

import site
import sys
from pathlib import Path

folder = Path(sys.argv[1]).resolve()
fonts = [folder / "fonts", *(Path(p) for p in site.getsitepackages())]
(folder / "fonts.conf").write_text(
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
    + "".join(f"<dir>{font}</dir>" for font in fonts)
    + f"<cachedir>{folder / 'font-cache'}</cachedir></fontconfig>\n"
)
