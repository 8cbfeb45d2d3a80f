"""Under ``/en/`` the site speaks English: French stands only where an element says so."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.core.limits import limiter

#: The public pages, in the states in which they look different; addresses of the demonstration.
PAGES = [
    "/", "/journees/", "/journees/?quand=passees", "/journees/?q=mutualisation", "/journees/?q=introuvable",
    "/journees/?theme=mutualisation-des-services", "/journees/?ville=nulle-part&du=hier", "/journees/?vue=mois",
    "/journees/?page=99", "/journees/angers-2009/", "/journees/angers-2009/seances/1/",
    "/journees/nantes-services-communs/", "/journees/rennes-recruter/", "/journees/reims-agglomeration-communes/",
    "/journees/strasbourg-frontieres/", "/journees/caen-cyberattaque/", "/journees/dijon-budget-vert/",
    "/journees/grenoble-encadrer-a-distance/", "/journees/montpellier-prendre-un-poste/",
    "/journees/nantes-services-communs/inscription/", "/journees/reims-agglomeration-communes/inscription/",
    "/journees/reims-agglomeration-communes/liste-d-attente/", "/journees/nantes-services-communs/envoyer/",
    "/intervenants/", "/intervenants/?q=roux", "/intervenants/?q=zzz",
    "/intervenants/michel-monier/", "/abonnements/", "/abonnements/individuel/", "/panier/", "/commandes/retrouver/",
    "/magazine/", "/magazine/376/", "/magazine/602/", "/magazine/envoyer/",
    "/articles/la-mutualisation-avec-ceux-qui-l-ont-conduite/", "/articles/service-commun-la-convention-annotee/",
    "/articles/service-commun-la-convention-annotee/commenter/",
    "/recherche/", "/recherche/?q=mutualisation", "/recherche/?q=introuvable",
    "/mentions-legales/", "/confidentialite/", "/accessibilite/", "/conditions-generales/", "/compte/connexion/",
    "/compte/connexion/code/", "/compte/mot-de-passe/", "/nulle-part/",
]  # fmt: skip
#: Words of the French interface that are neither English nor names of people and places here.
_FRENCH = re.compile(
    r"\b(?:abonné|abonnements?|abonner|accès|accueil|ajouter|aller|annulée?|aucune?|avec|billet|chercher|choisir|"
    r"commande[rs]?|complète|comptes? rendus?|connecter|connexion|courriel|date limite|dès|élu|envoyer|formule|"
    r"gratuit|horaires|inscriptions?|inscrire|intervenants?|journées?|jusqu’au|lieu|lire|mandats? administratifs?|"
    r"mois|mot de passe|numéros?|ouverte|panier|passées?|pour|précédente?|prochaines?|"
    r"rechercher|règlement|résultats?|retirer|réservé|revenir|séances?|suivante?|sur|tarifs?|télécharger|thème|"
    r"toutes?|tous|TTC|TVA|une?|venir|ville|voir|votre|vous)\b|[«»\u202f]",
    re.IGNORECASE,
)

pytestmark = pytest.mark.by_turns
#: What is French on an English page on purpose: the law's own terms, told in French beside the English words.
_TERMS = re.compile(r"mandat administratif|numéro d’engagement|Défenseur des droits", re.IGNORECASE)
_VOID = {"area", "base", "br", "circle", "col", "hr", "img", "input", "link", "meta", "path", "rect", "source", "wbr"}
_SAID = ("alt", "aria-label", "placeholder", "title", "data-done", "data-words")


class _Reader(HTMLParser):
    """Collects what a page says in the language of the page; ``title`` and the head speak of the content."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.said: list[str] = []

    @property
    def language(self) -> str:
        return self.open[-1][1] if self.open else "none"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        language = attributes.get("lang") or self.language
        if tag in {"head", "script", "style"}:
            language = "none"
        if language == "en":
            self.said += [attributes[name] or "" for name in _SAID if attributes.get(name)]
        if tag not in _VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _language in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.language == "en" and data.strip():
            self.said.append(" ".join(data.split()))


@pytest.fixture
def visitor(demo_app: Flask) -> Iterator[FlaskClient]:
    limiter.reset()
    yield demo_app.test_client()
    limiter.reset()


def in_english(page: str) -> list[str]:
    """Return what ``page`` says in English, piece by piece."""
    reader = _Reader()
    reader.feed(page)
    return reader.said


def french_words(page: str) -> list[str]:
    """Return the pieces of ``page`` that claim to be English and have a French word."""
    return [said for said in in_english(page) if _FRENCH.search(_TERMS.sub("", said))]


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_has_no_french_word_of_the_interface(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(f"/en{path}", buffered=True, follow_redirects=True)

    assert len(in_english(answer.text)) > 10
    assert french_words(answer.text) == []


def test_the_same_look_at_french_pages_finds_plenty(visitor: FlaskClient) -> None:
    page = visitor.get("/journees/", buffered=True).text.replace('<html lang="fr"', '<html lang="en"')

    assert {"Journées d’étude", "Panier", "Toutes les villes, avec leur nombre de journées"} & set(french_words(page))


@pytest.mark.parametrize("path", ["/journees/?q=budget&quand=passees", "/magazine/602/", "/compte/connexion/"])
def test_one_link_leads_to_the_same_page_in_the_other_language(visitor: FlaskClient, path: str) -> None:
    french = visitor.get(path, buffered=True).text
    there = re.findall(r'<a href="http://localhost([^"]+)" hreflang="en" lang="en">English</a>', french)
    english = visitor.get(unescape(there[0]), buffered=True).text
    back = re.findall(r'<a href="http://localhost([^"]+)" hreflang="fr" lang="fr">Français</a>', english)

    assert ([unescape(url) for url in there], [unescape(url) for url in back]) == ([f"/en{path}"], [path])
    assert ('<html lang="fr"' in french, '<html lang="en"' in english) == (True, True)
