"""Somebody unknown and the administrator, who send anything to any route: the forms that they fill in are its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

import lxml.html
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from eventsapp.core.db import db
from eventsapp.core.raw_bytes import ReadableRequest
from eventsapp.demo import service as demonstration
from eventsapp.magazine.models import Comment
from tests.support.pages import Page
from tests.support.patience import opened

Fields = list[tuple[str, str]]
_SIGN_IN = "/compte/connexion/"
_GIFT = {"recipient_name": "Claude", "recipient_email": "claude@exemple.fr", "giver_name": "Ana"}


class Asked(ImmutableMultiDict[str, Any]):
    """Parameters that note by which names a view asks for them."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, *more: Any, **named: Any) -> list[Any]:
        self.names.add(key)
        return super().getlist(key, *more, **named)


class NotingRequest(ReadableRequest):
    """A request whose parameters are ``Asked``."""

    parameter_storage_class = Asked


@contextmanager
def noting(app: Flask) -> Iterator[None]:
    """Note meanwhile which parameters the views of ``app`` ask for."""
    app.request_class = NotingRequest
    try:
        yield
    finally:
        app.request_class = ReadableRequest


class Visitors:
    """Both of them; who they are stands in what their browsers send, so that leaving ends nothing."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._client = app.test_client(use_cookies=False)
        self._pages: dict[tuple[str, str], list[tuple[str | None, Fields]]] = {}
        known = app.test_client()
        known.post(_SIGN_IN, data={"email": "administration@lettre.example", "password": demonstration.PASSWORD})
        unknown = app.test_client()
        offer = "/abonnements/numerique/offrir/"
        unknown.post(offer, data=Page(unknown.get(offer).text).fields | _GIFT)
        with unknown.session_transaction() as kept:
            # As if these were what this browser wrote.
            kept["own_comments"] = list(db.session.scalars(sa.select(Comment.id)))
        self._cookies = {"administrator": _session(known), "visitor": _session(unknown)}

    def who(self, rule: Rule) -> Sequence[str]:
        """Return who goes to the rule, the second where the first is sent to sign in."""
        return ["administrator"] if rule.rule.startswith("/organisation/") else ["visitor", "administrator"]

    def ask(self, who: str, path: str, **sent: Any) -> TestResponse:
        """Send it as ``who``."""
        return self._client.open(path, headers={"Cookie": f"session={self._cookies[who]}"}, **sent)

    def fields(self, who: str, path: str, endpoint: str) -> Fields:
        """Return what the form that goes to the endpoint holds, on the page there or on one of three above it."""
        parts = path.rstrip("/").split("/")
        for length in range(len(parts), max(len(parts) - 4, 1), -1):
            for goes_to, fields in self._forms(who, "/".join(parts[:length]) + "/"):
                if goes_to == endpoint:
                    return fields
        return []

    def _forms(self, who: str, path: str) -> list[tuple[str | None, Fields]]:
        if (who, path) not in self._pages:
            page = self.ask(who, path)
            is_page = page.mimetype == "text/html" and page.status_code < 300
            found = lxml.html.document_fromstring(page.text).forms if is_page else []
            self._pages[who, path] = [
                (self._endpoint(urljoin(path, form.get("action") or "")), self._filled(form))
                for form in found
                if form.get("method", "").lower() == "post"
            ]
        return self._pages[who, path]

    def _endpoint(self, address: str) -> str | None:
        try:
            return str(self._app.url_map.bind("localhost").match(urlsplit(address).path, method="POST")[0])
        except HTTPException:
            return None

    def _filled(self, form: Any) -> Fields:
        """Return what a browser would send, the buttons too; what must be open for a while was."""
        fields = dict(form.form_values())
        for each in form.xpath(".//*[@name]"):
            fields.setdefault(each.get("name"), each.get("value") or "")
        if "started" in fields:
            fields["started"] = opened(self._app)
        return list(fields.items())


def _session(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value
