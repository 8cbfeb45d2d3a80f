"""Languages: French first, English under ``/en``; dates and amounts as each prints them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent
from flask import Flask, request
from flask_babel import Babel, Domain, force_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from eventsapp.core import french, settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DEFAULT_LOCALE = "fr"
#: Languages other than the default, each under its own prefix: ``/en/journees/``.
PREFIXED_LOCALES = ("en",)
_ENVIRON_KEY = "eventsapp.locale"
#: The English of the site: dates and amounts as in Ireland, which has the euro.
_ENGLISH = "en_IE"
#: The texts of pages that are kept as they are printed: titles and leads, shown again and again.
_TEXTS_KEPT = 1024
#: The language of a mail or a paper being written, in place of the request's.
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


class LocalePrefix:
    """Take ``/en`` off the path and put it into SCRIPT_NAME, so that every address the app builds keeps it."""

    def __init__(self, wsgi_app: "WSGIApplication") -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for locale in PREFIXED_LOCALES:
            prefix = f"/{locale}"
            if path == prefix or path.startswith(f"{prefix}/"):
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
                environ["PATH_INFO"] = path[len(prefix) :] or "/"
                environ[_ENVIRON_KEY] = locale
        return self.wsgi_app(environ, start_response)


def init_app(app: Flask) -> None:
    """Give templates ``_``, the date and money filters, and the language of each request."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LOCALE
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(settings.ROOT / "eventsapp" / "translations")
    app.wsgi_app = LocalePrefix(app.wsgi_app)  # type: ignore[method-assign]
    babel = Babel(app, locale_selector=request_locale)
    babel.domain_instance = _Fitting()
    # Flask-Babel's own callables look the language up anew for each text; a page has some sixty. Jinja's put the values
    # in without having shown them.
    app.jinja_env.install_gettext_callables(_said, _said_of_many, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(_=_template_gettext, gettext=_template_gettext, ngettext=_template_ngettext)
    app.jinja_env.filters.update(_FILTERS)
    app.jinja_env.globals.update(locale_code=locale_code, in_french=in_french, either=either, colon=colon)


def request_locale() -> str:
    """Return the language that the address of the request asks for."""
    try:
        locale: str = request.environ.get(_ENVIRON_KEY, DEFAULT_LOCALE)
    except RuntimeError:
        # Outside a request. Asked hundreds of times a page: asking first whether there is one costs as much again.
        return DEFAULT_LOCALE
    return locale


def locale_code() -> str:
    """Return the language in use, as ``fr`` or ``en``."""
    return _spoken.get() or request_locale()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak ``locale`` inside, whatever the request asks for: a mail has its reader's language."""
    token = _spoken.set(locale)
    try:
        with force_locale(locale):
            yield
    finally:
        _spoken.reset(token)


class _Fitting(Domain):  # type: ignore[misc]
    """Texts whose lines never break before « : », and whose values fit the words around them, in French."""

    def gettext(self, string: str, **variables: Any) -> str:
        return _filled(_said(string), variables)

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        variables.setdefault("num", num)
        return _filled(_said_of_many(singular, plural, num), variables)

    def pgettext(self, context: str, string: str, **variables: Any) -> str:
        return _filled(_printed(string) if _is_french() else _catalogue().pgettext(context, string), variables)


def _filled(text: str, variables: Mapping[str, Any]) -> str:
    if not variables:
        return text
    if _is_french():
        text, variables = french.fitted(text, variables)
    return text % variables


@pass_context
def _template_gettext(context: Context, text: str, **variables: Any) -> str:
    """Return ``text``, which is French, in the language in use, its values put in and escaped."""
    return _put_in(context, _said(text), variables)


@pass_context
def _template_ngettext(context: Context, singular: str, plural: str, number: int, **variables: Any) -> str:
    variables.setdefault("num", number)
    return _put_in(context, _said_of_many(singular, plural, number), variables)


def _put_in(context: Context, text: str, values: Mapping[str, Any]) -> str:
    # Always a format, even without values, as Jinja reads its texts.
    if not values:
        return Markup(text % values) if context.eval_ctx.autoescape else text % values  # noqa: S704 - a text of ours
    if _is_french():
        text, values = french.fitted(text, values)
    return (Markup(text) if context.eval_ctx.autoescape else text) % values  # noqa: S704 - a text of ours


def _said(text: str) -> str:
    return _printed(text) if _is_french() else _catalogue().gettext(text)


def _said_of_many(singular: str, plural: str, number: int) -> str:
    """Return the form that ``number`` takes; French counts 0 as it counts 1."""
    if _is_french():
        return _printed(singular if abs(number) < 2 else plural)
    return _catalogue().ngettext(singular, plural, number)


@lru_cache(maxsize=8_192)
def _printed(text: str) -> str:
    """Return a text of ours as it is printed, kept: a page asks for hundreds of them (a refusal may be made of any)."""
    return french.unbroken(text)


def _catalogue() -> NullTranslations:
    catalogue: NullTranslations = get_translations()
    return catalogue


def choose(french_text: str, english_text: str) -> str:
    """Return the text of the language in use; the French one where there is no other."""
    return french_text if _is_french() else english_text or french_text


def address_in(locale: str, path: str) -> str:
    """Return the path, query included, of the same page in ``locale``."""
    quoted = quote(path, safe="/?&=%+:@,;~-._!*'()")
    return quoted if locale == DEFAULT_LOCALE else f"/{locale}{quoted}"


def _is_french() -> bool:
    return locale_code() == DEFAULT_LOCALE


def _local(value: date) -> date:
    """Return a UTC time as the clock shows it where the magazine is made; leave dates and local times alone."""
    if isinstance(value, datetime) and value.tzinfo is UTC:
        return value.astimezone(settings.zone(settings.current().default_timezone))
    return value


def _date_filter(in_french: Callable[[date], str], english_pattern: str) -> Callable[[date], str]:
    def show(value: date) -> str:
        local = _local(value)
        if _is_french():
            return in_french(local)
        return str(format_date(local, english_pattern, locale=_ENGLISH))

    return show


def money(cents: int) -> str:
    """Return an amount in the language in use."""
    return french.money(cents) if _is_french() else str(format_currency(Decimal(cents) / 100, "EUR", locale=_ENGLISH))


def money_round(cents: int) -> str:
    """Return a price, without decimals when it is whole."""
    if _is_french():
        return french.money_round(cents)
    pattern = "¤#,##0" if cents % 100 == 0 else None
    return str(format_currency(Decimal(cents) / 100, "EUR", pattern, locale=_ENGLISH, currency_digits=pattern is None))


def percent(rate: int) -> str:
    """Return a VAT rate (hundredths of a percent) in the language in use."""
    return (
        french.percent(rate) if _is_french() else str(format_percent(Decimal(rate) / 10_000, "0.##%", locale=_ENGLISH))
    )


def vat_rate(rate: int) -> str:
    """Return a VAT rate in the language in use, or that there is none."""
    return percent(rate) if rate else choose("exonéré", "exempt")


def number(value: int) -> str:
    """Return a whole number in groups of three."""
    return french.grouped(value) if _is_french() else str(format_decimal(value, locale=_ENGLISH))


def file_size(size: int) -> str:
    """Return a size in bytes as people read it: « 340 ko », « 1,2 Mo »."""
    unit, kilo, mega = ("o", "ko", "Mo") if _is_french() else ("B", "kB", "MB")
    if size < 1_000:
        return f"{size}{french.NO_BREAK}{unit}"
    if size < 1_000_000:
        return f"{round(size / 1_000)}{french.NO_BREAK}{kilo}"
    megabytes = format_decimal(Decimal(size) / 1_000_000, "0.#", locale=DEFAULT_LOCALE if _is_french() else _ENGLISH)
    return f"{megabytes}{french.NO_BREAK}{mega}"


def clock_time(value: datetime) -> str:
    """Return an hour: « 9 h 30 », ``9:30``."""
    local = _local(value)
    assert isinstance(local, datetime)  # noqa: S101 - for the type checker
    return french.clock_time(local) if _is_french() else str(format_time(local, "H:mm", locale=_ENGLISH))


def weekday(value: date) -> str:
    """Return the day of the week."""
    local = _local(value)
    return french.WEEKDAYS[local.weekday()] if _is_french() else str(format_date(local, "EEEE", locale=_ENGLISH))


def typo(text: str | None) -> str:
    """Return French text with its non-breaking spaces (the content of the site is French in both languages).

    What is escaped already, as a sentence with a name in it is, stays so.
    """
    if isinstance(text, Markup):
        return escape(_typeset(text.unescape()))
    # A text that waits for its language is no string yet.
    return _typeset(str(text) if text else "")


@lru_cache(maxsize=_TEXTS_KEPT)
def _typeset(text: str) -> str:
    return french.typeset(text)


def unbroken(value: object) -> object:
    """Return a value of a list with the spaces that must not break, its marks kept as somebody typed them."""
    if isinstance(value, Markup):
        return Markup(french.unbroken(str(value)))  # noqa: S704 - was safe before
    return french.unbroken(value) if isinstance(value, str) else value


def at_town(name: str) -> str:
    """Return « à Nantes », ``in Nantes``."""
    return french.at_town(name) if _is_french() else f"in {name}"


def in_french() -> Markup:
    """Return the attribute of an element whose text is French, where the page around it is not."""
    return Markup("") if _is_french() else Markup(' lang="fr"')


def french_words(text: str) -> str:
    """Return French words for the middle of a line, marked as such on other pages; what has marks stays."""
    if _is_french() or not text or isinstance(text, Markup):
        return text
    return Markup('<span lang="fr">{}</span>').format(text)


def either(french_text: str, english_text: str) -> str:
    """Return the text of the language in use; where a page in another language has only the French one, marked so."""
    return english_text if english_text and not _is_french() else french_words(french_text)


def colon() -> str:
    """Return what stands between a name and its value."""
    return "\u00a0: " if _is_french() else ": "


def sentence(text: str) -> str:
    """Return ``text`` with a capital at its beginning; the other letters stay, as English names of months do."""
    return text[:1].upper() + text[1:]


def mid_sentence(text: str) -> str:
    """Return ``text`` without the capital of its beginning; « Carte bancaire (CB) » keeps its others."""
    return text[:1].lower() + text[1:]


def in_pieces(value: object) -> object:
    """Return a mail address that may go on in the next line before its « @ » or after a point of it."""
    text = str(value)
    if "@" not in text or " " in text:
        return value
    broken = escape(text).replace("@", Markup("<wbr>@"))
    return Markup(".<wbr>").join(broken.split("."))


def initials(name: str) -> str:
    """Return up to two initials: « JA » for Jean-Claude Antonini."""
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


date_words = _date_filter(french.date_words, "EEEE d MMMM yyyy")
date_long = _date_filter(french.date_long, "d MMMM yyyy")
date_short = _date_filter(french.date_short, "d MMM yyyy")
month_year = _date_filter(french.month_year, "MMMM yyyy")
day_month = _date_filter(
    lambda value: f"{french.day(value)}{french.NO_BREAK}{french.SHORT_MONTHS[value.month - 1]}", "d MMM"
)
month_short = _date_filter(lambda value: french.SHORT_MONTHS[value.month - 1], "MMM")


def moment_words(value: datetime, *, hour: bool = True) -> str:
    """Return a date with its ``hour``, or without where that is not known: « mardi 24 février 2009 à 9 h 30 »."""
    if not hour:
        return date_words(value)
    return choose(f"{date_words(value)} à {clock_time(value)}", f"{date_words(value)} at {clock_time(value)}")


_FILTERS: dict[str, Callable[..., Any]] = {
    "money": money,
    "money_round": money_round,
    "percent": percent,
    "vat_rate": vat_rate,
    "number": number,
    "date_words": date_words,
    "moment_words": moment_words,
    "date_long": date_long,
    "date_short": date_short,
    "month_year": month_year,
    "clock_time": clock_time,
    "file_size": file_size,
    "weekday": weekday,
    "day_number": lambda value: french.day(_local(value)) if _is_french() else str(_local(value).day),
    "month_name": _date_filter(lambda value: french.MONTHS[value.month - 1], "MMMM"),
    "month_short": month_short,
    "day_month": day_month,
    "year": lambda value: str(_local(value).year),
    "typo": typo,
    "unbroken": unbroken,
    "french": french_words,
    "sentence": sentence,
    "mid_sentence": mid_sentence,
    "initials": initials,
    "in_pieces": in_pieces,
    "siret": french.siret,
    "at_town": at_town,
    "of": french.of,
}
