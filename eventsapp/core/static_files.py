"""Files of the pages: addressed by their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

FOLDER = Path(__file__).resolve().parents[1] / "static"
_A_YEAR = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Serve ``/static/…`` and give templates ``asset('css/site.css')``."""
    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/<path:filename>", "static", serve)


def asset(filename: str) -> str:
    """Return the address of a file, with a mark of its content."""
    return f"/static/{filename}?v={_mark(filename)}"


def serve(filename: str) -> Response:
    """Answer with the file; kept for a year under its present mark."""
    response = send_from_directory(FOLDER, filename, conditional=False)
    if request.args.get("v") == _mark_or_none(filename):
        response.headers["Cache-Control"] = _A_YEAR
        response.headers["X-Page-Cache"] = "static"
        response.direct_passthrough = False
    return response


@cache
def _mark(filename: str) -> str:
    return hashlib.sha256((FOLDER / filename).read_bytes()).hexdigest()[:12]


def _mark_or_none(filename: str) -> str | None:
    path = FOLDER / filename
    return _mark(filename) if path.resolve().is_relative_to(FOLDER) and path.is_file() else None
