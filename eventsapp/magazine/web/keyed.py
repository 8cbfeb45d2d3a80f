"""Pictures of a page that a key opens: their addresses carry the key, as the page's own does."""

import re
from urllib.parse import quote

from markupsafe import Markup

#: The addresses of a picture that ``markdown.to_html`` writes.
_ADDRESS = re.compile(r'(?<=["\s])(/fichiers/[A-Za-z0-9_-]{32}/(?:largeur/\d+/|\d+x\d+\.[a-z]+))(?=["\s])')
_PICTURE = re.compile(r"<img [^>]*>")


def with_key(body: Markup, key: str) -> Markup:
    """Return the HTML of a text with ``key`` in the addresses of its pictures."""
    if not key:
        return body
    given = f"?cle={quote(key, safe='')}"
    keyed = _PICTURE.sub(lambda picture: _ADDRESS.sub(lambda found: found[1] + given, picture[0]), body)
    return Markup(keyed)  # noqa: S704 - was safe before
