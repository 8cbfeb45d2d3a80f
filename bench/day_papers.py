"""The papers of a day for very many people: seconds, memory of a process of its own, pages and bytes of each."""

import io
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pypdf

from eventsapp.attendance.rules import batches
from eventsapp.attendance.service import MOST_IN_A_FILE
from eventsapp.attendance.statuses import PaperKind
from eventsapp.factory import create_app
from tests.support.database import ENVIRONMENT
from tests.support.makers.day_papers import NAMES, made

PEOPLE = 300
#: Beyond these somebody would have to explain: papers for 300 people are asked for by hand, and a worker is small.
SECONDS, MEBIBYTES = 20.0, 500


def measure() -> None:
    """Print a line for each paper, made in a process of its own."""
    print(f"\nPapers for {PEOPLE} people, each in a process of its own")
    for name in NAMES:
        done = subprocess.run(
            [sys.executable, "-m", "bench.day_papers", name],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[1],
        )
        told = json.loads(done.stdout)
        mark = "" if told["seconds"] < SECONDS and told["mebibytes"] < MEBIBYTES else "  above"
        print(
            f"  {name:14}{told['seconds']:7.1f} s{told['mebibytes']:7} MiB peak"
            f"{told['files']:3} files{told['pages']:5} pages"
            f"{told['bytes'] / 1e6:8.1f} MB{mark}"
        )


def _alone(name: str, count: int, keep: str = "") -> None:
    """Make one sort of papers, file by file as the worker does, and say what it took.

    The application itself, loaded before, counts in the memory.
    """
    kind = PaperKind.CERTIFICATES if name == "training" else PaperKind(name.split("-", maxsplit=1)[0])
    people = 1 if kind is PaperKind.PROGRAMME else count
    with create_app(ENVIRONMENT, keep_pages=False).test_request_context():
        started = time.perf_counter()
        files = [made(name, len(some)) for some in batches(range(people), MOST_IN_A_FILE[kind])]
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if keep:
        Path(keep).write_bytes(files[0])
    told = {
        "seconds": seconds,
        "mebibytes": peak,
        "files": len(files),
        "pages": sum(len(pypdf.PdfReader(io.BytesIO(paper)).pages) for paper in files),
        "bytes": sum(len(paper) for paper in files),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    _alone(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else PEOPLE, sys.argv[3] if len(sys.argv) > 3 else "")
