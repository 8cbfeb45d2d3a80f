"""What an invoice costs: its PDF with the Factur-X data inside, against the bare PDF engine on the same page."""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import typst

from eventsapp.factory import create_app
from eventsapp.invoices import papers
from eventsapp.papers import pdf
from tests.support.database import ENVIRONMENT
from tests.support.makers.invoices import a_content

ROUNDS = 15
GOAL = 4.0


def measure() -> None:
    """Print the medians: the engine alone, then the whole paper."""
    content = a_content()
    with create_app(ENVIRONMENT).app_context():
        inputs, dated = _inputs_of(lambda: papers.invoice_pdf(content))
        compiler = typst.Compiler(
            pdf.TEMPLATES / "invoices" / "papers" / "invoice.typ",
            root=pdf.TEMPLATES,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[pdf.FONTS]),
            ignore_system_fonts=True,
        )
        numbers = iter(range(10_000))

        def bare() -> None:
            # Another number each time, or the engine gives what it remembers.
            data = json.loads(inputs["data"])
            data["document"]["number"] = f"F-2026-{next(numbers):05}"
            compiler.compile(format="pdf", sys_inputs=inputs | {"data": json.dumps(data)}, timestamp=dated)

        def whole() -> None:
            one = a_content(number=f"F-2026-{next(numbers):05}")
            papers.invoice_pdf(one, xml=papers.einvoice_xml(one))

        engine, paper = _milliseconds(bare), _milliseconds(whole)
    ratio = paper / engine
    mark = "" if ratio < GOAL else "  above"
    print(f"\nAn invoice: ms, median of {ROUNDS}")
    print(f"  the PDF engine alone  {engine:8.1f}")
    print(f"  PDF/A-3a with Factur-X{paper:8.1f}{ratio:20.2f} × the engine    < {GOAL}{mark}")


def _inputs_of(paper: Callable[[], object]) -> tuple[dict[str, Any], int]:
    """Return what the engine is given for ``paper``."""
    given: dict[str, Any] = {}
    render = pdf.render

    def keep(template: str, data: Mapping[str, object], **named: Any) -> bytes:
        given.update(data=data, **named)
        return render(template, data, **named)

    pdf.render = keep
    try:
        paper()
    finally:
        pdf.render = render
    inputs = {
        "data": json.dumps(pdf.printable(given["data"]), ensure_ascii=False),
        "title": given["title"],
        "language": given["language"],
        "attachments": json.dumps([asdict(file) for file in given["attachments"]]),
    }
    return inputs, int((given["dated"] or datetime.now(UTC)).timestamp())


def _milliseconds(work: Callable[[], None]) -> float:
    work()
    measured = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        measured.append((time.perf_counter() - start) * 1000)
    return statistics.median(measured)


if __name__ == "__main__":
    measure()
