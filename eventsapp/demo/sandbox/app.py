"""The WSGI application of the sandbox."""

from pathlib import Path

from flask import Flask, Response

from eventsapp.demo.sandbox import checkout
from eventsapp.demo.sandbox.sandbox import Sandbox
from eventsapp.demo.sandbox.web import api, board, controls, pages

_TEMPLATES = Path(__file__).parents[3] / "templates" / "demo"


def create_sandbox(sandbox: Sandbox) -> Flask:
    """Return the application that shows ``sandbox``, which starts to send its webhooks.

    The caller stops the sandbox when the application is no longer served.
    """
    app = Flask(__name__, template_folder=_TEMPLATES, static_url_path="/_sandbox/static")
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    app.jinja_env.filters["price"] = pages.price
    app.jinja_env.filters["moment"] = pages.moment
    for part in (api, pages, controls, board):
        app.register_blueprint(part.create_blueprint(sandbox))
    app.after_request(_with_headers)

    @app.before_request
    def close_overdue_sessions() -> None:
        checkout.expire_overdue(sandbox)

    app.wsgi_app = api.resetting(app.wsgi_app)  # type: ignore[assignment,method-assign]
    sandbox.postman.start(every_second=lambda: checkout.expire_overdue(sandbox))
    return app


def _with_headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
