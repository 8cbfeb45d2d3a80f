"""Hostile texts in every field that is kept: the pages, mails, feeds, calendars, papers and files show them literally.

They are written past the forms, as an earlier version or an import might have. What shows a page wrong: an element of
theirs, a dialog, or the browser having had to refuse something.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from icalendar import Calendar
from lxml import etree
from openpyxl import load_workbook
from playwright.sync_api import APIResponse, Browser, Dialog, Page, Route
from pypdf import PdfReader

from eventsapp.core import clock
from eventsapp.core.db import Base, db, writing
from eventsapp.core.limits import limiter
from eventsapp.core.unit_of_work import transaction
from eventsapp.demo import service as demo
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.search import service as search
from eventsapp.subscriptions.models import Contract
from tests.conftest import database_address
from tests.support import hostile
from tests.support.crawling import Waiting, kind_of
from tests.support.makers.accounts import sign_in_page
from tests.support.stack import Stack, running_stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns, pytest.mark.xdist_group("hostile")]

#: Sweeps that speak to servers rather than write mails.
_TALK_TO_OTHERS = {"mail.send", "payments.events", "payments.reconcile", "payments.refund"}
#: What our calendars say of themselves and of an event, and where a text of somebody's stands.
_CALENDAR = {
    "VERSION", "PRODID", "METHOD", "CALSCALE", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE", "X-PUBLISHED-TTL",
    "REFRESH-INTERVAL", "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "DESCRIPTION",
    "LOCATION", "URL", "ORGANIZER", "ATTENDEE", "CATEGORIES", "GEO", "LAST-MODIFIED", "CREATED", "TRANSP", "TZID",
    "TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE", "SOURCE", "COLOR", "IMAGE", "TZURL", "X-LIC-LOCATION",
}  # fmt: skip
_TOLD = {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME"}
#: What our papers are set from would take these for its own.
_TYPESET = ('#eval("1")', "$x$*a*_b_@r<l>")
#: Pages that only a secret opens, each with somebody's words on it.
_BEHIND_SECRETS = {
    "orders.order", "participants.people", "seats.seat", "seats.edit", "gifts.gift", "quotes.quote", "quotes.pdf",
    "readers.people", "surveys.survey", "mandats.dossier", "waiting_place.place", "renewals.renew", "newsletter.own",
}  # fmt: skip
#: The mails that leave within four months though nobody does anything.
_BY_THEMSELVES = {
    "checkout/order_expired", "dunning/reminder", "invoices/invoice_ready", "mailings/reminder", "mailings/reports",
    "mailings/survey", "mandats/purchase_order_awaited", "registrations/invitation", "registrations/names_missing",
    "subscriptions/gift_waiting", "subscriptions/reading_ends", "subscriptions/renewal_reminder", "waiting_list/ended",
    "waiting_list/lapsed",
}  # fmt: skip
_ATOM = "{http://www.w3.org/2005/Atom}"
#: Told by the page itself: what the browser refused to run or to load.
_WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event => window.refused.push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
_LOOK = f"""() => ({{
  hits: [...document.querySelectorAll("#{hostile.MARK}")].map(element => element.outerHTML.slice(0, 200)),
  refused: window.refused,
  title: document.title,
  links: [...document.querySelectorAll("a[href], link[href], img[src], iframe[src]")].map(
    element => element.getAttribute("href") || element.getAttribute("src")),
  data: [...document.querySelectorAll("script[type='application/ld+json']")].map(script => script.textContent),
  shown: document.documentElement.outerHTML.includes("id={hostile.MARK}"),
}})"""


@contextmanager
def overwritten(folder: Path, *, wsgi: str = "app:app") -> Iterator[Stack]:
    """Run the demonstration with a hostile text in every field."""
    with running_stack(folder, database_url=database_address("sqlite", folder), worker=False, wsgi=wsgi) as stack:
        with writing():
            for step in demo.steps(now=clock.now()):
                step.run()
            written = hostile.overwrite()
            db.session.commit()
            db.session.remove()
        assert len(written) > 170
        assert {column for column, texts in written.items() if texts != set(hostile.PAYLOADS)} == set()
        with transaction():
            search.rebuild()
        yield stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with overwritten(tmp_path_factory.mktemp("hostile")) as running:
        yield running


class Watcher:
    """Somebody who visits every sort of page and notes what a hostile text did there."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.stack = stack
        self.page: Page = browser.new_context(locale="fr-FR").new_page()
        self.page.add_init_script(_WATCH)
        self.dialogs = dialogs_of(self.page)
        self.page.route("**//exemple.test/**", self._leave)
        self.wrong: dict[str, list[str]] = {}
        self.visited: list[str] = []
        #: Pages and files where one of the texts stands, harmless; and all that papers say, without its blanks.
        self.literal: list[str] = []
        self.printed = ""
        #: Papers and calendars where none stands: they were not about anything.
        self.mute: list[str] = []

    def visit_all(self, start: str, *more: str, most: int) -> None:
        """Follow the links below ``start``, from there and from ``more`` pages that none leads to."""
        waiting = Waiting(self.stack.app, start, most=most)
        for url in more:
            waiting.add(url)
        while waiting:
            url = waiting.next()
            for link in self._visit(url):
                parts = urlsplit(urljoin(f"http://localhost{url}", link))
                found = f"{parts.path}?{parts.query}" if parts.query else parts.path
                is_here = parts.scheme == "http" and parts.netloc in {"localhost", urlsplit(self.stack.url).netloc}
                if is_here and found.startswith(start):
                    waiting.add(found)

    def _visit(self, url: str) -> list[str]:
        self.visited.append(url)
        answer = self.page.request.get(self.stack.url + url)
        if answer.status != 200:
            self._note(url, f"answers {answer.status}")
            return []
        if not answer.headers["content-type"].startswith("text/html"):
            for fault in faults_of_file(answer):
                self._note(url, fault)
            self._read(url, answer)
            return []
        self.page.goto(self.stack.url + url)
        seen = self.page.evaluate(_LOOK)
        for fault in (*seen["hits"], *seen["refused"], *self.dialogs):
            self._note(url, fault)
        self.dialogs.clear()
        for told in seen["data"]:
            for fault in faults_of_data(json.loads(told)):
                self._note(url, fault)
            if is_literal(told):
                self.literal.append(f"JSON-LD of {url}")
        if seen["shown"]:
            self.literal.append(url)
        links = [link for link in seen["links"] if link]
        if [link for link in links if link.strip().lower().startswith(("javascript:", "vbscript:", "data:text"))]:
            self._note(url, "a link runs a script")
        return [] if "?" in url else links

    def sorts(self, urls: list[str]) -> set[str]:
        """Return the endpoints of addresses."""
        return {kind_of(self.stack.app, url).partition("?")[0] for url in urls}

    def _read(self, url: str, answer: APIResponse) -> None:
        said = words_of_file(answer)
        if is_literal(said):
            self.literal.append(url)
        elif (
            answer.headers["content-type"].startswith(("application/pdf", "text/calendar")) and "/fichiers/" not in url
        ):
            # What was handed in as a file is nothing that we write.
            self.mute.append(url)
        if answer.headers["content-type"].startswith("application/pdf"):
            self.printed += "".join(said.split())

    def _leave(self, route: Route) -> None:
        """A text had the page ask elsewhere, or go there: it does not."""
        self._note(urlsplit(self.page.url).path, f"asks for {route.request.url}")
        route.abort("aborted")

    def _note(self, url: str, fault: str) -> None:
        self.wrong.setdefault(url, []).append(fault)


