"""The smallest files that covers and whole issues are made of."""

from io import BytesIO

from PIL import Image


def png(*, width: int, height: int) -> bytes:
    """Return a picture of one colour."""
    made = BytesIO()
    Image.new("RGB", (width, height), "#b3331d").save(made, "PNG")
    return made.getvalue()


PNG = png(width=60, height=80)
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
