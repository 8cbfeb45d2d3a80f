"""Texts kept in files: a change of one is seen in the diff of the commit that makes it."""

import os
import re
from pathlib import Path

#: Set to anything to write the files anew; then look at their diff.
WRITE = "WRITE_SNAPSHOTS"
#: What differs from one run to the next → what stands for it.
_CHANCE = (
    (re.compile(r"\b20\d\d-[0-9A-Z]{4}-[0-9A-Z]{4}\b"), "2026-XXXX-XXXX"),
    (re.compile(r"(/commandes/2026-XXXX-XXXX/)[\w-]+/"), r"\1SECRET/"),
    (re.compile(r"(/inscriptions/)[\w-]+/"), r"\1SECRET/"),
    (re.compile(r"(/(?:choisir|refuser)/)[\w.-]+"), r"\1TOKEN"),
    (re.compile(r"(/abonnements/lecteurs/)[\w-]+/(choisir/)?(?:\d+/)?"), r"\1SECRET/\2"),
    (re.compile(r"(/abonnements/(?:adresse|offert|par-carte|renouveler|rejoindre)/)[\w-]+/"), r"\1SECRET/"),
    (re.compile(r"(/lettre/(?:confirmer/)?)[\w-]{20,}/"), r"\1SECRET/"),
    (re.compile(r"(/attente/)[\w-]+/"), r"\1SECRET/"),
    (re.compile(r"(?m)^[0-9]{4}.?[0-9]{4}$"), "1234 5678"),
)


def settled(text: str) -> str:
    """Return ``text`` with something fixed in the place of references, secrets and codes."""
    for chance, fixed in _CHANCE:
        text = chance.sub(fixed, text)
    return text


def kept(path: Path, text: str) -> str:
    """Return what the file at ``path`` keeps; with ``WRITE_SNAPSHOTS`` set, ``text``, after writing it there."""
    if os.environ.get(WRITE):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8") if path.exists() else f"{path} is missing: run the test with {WRITE}=1"
