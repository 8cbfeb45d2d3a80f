"""The smallest files that covers and whole issues are made of."""

from io import BytesIO

from PIL import Image


def _png() -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 80), "#b3331d").save(made, "PNG")
    return made.getvalue()


PNG = _png()
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
