"""The shape of the house: a folder imports only from those above it, and stays cheap to import."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "desirepath"
FLOORS = [
    {"errors", "progress", "texts", "__init__"},
    {"conditions", "sqltext", "times", "files", "workbooks", "locale"},
    {"yaml"},
    {"database"},
    {"journey"},
    {"lake"},
    {"intake"},
    {"eventlog"},
    {"voice"},
    {"insight"},
    {"simulate", "render"},
    {"workspace"},
    {"server"},
    {"cli"},
]
HEIGHT = {room: height for height, floor in enumerate(FLOORS) for room in floor}


def room_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(file: Path) -> set[str]:
    """The rooms that a file imports from, also inside functions and for types only."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("desirepath.")}
    return found


@pytest.mark.parametrize("room", sorted(HEIGHT))
def test_a_room_imports_only_from_those_above_it(room: str) -> None:
    wrong = [
        f"{file.relative_to(PACKAGE)} imports {other}"
        for file in PACKAGE.rglob("*.py")
        if room_of(file) == room and room != "__init__"
        for other in imports(file)
        if other in HEIGHT and other != room and HEIGHT[other] >= HEIGHT[room]
    ]
    assert wrong == []


def test_every_room_has_its_floor() -> None:
    rooms = {room_of(file) for file in PACKAGE.rglob("*.py")}
    assert rooms <= set(HEIGHT)


def test_the_library_and_the_help_do_not_wait_for_heavy_parts() -> None:
    heavy = (
        "{'numba', 'duckdb', 'pyarrow', 'deltalake', 'scipy', 'pptx', 'typst', 'fastapi', 'sqlalchemy', "
        "'sklearn', 'lingua', 'rjieba'}"
    )
    code = f"import sys, desirepath, desirepath.cli.app; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
