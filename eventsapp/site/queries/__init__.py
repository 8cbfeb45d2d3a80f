"""Reading the site's texts, and all its addresses."""

from eventsapp.site.queries._addresses import count_addresses, public_addresses
from eventsapp.site.queries._pictures import shows_picture
from eventsapp.site.queries._texts import EDITED, LOCALES, SLUGS, shipped_text, text, texts, written_text

__all__ = [
    "EDITED",
    "LOCALES",
    "SLUGS",
    "count_addresses",
    "public_addresses",
    "shipped_text",
    "shows_picture",
    "text",
    "texts",
    "written_text",
]
