"""The documentation: for programs and for people."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.api.web import problems, requests
from eventsapp.api.web.document import document
from eventsapp.core import limits

DOCS = "/api/v1/docs"


def test_the_document_is_public_json(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.get_json() == document(app)
    assert answer.headers["X-Page-Cache"] == "magazine,site"
    assert "Journées" in answer.text


def test_the_page_tells_every_call_under_an_anchor_of_its_own(app: Flask, client: FlaskClient) -> None:
    page = client.get(DOCS).text
    anchors = re.findall(r'\bid="([^"]+)"', page)

    assert len(anchors) == len(set(anchors))
    for path, methods in document(app)["paths"].items():
        for method, operation in methods.items():
            if method == "parameters":
                continue
            assert operation["operationId"] in anchors
            assert f"<code>{path}</code>" in page
    followed = set(re.findall(r'href="#([^"]+)"', page))
    assert len(followed) > 0
    assert followed - {*anchors, "menu"} == set()


def test_the_page_shows_members_bounds_and_examples(client: FlaskClient) -> None:
    page = client.get(DOCS).text

    assert "Une clé de votre choix" in page
    assert "80 caractères au plus" in page
    assert "&#34;accept_terms&#34;: true" in page
    assert "un jeton de portée editor" in page
    assert "le secret de la commande" in page


def test_the_page_tells_the_limits_that_hold(client: FlaskClient) -> None:
    page = client.get(DOCS).text

    assert (limits.ORDER, limits.API) == ("30 per minute; 300 per hour", "600 per minute")
    assert "30 commandes par minute et 300 par heure, et lire 600 fois par minute" in page
    assert requests.MOST_BYTES == 512 * 1024
    assert "512 kio" in page


def test_the_page_brings_no_script_of_others_and_nothing_inline(client: FlaskClient) -> None:
    page = client.get(DOCS).text

    scripts = re.findall(r"<script[^>]*>", page)
    assert len(scripts) > 0
    assert [tag for tag in scripts if 'src="/static/' not in tag] == []
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_every_problem_is_explained_where_its_type_leads(client: FlaskClient) -> None:
    page = client.get(DOCS).text

    for code in problems.CODES:
        answer = client.get(f"/problems/{code}")
        assert (answer.status_code, answer.location) == (302, f"{DOCS}#probleme-{code}")
        assert f'id="probleme-{code}"' in page


def test_a_problem_that_does_not_exist_leads_nowhere(client: FlaskClient) -> None:
    assert client.get("/problems/none-such").status_code == 404


@pytest.mark.parametrize("path", ["/sold-out", "/api/v1/nowhere", "/api/v1/orders"])
def test_the_types_of_real_answers_lead_to_the_page(client: FlaskClient, path: str) -> None:
    kind = client.get(path).get_json(silent=True) or {"type": "/problems/sold-out"}

    assert client.get(kind["type"]).status_code == 302


def test_in_english_the_frame_is_english_and_the_links_stay(client: FlaskClient) -> None:
    page = client.get(f"/en{DOCS}").text

    assert '<html lang="en"' in page
    assert 'href="/en/api/v1/openapi.json"' in page


def test_the_example_of_an_order_is_one_that_the_document_describes(app: Flask) -> None:
    content = document(app)["paths"]["/api/v1/orders"]["post"]["requestBody"]["content"]["application/json"]

    assert json.dumps(content["example"], ensure_ascii=False).count("Ville d’Exemple") == 1
    assert set(content["example"]) == set(document(app)["components"]["schemas"]["OrderBody"]["properties"])
