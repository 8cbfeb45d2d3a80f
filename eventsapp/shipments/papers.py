"""Labels of addresses on the sheets that offices buy."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.core import settings
from eventsapp.papers import pdf
from eventsapp.shipments.models import ShipmentLabel

#: Labels of one PDF: a hundred sheets of fourteen.
PER_PAPER = 1400


def labels_pdf(labels: Sequence[ShipmentLabel], *, number: int, now: datetime) -> bytes:
    """Return the labels of a number, fourteen a sheet (99.1 × 38.1 mm, as Avery L7163). Raises ``PaperFailed``."""
    data = {
        "site_name": settings.current().site_name,
        "number": number,
        "labels": [{"lines": list(one.written.lines), "copies": one.copies} for one in labels],
    }
    return pdf.render("shipments/labels", data, title=f"Étiquettes – numéro {number}", dated=now)
