"""Files as a browser sends them."""

import io

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def a_pdf(name: str = "Convention.pdf", *, size: int = 0) -> tuple[io.BytesIO, str]:
    """Return a small PDF, or one about ``size`` bytes heavier, as a field of a form."""
    return io.BytesIO(PDF[:-7] + b"%" * size + b"\n%%EOF\n" if size else PDF), name
