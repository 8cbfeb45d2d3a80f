"""The tree keeps its promises: mirrors, sizes, names, words of the README."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: Files allowed to be longer than 400 lines, each with the reason a reader would accept.
LONG_FILES = {
    "scripts/build_fonts.py": "one recipe, run by hand from top to bottom; nothing imports a part of it",
    "tests/accounts/test_access.py": "one table, a line for each route of the office, reviewed as a whole",
}
#: Names that say nothing.
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
#: Libraries too heavy for the web server's start; what uses them imports them at the first use, and says so.
LATE = {"typst", "xlsxwriter", "icalendar", "facturx", "pikepdf"}
#: Folders of templates that belong to no room.
SHARED_TEMPLATES = {"layouts", "parts", "errors"}
#: Steps that decide, write or answer: each has tests of its own beside it in the mirror.
TESTED_STEPS = {"rules", "service", "site", "office", "api"}
#: Those whose tests stand elsewhere, each with where.
TESTED_ELSEWHERE = {
    "audit/service.py": "what it writes is read in tests/audit/web and in the tests of those who write it",
    "demo/sandbox/rules.py": "tests/demo/test_sandbox_rules.py: the sandbox is tested as the program that it is",
    "demo/sandbox/web/api.py": "tests/demo/test_sandbox_api.py, likewise",
    "orders/service.py": "an order is only made and moved by the checkout: tests/checkout",
    "organisations/service.py": "an organisation is only recognised while ordering: tests/checkout",
    "places/service.py": "saving and deleting, one line each, through the pages: tests/places/web",
    "site/service.py": "texts are saved and restored through their pages: tests/site/web/test_texts.py",
    "site/web/office.py": "tests/site/web/test_texts.py: the page that writes a text and the one that shows it",
}


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_every_test_file_mirrors_a_module() -> None:
    strays = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        place = path.relative_to(ROOT / "tests")
        if place.parts[0] in {"journeys", "bench"} or len(place.parts) == 1:
            continue
        folder = ROOT / "eventsapp" / place.parent
        name = place.stem.removeprefix("test_")
        candidates = [name[: match.start()] for match in re.finditer(r"_|$", name)]
        modules = [folder / f"{part}.py" for part in candidates] + [folder / part for part in candidates]
        modules += [folder / f"_{part}.py" for part in candidates]
        # A module whose tests fill a folder: every file in it is about that module.
        modules.append(folder.with_suffix(".py"))
        if not any(module.exists() for module in modules):
            strays.append(str(place))
    assert strays == []


def test_what_a_page_takes_from_a_plain_text_is_escaped_there() -> None:
    """A macro of a text escapes nothing, and what it returns to a page counts as escaped."""
    taken = re.compile(r'from "[^"]+\.txt" import ([\w, ]+?)(?: with context)? %}')
    bare = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        page = path.read_text()
        for name in re.findall(r"\w+", " ".join(taken.findall(page))):
            calls = re.findall(rf"{{{{ {name}\(.*?}}}}", page)
            bare += [f"{path.name}: {call}" for call in calls if not call.endswith("|forceescape }}")]
    assert bare == []


def test_every_step_that_decides_writes_or_answers_has_tests() -> None:
    untested = set()
    for path in (ROOT / "eventsapp").rglob("*"):
        place = path.relative_to(ROOT / "eventsapp")
        is_step = path.suffix == ".py" or (path / "__init__.py").exists()
        if not is_step or path.stem not in TESTED_STEPS or len(place.parts) < 2:
            continue
        mirror = ROOT / "tests" / place.parent
        if not any(mirror.glob(f"test_{path.stem}*.py")) and not any((mirror / path.stem).rglob("test_*.py")):
            untested.add(place.as_posix())

    assert untested == set(TESTED_ELSEWHERE)


def test_every_template_folder_is_a_room_or_shared() -> None:
    rooms = {path.name for path in (ROOT / "eventsapp").iterdir() if path.is_dir()}
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}

    assert folders - rooms - SHARED_TEMPLATES == set()


def test_no_file_is_longer_than_400_lines_without_a_reason() -> None:
    long = {
        str(path.relative_to(ROOT))
        for path in [*python_files("eventsapp", "scripts", "bench", "tests"), *(ROOT / "templates").rglob("*.html")]
        if len(path.read_text().splitlines()) > 400
    }

    assert long == set(LONG_FILES)


def test_names_say_what_is_inside() -> None:
    assert [path for path in python_files("eventsapp") if path.stem.strip("_") in BANNED] == []


@pytest.mark.parametrize("path", python_files("eventsapp"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_holds_and_imports_at_its_top(path: Path) -> None:
    tree = ast.parse(path.read_text())
    inside = [
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
        or (isinstance(node, ast.Import) and not LATE.issuperset(alias.name for alias in node.names))
    ]

    assert ast.get_docstring(tree)
    assert [node.lineno for node in inside] == []


def test_migrations_are_named_by_their_time_and_follow_one_another() -> None:
    names = sorted(path.name for path in (ROOT / "migrations" / "versions").glob("*.py"))
    texts = [(ROOT / "migrations" / "versions" / name).read_text() for name in names]
    revisions = [re.search(r"^revision = ['\"](.+)['\"]", text, re.MULTILINE)[1] for text in texts]  # type: ignore[index]
    before = [re.search(r"^down_revision = (.+)", text, re.MULTILINE)[1].strip("'\"") for text in texts]  # type: ignore[index]

    assert [name for name in names if not re.fullmatch(r"\d{8}_\d{4}_[a-z_]+\.py", name)] == []
    assert before == ["None", *revisions[:-1]]


def test_the_readme_names_every_setting_that_is_read() -> None:
    source = (ROOT / "eventsapp" / "core" / "settings.py").read_text()
    read = set(re.findall(r"environment, \"([A-Z_]+)\"", source))
    table = (ROOT / "README.md").read_text().split("## Settings")[1].split("## ")[0]
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", table))

    assert read == told


def test_nothing_asks_which_payment_method_an_order_has() -> None:
    """What a method does is in its row (decision 2); only the demonstration, which is data, knows methods by name."""
    codes = {"card", "cheque", "transfer", "mandat"}
    asked = [
        f"{path.relative_to(ROOT)}:{part.lineno}"
        for path in python_files("eventsapp")
        if "demo" not in path.relative_to(ROOT).parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare | ast.match_case)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and part.value in codes
    ]
    in_pages = re.compile(rf"""(==|!=|\bin\b)[^%}}]*["']({"|".join(codes)})["']""")
    asked += [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.*"))
        if path.suffix in {".html", ".txt"}
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if in_pages.search(line)
    ]

    assert asked == []


def test_nothing_is_left_to_be_done() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*python_files("eventsapp", "scripts", "bench"), *(ROOT / "templates").rglob("*.html")]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marks.search(line)
    ]

    assert found == []
