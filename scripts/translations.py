"""Collect the texts to translate, bring the English catalogue up to date, and compile it.

``make translations`` calls it. French is the language of the keys, so it has no catalogue. Refusals take a plain
sentence and translate it themselves: their classes are keywords here.
"""

import inspect
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import eventsapp
from eventsapp.core.errors import Refusal

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "eventsapp" / "translations"
TEMPLATE = CATALOGUE / "messages.pot"
KEYWORDS = ("_l", "lazy_gettext", "lazy_pgettext:1c,2")


def main() -> None:
    """Write the catalogue and what the application reads."""
    CATALOGUE.mkdir(exist_ok=True)
    collect(TEMPLATE)
    if not (CATALOGUE / "en").exists():
        pybabel("init", "-i", str(TEMPLATE), "-d", str(CATALOGUE), "-l", "en", "--no-wrap")
    pybabel(
        "update", "-i", str(TEMPLATE), "-d", str(CATALOGUE), "-l", "en", "--no-wrap", "--no-fuzzy-matching",
        "--ignore-obsolete",
    )  # fmt: skip
    pybabel("compile", "-d", str(CATALOGUE), "-l", "en", "--statistics")
    TEMPLATE.unlink()


def collect(template: Path) -> None:
    """Write every text of the code and the templates into ``template``."""
    keywords = [argument for keyword in (*KEYWORDS, *refusals()) for argument in ("-k", keyword)]
    pybabel(
        "extract", "-F", "babel.cfg", *keywords, "--add-location", "file", "--sort-output", "--no-wrap",
        "--project", "eventsapp", "--version", "0.1.0", "--copyright-holder", "The eventsapp authors",
        "-o", str(template), ".",
    )  # fmt: skip


def refusals() -> list[str]:
    """Return the names of the classes whose first argument is a sentence for people."""
    for room in pkgutil.iter_modules(eventsapp.__path__, "eventsapp."):
        if room.ispkg and (Path(ROOT / room.name.replace(".", "/")) / "errors.py").exists():
            import_module(f"{room.name}.errors")
    found = [Refusal]
    for refusal in found:
        found += [inner for inner in refusal.__subclasses__() if inner not in found and inspect.isclass(inner)]
    return sorted({refusal.__name__ for refusal in found})


def pybabel(*arguments: str) -> None:
    """Run Babel's command."""
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