def dialogs_of(page: Page) -> list[str]:
    """Return what the page says in dialogs, as it says it; each is closed."""
    told: list[str] = []

    def close(dialog: Dialog) -> None:
        told.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    return told


def behind_secrets(stack: Stack) -> list[str]:
    """Return one address of each page whose only key is a secret: of orders, seats, quotes, gifts, readers and others.

    The pages below them follow by their links.
    """
    found = []
    kept = [table for table in Base.metadata.sorted_tables if "secret" in table.c]
    client = stack.app.test_client()
    for rule in stack.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments not in ({"secret"}, {"reference", "secret"}):
            continue
        given = [
            {name: row[name] for name in rule.arguments}
            for table in kept
            if rule.arguments <= set(table.c.keys())
            for row in db.session.execute(sa.select(table).order_by(table.c.id.desc()).limit(60)).mappings()
        ]
        for values in given:
            limiter.reset()
            address = rule.rule
            for name, value in values.items():
                address = address.replace(f"<{name}>", value)
            if client.get(address).status_code == 200:
                found.append(address)
                break
    db.session.remove()
    return found


def is_literal(said: str) -> bool:
    """Return whether one of the texts stands in ``said``, its blanks set aside: papers break lines where they like."""
    bare = "".join(said.split())
    return any(part in bare for part in ("id=hit", "alert(1)", "{{7*7}}", '#eval("1")'))


