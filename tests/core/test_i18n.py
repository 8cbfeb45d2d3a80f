"""Words and dates in the language that is spoken."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import gettext, lazy_gettext, lazy_pgettext, ngettext
from markupsafe import Markup

from eventsapp.core import i18n


def said(app: Flask, locale: str, template: str, **values: object) -> str:
    with app.app_context(), i18n.speaking(locale):
        return app.jinja_env.from_string(template).render(**values)


@pytest.mark.parametrize(("locale", "shown"), [("fr", "<h1>L’eau</h1>"), ("en", '<h1 lang="fr">L’eau</h1>')])
def test_french_content_says_so_only_on_an_english_page(app: Flask, locale: str, shown: str) -> None:
    assert said(app, locale, "<h1{{ in_french() }}>{{ title }}</h1>", title="L’eau") == shown


@pytest.mark.parametrize(
    ("locale", "text", "shown"),
    [
        ("fr", "Eau & air", "Eau &amp; air"),
        ("en", "Eau & air", '<span lang="fr">Eau &amp; air</span>'),
        ("en", Markup("<b>10 seats</b>"), "<b>10 seats</b>"),
        ("en", "", ""),
    ],
)
def test_french_words_are_marked_and_escaped_once(app: Flask, locale: str, text: str, shown: str) -> None:
    assert said(app, locale, "{{ text|french }}", text=text) == shown


@pytest.mark.parametrize(
    ("locale", "shown"), [("fr", "Mardi 24\u00a0février 2009"), ("en", "Tuesday 24 February 2009")]
)
def test_a_sentence_keeps_the_capitals_of_months(app: Flask, locale: str, shown: str) -> None:
    assert said(app, locale, "{{ day|date_words|sentence }}", day=date(2009, 2, 24)) == shown


@pytest.mark.parametrize(("locale", "shown"), [("fr", "Total\u00a0: 3"), ("en", "Total: 3")])
def test_a_colon_has_a_space_before_it_in_french_alone(app: Flask, locale: str, shown: str) -> None:
    assert said(app, locale, "Total{{ colon() }}3") == shown


@pytest.mark.parametrize(
    "source", ['{{ _("Rien pour %(name)s", name=name)|typo }}', '{{ "Rien pour "|typo }}{{ name|typo }}']
)
def test_what_is_set_in_type_is_escaped_once(app: Flask, source: str) -> None:
    assert (
        said(app, "fr", source, name="l'eau & <b>l'air</b> !")
        == "Rien pour l’eau &amp; &lt;b&gt;l’air&lt;/b&gt;\u202f!"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a.b@ville.example", "a.<wbr>b<wbr>@ville.<wbr>example"),
        ("<b>@ville.example", "&lt;b&gt;<wbr>@ville.<wbr>example"),
        ("Voir a@b.fr.", "Voir a@b.fr."),
        (12, "12"),
    ],
)
def test_an_address_breaks_beside_its_points_and_never_within_a_word(app: Flask, value: object, shown: str) -> None:
    assert said(app, "fr", "{{ value|in_pieces }}", value=value) == shown


@pytest.mark.parametrize(
    ("locale", "shown"), [("fr", "Portrait d’Agnès &amp; Cie"), ("en", "Portrait of Agnès &amp; Cie")]
)
def test_a_name_goes_together_with_the_words_before_it(app: Flask, locale: str, shown: str) -> None:
    assert said(app, locale, '{{ _("Portrait de %(name)s", name=name) }}', name="Agnès & Cie") == shown


def test_texts_of_the_code_do_the_same(app: Flask) -> None:
    with app.app_context(), i18n.speaking("fr"):
        assert str(lazy_gettext("Portrait de %(name)s", name="Agnès")) == "Portrait d’Agnès"
        assert gettext("« %(name)s » est enregistrée.", name="Les « bons » choix") == (
            "«\u00a0Les “bons” choix\u00a0» est enregistrée."
        )


def test_a_french_text_breaks_before_no_high_sign_wherever_it_is_written(app: Flask) -> None:
    printed = "«\u00a0Eau\u00a0»\u00a0: c’est bon\u202f! Oui\u202f?"
    with app.app_context(), i18n.speaking("fr"):
        assert gettext("« %(name)s » : c’est bon ! Oui ?", name="Eau") == printed
        assert str(lazy_gettext("« Eau » : c’est bon ! Oui ?")) == printed
        assert str(lazy_pgettext("water", "« Eau » : c’est bon ! Oui ?")) == printed
        assert ngettext("« Eau » : c’est bon ! Oui ?", "Eaux", 1) == printed
        assert ngettext("Eau", "« Eau » : c’est bon ! Oui ?", 2) == printed
    for source in (
        '{{ _("« Eau » : c’est bon ! Oui ?") }}',
        "{% trans %}« Eau » : c’est bon ! Oui ?{% endtrans %}",
        '{{ ngettext("Eau", "« %(name)s » : c’est bon ! Oui ?", 3, name="Eau") }}',
        '{{ "« Eau » : c’est bon ! Oui ?"|unbroken }}',
    ):
        assert said(app, "fr", source) == printed


def test_a_text_in_english_keeps_its_spaces(app: Flask) -> None:
    with app.app_context(), i18n.speaking("en"):
        assert gettext("Une chose qui n’a pas d’anglais : vraiment ?") == "Une chose qui n’a pas d’anglais : vraiment ?"


def test_values_put_into_a_text_stay_as_they_were_typed(app: Flask) -> None:
    source = '{{ _("Reçu : %(words)s", words=words) }}'

    assert said(app, "fr", source, words="a : b <c>") == "Reçu\u00a0: a : b &lt;c&gt;"


def test_a_cell_keeps_its_marks_and_what_is_no_text(app: Flask) -> None:
    source = "{{ text|unbroken }} {{ marked|unbroken }} {{ 3|unbroken }} {{ none|unbroken }}"

    assert said(app, "fr", source, text='"<b> ?', marked=Markup('<i title="a : b">c :</i>')) == (
        '&#34;&lt;b&gt;\u202f? <i title="a : b">c\u00a0:</i> 3 None'
    )
