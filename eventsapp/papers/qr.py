"""QR codes as drawings: an address that a phone opens from a paper."""

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode


def svg(text: str, *, ink: str = "#17181c") -> str:
    """Return ``text`` as a QR code in SVG, one unit a module, without the quiet margin that the paper leaves.

    A smudge or a fold may take 15 % of it.
    """
    code = QRCode(border=0, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    size = len(rows)
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="{ink}" d="{squares}"/></svg>'
    )
