"""The interface described: its OpenAPI document, and the page for people."""

import json

from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsapp.api.web import problems, reference
from eventsapp.api.web.document import document
from eventsapp.api.web.resource import URL_PREFIX
from eventsapp.core import links
from eventsapp.core.page_cache import public_page

blueprint = Blueprint("api", __name__)


@blueprint.get(f"{URL_PREFIX}/openapi.json")
@public_page("site")
def openapi() -> ResponseReturnValue:
    """Give the document to programs."""
    written = json.dumps(document(current_app), ensure_ascii=False)
    return Response(written, mimetype="application/json")


@blueprint.get(f"{URL_PREFIX}/docs")
@public_page("site")
def docs() -> ResponseReturnValue:
    """Show the document to people."""
    whole = document(current_app)
    return render_template(
        "api/docs.html",
        document=whole,
        groups=reference.groups(whole),
        problems=[
            (int(status), text, [(code, example["title"]) for code, example in examples.items()])
            for status, (text, examples) in sorted(problems.PROBLEMS.items())
        ],
        schemes=whole["components"]["securitySchemes"],
        address=links.absolute_path(URL_PREFIX),
    )


@blueprint.get("/problems/<slug:code>")
def problem(code: str) -> ResponseReturnValue:
    """Lead from the ``type`` of a problem to what the documentation says of it."""
    if code not in problems.CODES:
        abort(404)
    return redirect(url_for(".docs", _anchor=f"probleme-{code}"), 302)
