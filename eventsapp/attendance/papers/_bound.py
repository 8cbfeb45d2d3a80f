"""Several papers as one."""

import tempfile
from collections.abc import Sequence
from pathlib import Path


def bound_pdf(parts: Sequence[Path]) -> bytes:
    """Return the pages of these PDFs as one, in order.

    One part after the other is read from its file and the whole written to another, so that no more than one copy is in
    memory. Other than its parts it has no tags: it is for the printer.
    """
    import pikepdf  # noqa: PLC0415 - for papers and not for the web server's start

    with tempfile.NamedTemporaryFile(suffix=".pdf") as whole, pikepdf.new() as bound:
        opened = []
        try:
            for part in parts:
                opened.append(pikepdf.open(part))
                bound.pages.extend(opened[-1].pages)
            bound.save(whole.name, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        finally:
            for each in opened:
                each.close()
        return Path(whole.name).read_bytes()
