"""Files of the pages: addressed by their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, make_response, redirect, request, send_from_directory
from werkzeug.wrappers import Response as BaseResponse

FOLDER = Path(__file__).resolve().parents[1] / "static"
_A_YEAR = "public, max-age=31536000, immutable"
_BOTH = ("fonts", "tokens", "base", "parts", "days", "lists", "charts", "forms", "choices")
#: Style sheets sent as one file each, from their parts in this order: one request, and better compressed.
BUNDLES = {
    "css/public.css": (*_BOTH, "frame", "site", "day", "reading", "offers"),
    "css/organisation.css": (*_BOTH, "office", "office-parts", "office-tables", "office-money"),
}


def init_app(app: Flask) -> None:
    """Serve ``/static/…`` and give templates ``asset('css/public.css')``."""
    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/<path:filename>", "static", serve)
    app.add_url_rule("/favicon.ico", "favicon", icon)


def asset(filename: str) -> str:
    """Return the address of a file, with a mark of its content."""
    return f"/static/{filename}?v={_mark(filename)}"


def icon() -> BaseResponse:
    """Lead to the icon whoever asks where browsers look for one beside a feed or a PDF, which name none."""
    return redirect(asset("img/icon.svg"))


def serve(filename: str) -> Response:
    """Answer with the file; kept for a year under its present mark."""
    if filename in BUNDLES:
        response = make_response(_content(filename))
        response.mimetype = "text/css"
    else:
        response = send_from_directory(FOLDER, filename, conditional=False)
    if request.args.get("v") == _mark_or_none(filename):
        response.headers["Cache-Control"] = _A_YEAR
        response.headers["X-Page-Cache"] = "static"
        response.direct_passthrough = False
    return response


@cache
def _content(filename: str) -> bytes:
    if filename in BUNDLES:
        return b"\n".join((FOLDER / "css" / f"{part}.css").read_bytes() for part in BUNDLES[filename])
    return (FOLDER / filename).read_bytes()


@cache
def _mark(filename: str) -> str:
    return hashlib.sha256(_content(filename)).hexdigest()[:12]


def _mark_or_none(filename: str) -> str | None:
    path = FOLDER / filename
    known = filename in BUNDLES or (path.resolve().is_relative_to(FOLDER) and path.is_file())
    return _mark(filename) if known else None
