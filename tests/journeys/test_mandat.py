"""A town hall goes from a quote to a transfer on the 45th day; every document on the way is opened and read."""

import io
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import typst
from lxml import etree
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from eventsapp.accounts.access import RoleName
from eventsapp.core import french
from eventsapp.core.db import db, writing
from eventsapp.dunning import rules as dunning
from eventsapp.payments import queries as payments
from eventsapp.payments.statuses import InvoiceMoment
from tests.conftest import database_address
from tests.support.browser import visitor
from tests.support.calendar import Calendar, running_calendar
from tests.support.makers.accounts import make_user, sign_in_page
from tests.support.makers.orders import SIRET
from tests.support.makers.study_days import make_city, make_study_day

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]

TOWN, BUYER, AGENT = "Ville d’Exemple", "formation@ville-exemple.fr", "comptabilite@exemple.fr"
#: What the town hall's accountants give with the purchase order.
NUMBER, COMMITMENT, SERVICE = "BC-2026-118", "EJ-2026-0417", "FORMATION"
#: Two agents and an elected member: 621,00 + 621,00 + 390,00.
TOTAL, NET, VAT = "1 632,00 €", "1 360,00 €", "272,00 €"
SELLER = (
    "Les Éditions de l’Essai", "SARL au capital de 10 000 €", "RCS Grenoble 732 829 320", "1, rue de l’Essai",
    "38000 Grenoble", "732 829 320 00074", "FR44732829320",
)  # fmt: skip
#: What the law has printed on every invoice to a public body.
TERMS = (
    "Pas d’escompte pour paiement anticipé.", "intérêts moratoires", "art. R2192-31", "40 €",
    "Option pour le paiement de la taxe d’après les débits", "Nature de l’opération", "Prestation de services",
)  # fmt: skip


@pytest.fixture
def calendar(database: str, tmp_path: Path) -> Iterator[Calendar]:
    """The application from this morning on, with somebody in its accounts; mandats are invoiced after the day."""
    starts_at = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    address = database_address(database, tmp_path)
    with running_calendar(tmp_path, database_url=address, starts_at=starts_at) as running:
        with running.app.app_context(), writing():
            make_user(RoleName.ACCOUNTANT, RoleName.ORGANISER, email=AGENT)
            payments.method("mandat").invoice_at = InvoiceMoment.DELIVERY
            make_study_day(
                slug="services-communs",
                title="Services communs : le vrai coût",
                city=make_city("Nantes"),
                starts_at=starts_at + timedelta(days=21),
            )
            db.session.remove()
        yield running


@pytest.fixture
def story(calendar: Calendar, browser: Browser, tmp_path: Path) -> "Story":
    """Whoever does what follows."""
    folder = tmp_path / "documents"
    folder.mkdir()
    return Story(calendar, browser, folder)


def test_a_mandat_goes_from_quote_to_paid_at_45_days(story: "Story") -> None:
    story.the_office_says_what_invoices_print()
    story.the_town_hall_asks_for_a_quote()
    story.wait(days=5)
    story.it_orders_by_the_quote()
    story.wait(days=10)
    story.it_is_reminded_of_the_purchase_order()
    story.it_brings_the_purchase_order()
    story.wait(days=7)
    story.the_day_is_over_and_invoiced()
    story.the_invoice_is_deposited_on_chorus_pro()
    story.wait(days=31)
    story.a_reminder_goes()
    story.wait(days=14)
    story.a_firmer_one_follows_and_interest_is_shown()
    story.the_transfer_is_found_on_the_statement()
    story.nothing_more_is_asked()