def words_of_file(answer: APIResponse) -> str:
    """Return what a file that is no page says to who opens it."""
    body = answer.body()
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if kind == "text/calendar":
        entries = Calendar.from_ical(body).walk()
        return "\n".join(str(entry[name]) for entry in entries for name in _TOLD & set(entry))
    return body.decode(errors="replace")


def faults_of_data(told: Any) -> list[str]:
    """Return what in structured data is none of ours: a name that a text has become, or an address that runs."""
    if isinstance(told, list):
        return [fault for each in told for fault in faults_of_data(each)]
    if not isinstance(told, dict):
        return []
    wrong = [f"name {name!r}" for name in told if not re.fullmatch(r"@?[A-Za-z]+", name)]
    wrong += [f"type {told['@type']!r}" for _type in (told.get("@type"),) if _type and not str(_type).isalpha()]
    for name, value in told.items():
        if name in {"url", "@id", "contentUrl"} and not str(value).startswith("http"):
            wrong.append(f"address {value!r}")
        wrong += faults_of_data(value)
    return wrong


def faults_of_paper(paper: PdfReader) -> list[str]:
    """Return what a paper would do in the program that opens it besides showing its pages."""
    root: Any = paper.trailer["/Root"]
    wrong = [key for key in ("/OpenAction", "/AA", "/AcroForm", "/URI") if key in root]
    wrong += ["/JavaScript"] if "/JavaScript" in root.get("/Names", {}) else []
    wrong += [f"attached {name}" for name in paper.attachments if name != "factur-x.xml"]
    actions = [
        note.get_object().get("/A", {}) for page in paper.pages for note in page.get("/Annots") or ()
    ]  # fmt: skip
    wrong += [f"does {action['/S']}" for action in actions if action and action.get("/S") not in {"/URI", "/GoTo"}]
    targets = [str(action.get("/URI", "")) for action in actions]
    return wrong + [target for target in targets if target and not target.startswith(("http", "mailto:", "tel:"))]


def faults_of_file(answer: APIResponse) -> list[str]:
    """Return what a file that is no page lets a text do in the program that opens it."""
    kind = answer.headers["content-type"].partition(";")[0]
    body = answer.body()
    if kind in {"application/atom+xml", "application/xml", "text/xml"}:
        root = etree.fromstring(body)
        ours = {element for element in root.iter(f"{_ATOM}*") if element.get("type") in {"html", "xhtml"}}
        return [f"markup in {element.tag}" for element in ours if hostile.MARK in (element.text or "")]
    if kind == "text/calendar":
        entries = Calendar.from_ical(body).walk()
        parts = {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
        within = [f"{entry.name} within" for entry in entries if entry.name not in parts]
        names = {name for entry in entries for name in entry} - _CALENDAR
        return within + [f"{name} among the properties" for name in names]
    if kind == "text/csv":
        rows = csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")
        return [f"formula {cell!r}" for row in rows for cell in row if cell.startswith(("=", "@", "\t", "\r", "＝"))]
    if kind.endswith("spreadsheetml.sheet"):
        sheets = load_workbook(io.BytesIO(body))
        cells = (cell for sheet in sheets for row in sheet.iter_rows() for cell in row)
        return [f"formula {cell.value!r}" for cell in cells if cell.data_type == "f"]
    if kind == "application/pdf":
        return faults_of_paper(PdfReader(io.BytesIO(body)))
    if kind == "application/json":
        json.loads(body)
    return []


@pytest.mark.parametrize("start", ["/", pytest.param("/en/", marks=pytest.mark.long)])
def test_public_pages_show_hostile_texts_literally(stack: Stack, browser: Browser, start: str) -> None:
    watcher = Watcher(browser, stack)

    secrets = behind_secrets(stack) if start == "/" else []
    watcher.visit_all(start, *secrets, most=1)

    assert watcher.wrong == {}
    assert watcher.mute == []
    assert len(watcher.literal) > (60 if secrets else 25)
    assert [url for url in watcher.literal if url.startswith("JSON-LD of ")]
    if secrets:
        assert watcher.sorts(watcher.literal) >= _BEHIND_SECRETS
        assert [text for text in _TYPESET if text not in watcher.printed] == []


@pytest.mark.long
def test_pages_of_the_office_show_hostile_texts_literally(stack: Stack, browser: Browser) -> None:
    watcher = Watcher(browser, stack)
    sign_in_page(watcher.page, stack.url, email=demo.team()[0].email, password=demo.PASSWORD)

    watcher.visit_all("/organisation/", most=2)

    assert watcher.wrong == {}
    assert len(watcher.literal) > 80


@pytest.mark.long
def test_mails_made_of_hostile_texts_show_them_literally(stack: Stack, browser: Browser) -> None:
    """All that leaves by itself within four months is written, then opened where no policy holds anything back."""
    last = db.session.scalar(sa.select(sa.func.max(OutgoingMail.id))) or 0
    with transaction():
        # Nobody is written to about a trial.
        for trial in (Order, Registration, Contract):
            db.session.execute(sa.update(trial).values(is_test=False))
    sweeps = stack.app.extensions["eventsapp.sweeps"]
    for days in range(0, 120, 3):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days), tick=True):
            for name in sweeps.keys() - _TALK_TO_OTHERS:
                sweeps[name]()
    mails = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.id > last)).all()
    page = browser.new_context().new_page()
    dialogs = dialogs_of(page)
    wrong = []
    for mail in mails:
        page.set_content(mail.html)
        wrong += [(mail.template, hit) for hit in page.evaluate(_LOOK)["hits"]]
        assert "\n" not in mail.subject
        assert "\r" not in mail.subject
    db.session.remove()

    assert (wrong, dialogs) == ([], [])
    # The day on which this runs decides about one or two; what else somebody is sent is tried in tests/mail.
    assert len(_BY_THEMSELVES & {mail.template for mail in mails}) >= len(_BY_THEMSELVES) - 2


@pytest.mark.long
def test_the_same_texts_are_seen_where_nothing_is_escaped(tmp_path: Path, browser: Browser) -> None:
    """What the watcher says where all is well counts for nothing unless it sees this."""
    with overwritten(tmp_path, wsgi="tests.support.unescaped:app") as stack:
        watcher = Watcher(browser, stack)

        watcher._visit("/journees/")

        assert [fault for fault in watcher.wrong["/journees/"] if hostile.MARK in fault]
        assert [fault for fault in watcher.wrong["/journees/"] if fault.startswith("script-src")]