class Story:
    """The steps, in their order; the documents are kept as files that somebody can look at after the test."""

    def __init__(self, calendar: Calendar, browser: Browser, folder: Path) -> None:
        self.calendar, self.browser, self.folder = calendar, browser, folder
        self.order_path = self.reference = self.invoice = ""
        self.due_on = date.min

    def wait(self, *, days: int) -> None:
        """Let days go by; then everything runs that the worker runs by itself, twice: nothing is told twice."""
        self.calendar.wait(days)
        for _ in range(2):
            self.calendar.work("mandats.remind", "dunning.remind")

    # The chapters

    def the_office_says_what_invoices_print(self) -> None:
        with self.office() as page:
            page.goto(f"{self.calendar.url}/organisation/factures/mentions/")
            page.get_by_label("Forme juridique et capital").fill("SARL au capital de 10 000 €")
            page.get_by_label("Registre du commerce").fill("RCS Grenoble 732 829 320")
            page.get_by_label("Option pour le paiement de la taxe d’après les débits").check()
            page.get_by_role("button", name="Enregistrer").click()
            expect(page.get_by_text("Les mentions sont enregistrées")).to_be_visible()
            # The half-year in which interest will begin to run.
            since = dunning.half_year(self.calendar.today() + timedelta(days=22 + 31))
            page.goto(f"{self.calendar.url}/organisation/relances/taux/")
            page.get_by_label("Semestre du").fill(since.isoformat())
            page.get_by_label("Taux de la BCE").fill("2,15")
            page.get_by_role("button", name="Enregistrer").click()
            expect(page.get_by_text("Le taux est enregistré")).to_be_visible()

    def the_town_hall_asks_for_a_quote(self) -> None:
        with self.visitor() as page:
            page.goto(f"{self.calendar.url}/journees/services-communs/inscription/")
            for _ in range(2):
                page.get_by_role("button", name="Ajouter un participant").click()
            for number, (first, last, rate) in enumerate(
                [("Claude", "Roux", "standard"), ("Sacha", "Petit", "standard"), ("Andrea", "Élu", "elected")]
            ):
                page.fill(f"[name=attendees-{number}-first_name]", first)
                page.fill(f"[name=attendees-{number}-last_name]", last)
                page.fill(f"[name=attendees-{number}-email]", f"{first.lower()}@ville-exemple.fr")
                page.select_option(f"[name=attendees-{number}-rate]", rate)
            page.uncheck("[name=buyer_attends]")
            for name, text in {
                "first_name": "Dominique", "last_name": "Martin", "email": BUYER, "organisation": TOWN, "siret": SIRET,
                "address": "1, place de la Mairie", "postcode": "44000", "city": "Nantes",
            }.items():  # fmt: skip
                page.fill(f"[name={name}]", text)
            page.check("[name=payment_method][value=mandat]")
            page.get_by_role("button", name="Recevoir un devis").click()

            expect(page.get_by_role("heading", level=1)).to_contain_text("Votre devis, valable jusqu’au")
            text = self.read(page.get_by_role("link", name="Le devis en PDF"), "devis.pdf")
        # Registration closes two days before the day: no quote is valid beyond.
        until = self.calendar.today() + timedelta(days=19)
        says(
            text,
            "Devis D-",
            *SELLER,
            TOWN,
            "SIREN client 217 500 016",
            "À l’attention de Dominique Martin",
            NET,
            VAT,
            TOTAL,
        )
        says(text, "Valable jusqu’au", french.date_long(until), french.date_long(self.calendar.today()))
        says(text, "Services communs : le vrai coût", "Claude Roux", "20 %", "Bon pour accord", "N° d’engagement")
        says(text, *TERMS)
        assert "Facture" not in text

    def it_orders_by_the_quote(self) -> None:
        with self.visitor() as page:
            page.goto(link_in(self.mail("Votre devis"), "/devis/"))
            page.get_by_role("button", name=re.compile("Commander avec obligation de paiement")).click()

            expect(page.get_by_role("heading", level=1)).to_have_text("Vos places sont confirmées")
            expect(page.get_by_role("heading", name="Votre bon de commande")).to_be_visible()
            assert page.get_by_text("Facture F-").count() == 0
            self.order_path = page.url.removeprefix(self.calendar.url)
        self.reference = self.order_path.split("/")[2]

    def it_is_reminded_of_the_purchase_order(self) -> None:
        mail = self.mail("votre bon de commande")
        assert self.reference in mail
        assert link_in(mail, "/mandat/") == f"{self.calendar.url}{self.order_path}mandat/"

    def it_brings_the_purchase_order(self) -> None:
        order = typst.compile(
            f"#set page(footer: [Page 1 sur 1])\n= Bon de commande {NUMBER}\n{TOWN}, trois places, {TOTAL}".encode()
        )
        with self.visitor() as page:
            page.goto(f"{self.calendar.url}{self.order_path}mandat/")
            page.get_by_label("Numéro du bon de commande").fill(NUMBER)
            page.set_input_files("[name=file]", {"name": "bc.pdf", "mimeType": "application/pdf", "buffer": order})
            page.get_by_label("Code service").fill(SERVICE)
            page.get_by_label("Numéro d’engagement").fill(COMMITMENT)
            page.get_by_role("button", name="Enregistrer").click()
            expect(page.get_by_text(f"Bon de commande {NUMBER} reçu.")).to_be_visible()
        with self.office() as page:
            self.open_dossier(page)
            expect(page.locator("#state")).to_have_text("Bon de commande reçu")
            says(self.read(page.get_by_role("link", name="bc.pdf"), "bon-de-commande.pdf"), NUMBER, TOWN, TOTAL)

    def the_day_is_over_and_invoiced(self) -> None:
        with self.office() as page:
            self.open_dossier(page)
            expect(page.get_by_text("Pas encore de facture.")).to_be_visible()
            page.get_by_role("button", name="Service fait").click()
            expect(page.locator("#state")).to_have_text("Service fait")
            # Made, checked by the schematrons, then sent.
            self.calendar.work("invoices.finish")
            self.invoice = f"F-{self.calendar.today().year}-00001"
            self.due_on = self.calendar.today() + timedelta(days=30)
            page.goto(f"{self.calendar.url}/organisation/factures/{self.invoice}/")
            expect(page.get_by_text("Valide", exact=True)).to_be_visible()
            xml = self.keep(page.get_by_role("link", name="Données Factur-X"), "facture.xml")
        require_xml(xml, frame="S1", invoice=self.invoice)
        mail = self.mail(f"Facture {self.invoice}")
        says(mail, TOTAL, french.date_long(self.due_on), self.order_path)
        with self.visitor() as page:
            page.goto(f"{self.calendar.url}{self.order_path}")
            expect(page.get_by_text(french.date_words(self.due_on)).first).to_be_visible()
            self.require_mentions(self.read(page.get_by_role("link", name="Télécharger le PDF"), "facture.pdf"))
        assert PdfReader(self.folder / "facture.pdf").attachments == {"factur-x.xml": [xml]}

    def the_invoice_is_deposited_on_chorus_pro(self) -> None:
        with self.office() as page:
            self.open_dossier(page)
            section = page.get_by_role("region", name="À recopier sur Chorus Pro")
            labels, values = section.locator("dt").all_inner_texts(), section.locator("dd .code").all_inner_texts()
            sheet = dict(zip(map(plain, labels), map(plain, values), strict=True))
            assert sheet == {
                "Cadre de facturation": "A1", "SIRET du fournisseur": "73282932000074", "SIRET du destinataire": SIRET,
                "Code service": SERVICE, "Numéro d’engagement": COMMITMENT, "Numéro de facture": self.invoice,
                "Date de facture": f"{self.calendar.today():%d/%m/%Y}", "Date d’échéance": f"{self.due_on:%d/%m/%Y}",
                "Montant HT à 20 %": "1360,00", "TVA à 20 %": "272,00", "Montant HT": "1360,00",
                "Montant TVA": "272,00", "Montant TTC": "1632,00", "Net à payer": "1632,00", "Devise": "EUR",
                "Mode de règlement": "Virement", "IBAN": "FR7630006000011234567890189", "BIC": "AGRIFRPP",
                "Commentaire": f"Commande {self.reference}",
            }  # fmt: skip
            self.require_mentions(self.read(page.get_by_role("link", name="PDF pour le portail"), "chorus.pdf"))
            xml = self.keep(page.get_by_role("link", name="XML pour Chorus Pro"), "chorus.xml")
            require_xml(xml, frame="A1", invoice=self.invoice)
            page.get_by_label("Numéro de dépôt").fill("CPP-553201")
            page.get_by_role("button", name="La facture est déposée").click()
            expect(page.locator("#state")).to_have_text("Déposée")

    def a_reminder_goes(self) -> None:
        mail = self.mail("Rappel de règlement")
        says(mail, self.invoice, TOTAL, french.date_long(self.due_on))
        with self.visitor() as page:
            page.goto(f"{self.calendar.url}{self.order_path}")
            letter = page.locator(".document", has_text="Rappel de règlement").get_by_role("link")
            text = self.read(letter, "relance.pdf")
            assert letter.evaluate("link => link.href") in mail
        says(text, "Rappel de règlement", TOWN, self.invoice, self.reference, TOTAL, french.date_long(self.due_on))
        says(text, "Sauf erreur de notre part", "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP")
        # The first one is polite: it recalls no penalty.
        assert "intérêts" not in text

    def a_firmer_one_follows_and_interest_is_shown(self) -> None:
        says(self.mail("Deuxième relance"), self.invoice, TOTAL)
        with self.office() as page:
            page.goto(f"{self.calendar.url}/organisation/relances/")
            page.get_by_role("link", name=TOWN).click()
            panel = page.get_by_role("complementary", name="Intérêts moratoires").inner_text()
            # 1 632,00 × 15 days × 10,15 % ÷ 365, and the fixed sum.
            says(panel, "15", "10,15 %", "6,81 €", "40,00 €", "46,81 €", "rien n’est facturé")
            text = self.read(page.get_by_role("link", name="PDF Deuxième relance"), "deuxieme-relance.pdf")
        says(text, "Deuxième relance", TOTAL, "intérêts moratoires", "art. R2192-31", "40 €")
        # Recalled, not claimed: the sum to pay is the invoice's.
        assert "46,81" not in text
        assert "L441-10" not in text

    def the_transfer_is_found_on_the_statement(self) -> None:
        today = f"{self.calendar.today():%d/%m/%Y}"
        statement = (
            "Date;Libellé;Débit;Crédit\n"
            f"{today};FRAIS DE TENUE DE COMPTE;12,50;\n"
            f"{today};VIR SEPA RECU /DE DRFIP PAYS DE LA LOIRE /MOTIF MDT 4417 {self.invoice};;1632,00\n"
        )
        with self.office() as page:
            page.goto(f"{self.calendar.url}/organisation/encaissements/releve/")
            written = statement.encode("cp1252")
            page.set_input_files("[name=file]", {"name": "releve.csv", "mimeType": "text/csv", "buffer": written})
            page.get_by_role("button", name="Importer").click()
            line = page.get_by_role("article")
            expect(line).to_have_count(1)
            expect(line).to_contain_text(self.reference)
            line.get_by_role("button", name=re.compile("Encaisser")).click()
            expect(page.get_by_text(re.compile(r"1.632,00.€ enregistrés"))).to_be_visible()

    def nothing_more_is_asked(self) -> None:
        self.wait(days=20)
        says(self.mail("Règlement reçu"), TOTAL)
        with self.office() as page:
            self.open_dossier(page)
            expect(page.locator("#state")).to_have_text("Payée")
            page.goto(f"{self.calendar.url}/organisation/commandes/{self.reference}/")
            expect(page.get_by_text("Tout est réglé.")).to_be_visible()
            says(plain(page.locator("section:has(#reminders)").inner_text()), "46,81 €")
            assert [link.inner_text() for link in page.locator("section:has(#invoices) dt a").all()] == [self.invoice]
            page.goto(f"{self.calendar.url}/organisation/relances/")
            expect(page.get_by_text("Rien n’est en retard.")).to_be_visible()
        with self.visitor() as page:
            page.goto(f"{self.calendar.url}{self.order_path}")
            expect(page.get_by_role("heading", level=1)).to_contain_text("Tout est réglé")
        # Two reminders, no third.
        subjects = [str(mail["Subject"]) for mail in self.calendar.mail.to(BUYER)]
        assert len([subject for subject in subjects if self.invoice in subject]) == 3

    # What they need

    def visitor(self) -> AbstractContextManager[Page]:
        return visitor(self.browser)

    @contextmanager
    def office(self) -> Iterator[Page]:
        with self.visitor() as page:
            sign_in_page(page, self.calendar.url, email=AGENT)
            yield page

    def open_dossier(self, page: Page) -> None:
        page.goto(f"{self.calendar.url}/organisation/mandats/?etat=tous")
        page.get_by_role("link", name=TOWN).click()
        page.wait_for_url("**/mandat/")

    def mail(self, subject: str) -> str:
        """Return the text of the one mail of that subject to the buyer; a second one would be one too many."""
        found = [mail for mail in self.calendar.mail.to(BUYER) if subject in str(mail["Subject"])]
        assert len(found) == 1, [str(mail["Subject"]) for mail in self.calendar.mail.to(BUYER)]
        body = found[0].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def keep(self, link: Locator, name: str) -> bytes:
        """Open what a link leads to, with the cookies of its page, and keep it."""
        address = link.first.evaluate("link => link.href")
        answer = link.page.request.get(address)
        assert answer.ok, (address, answer.status)
        (self.folder / name).write_bytes(answer.body())
        return answer.body()

    def read(self, link: Locator, name: str) -> str:
        """Return the text of a PDF, on one line; each of its pages says which of how many it is."""
        reader = PdfReader(io.BytesIO(self.keep(link, name)))
        texts = [plain(page.extract_text()) for page in reader.pages]
        for number, text in enumerate(texts, start=1):
            assert f"Page {number} sur {len(texts)}" in text
        return " ".join(texts)

    def require_mentions(self, text: str) -> None:
        """Require of an invoice everything that the law has on it (CGI, ann. II, 242 nonies A; C. com. L441-9)."""
        today = self.calendar.today()
        says(text, f"Facture {self.invoice}", "Date de facture", french.date_long(today))
        says(text, "Date de la prestation", french.date_long(today - timedelta(days=1)))
        says(text, "À régler au plus tard le", french.date_long(self.due_on), "Mandat administratif", *SELLER)
        says(text, TOWN, "1, place de la Mairie", "44000 Nantes", "SIREN client 217 500 016")
        says(text, "SIRET client 217 500 016 00019", COMMITMENT, SERVICE, NUMBER, self.reference)
        says(text, "Services communs : le vrai coût", "Claude Roux, Sacha Petit", "517,50 €", "1 035,00 €", "20 %")
        says(text, NET, VAT, TOTAL, "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP", *TERMS)
        # What only a private buyer would owe.
        assert "L441-10" not in text


def plain(text: str) -> str:
    """Return ``text`` on one line, with plain spaces."""
    return " ".join(text.split())


def says(text: str, *wanted: str) -> None:
    """Require each of ``wanted``, whatever the spaces."""
    assert [words for words in wanted if plain(words) not in plain(text)] == []


def link_in(text: str, path: str) -> str:
    """Return the address in a mail that has ``path`` in it."""
    return next(word for word in text.split() if word.startswith("http") and path in word)


def require_xml(xml: bytes, *, frame: str, invoice: str) -> None:
    """Require what a portal reads: its own frame, the number, and by what the town hall finds the order and the sum."""
    root = etree.fromstring(xml)

    def read(path: str) -> str:
        return str(root.findtext("/".join(f"{{*}}{name}" for name in path.split("/"))))

    agreement, settlement = (
        f"SupplyChainTradeTransaction/ApplicableHeaderTrade{part}" for part in ("Agreement", "Settlement")
    )
    total = f"{settlement}/SpecifiedTradeSettlementHeaderMonetarySummation"
    assert {
        "frame": read("ExchangedDocumentContext/BusinessProcessSpecifiedDocumentContextParameter/ID"),
        "number": read("ExchangedDocument/ID"),
        "service": read(f"{agreement}/BuyerReference"),
        "buyer": read(f"{agreement}/BuyerTradeParty/GlobalID"),
        "commitment": read(f"{agreement}/BuyerOrderReferencedDocument/IssuerAssignedID"),
        "total": read(f"{total}/GrandTotalAmount"),
        "due": read(f"{total}/DuePayableAmount"),
    } == {
        "frame": frame, "number": invoice, "service": SERVICE, "buyer": SIRET, "commitment": COMMITMENT,
        "total": "1632.00", "due": "1632.00",
    }  # fmt: skip
