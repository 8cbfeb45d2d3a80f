"""OAI-PMH 2.0: what the magazine published, for the catalogues of libraries, as ``oai_dc`` records.

The protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html. Its words are English on every page; what
the records say is French. A token holds the whole question and the last record given, signed, so that nothing is
kept and a list under way is not disturbed by what is published meanwhile.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from lxml import etree

from eventsapp.core import clock, links, settings
from eventsapp.core.i18n import DEFAULT_LOCALE
from eventsapp.core.page_cache import public_page
from eventsapp.core.slugs import LARGEST_NUMBER
from eventsapp.magazine import queries
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import Harvest
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.magazine.web import dublin_core
from eventsapp.papers.characters import writable

#: Records of one answer.
RECORDS_AN_ANSWER = 100
PREFIX = "oai_dc"

_OAI = "http://www.openarchives.org/OAI/2.0/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC = "http://purl.org/dc/elements/1.1/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DC_SCHEMA = f"{_OAI_DC.removesuffix('/')}.xsd"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")

blueprint = Blueprint("magazine_oai", __name__)


class _ProtocolError(Exception):
    """An error of the protocol; the answer is a normal one that says so."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@blueprint.route("/oai", methods=["GET", "POST"])
@public_page("magazine", "days")
def oai() -> ResponseReturnValue:
    """Answer a harvester."""
    root = etree.Element(f"{{{_OAI}}}OAI-PMH", nsmap={None: _OAI, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{_OAI} {_OAI}OAI-PMH.xsd")
    _add(root, "responseDate", _stamp(clock.now()))
    asked = _add(root, "request", links.absolute("magazine_oai.oai", locale=DEFAULT_LOCALE))
    try:
        verb, arguments = _question()
        answer = etree.Element(f"{{{_OAI}}}{verb}")
        _VERBS[verb](answer, arguments)
    except _ProtocolError as refusal:
        if refusal.code not in {"badVerb", "badArgument"}:
            _repeat(asked, verb, arguments)
        _add(root, "error", refusal.message).set("code", refusal.code)
    else:
        _repeat(asked, verb, arguments)
        root.append(answer)
    response = make_response(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    response.content_type = "text/xml; charset=utf-8"
    return response


def _question() -> tuple[str, dict[str, str]]:
    """Return the verb and its arguments. Raises ``_ProtocolError`` for what no verb takes."""
    given = request.form if request.method == "POST" else request.args
    if any(len(values) > 1 for _name, values in given.lists()):
        raise _ProtocolError("badArgument", "An argument is repeated.")
    arguments = {name: value for name, value in given.items() if name != "verb"}
    verb = given.get("verb", "")
    if verb not in _VERBS:
        raise _ProtocolError("badVerb", "The verb is missing or is none of the protocol's six.")
    required, optional = _ARGUMENTS[verb]
    if "resumptionToken" in arguments and "resumptionToken" in optional:
        if len(arguments) > 1:
            raise _ProtocolError("badArgument", "resumptionToken stands alone.")
        return verb, arguments
    if unknown := arguments.keys() - required - optional:
        raise _ProtocolError("badArgument", f"{verb} takes no argument {writable(min(unknown))[:40]}.")
    if missing := required - arguments.keys():
        raise _ProtocolError("badArgument", f"{verb} needs the argument {min(missing)}.")
    return verb, arguments


def _identify(answer: etree._Element, _arguments: dict[str, str]) -> None:
    for name, value in (
        ("repositoryName", settings.current().site_name),
        ("baseURL", links.absolute("magazine_oai.oai", locale=DEFAULT_LOCALE)),
        ("protocolVersion", "2.0"),
        ("adminEmail", parseaddr(settings.current().mail_from)[1]),
        ("earliestDatestamp", _stamp(queries.earliest_record() or clock.now())),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        _add(answer, name, value)


def _list_metadata_formats(answer: etree._Element, arguments: dict[str, str]) -> None:
    if "identifier" in arguments:
        _article(arguments["identifier"])
    described = _add(answer, "metadataFormat")
    _add(described, "metadataPrefix", PREFIX)
    _add(described, "schema", _DC_SCHEMA)
    _add(described, "metadataNamespace", _OAI_DC)


def _list_sets(answer: etree._Element, arguments: dict[str, str]) -> None:
    if "resumptionToken" in arguments:
        raise _ProtocolError("badResumptionToken", "The list of sets is given whole.")
    sections = queries.sections_with_records()
    if not sections:
        raise _ProtocolError("noSetHierarchy", "There are no sets yet.")
    for section in sections:
        described = _add(answer, "set")
        _add(described, "setSpec", section.slug)
        _add(described, "setName", writable(section.name))


def _get_record(answer: etree._Element, arguments: dict[str, str]) -> None:
    _require_format(arguments["metadataPrefix"])
    _record(answer, _article(arguments["identifier"]))


def _list_identifiers(answer: etree._Element, arguments: dict[str, str]) -> None:
    _list(answer, arguments, of=_header)


def _list_records(answer: etree._Element, arguments: dict[str, str]) -> None:
    _list(answer, arguments, of=_record)


def _list(answer: etree._Element, arguments: dict[str, str], *, of: Callable[[etree._Element, Article], None]) -> None:
    """Give a stretch of the records asked for, and the token of the next if there is one."""
    token = arguments.get("resumptionToken")
    question, after, given_before = _read_token(token) if token is not None else (dict(arguments), None, 0)
    _require_format(question["metadataPrefix"])
    asked = _harvest(question)
    found = queries.records(asked, after=after, most=RECORDS_AN_ANSWER + 1)
    if not found:
        raise _ProtocolError("noRecordsMatch", "No record is as asked.")
    given, more = found[:RECORDS_AN_ANSWER], len(found) > RECORDS_AN_ANSWER
    for article in given:
        of(answer, article)
    if more or token is not None:
        # The last stretch of a list in several ends with an empty token.
        following = _token(question, given[-1], given_before + len(given)) if more else ""
        element = _add(answer, "resumptionToken", following)
        element.set("completeListSize", str(queries.count_records(asked)))
        element.set("cursor", str(given_before))


def _header(parent: etree._Element, article: Article) -> None:
    header = _add(parent, "header")
    if _is_deleted(article):
        header.set("status", "deleted")
    _add(header, "identifier", f"{_namespace()}{article.id}")
    _add(header, "datestamp", _stamp(article.updated_at))
    if article.section:
        _add(header, "setSpec", article.section.slug)


def _record(parent: etree._Element, article: Article) -> None:
    record = _add(parent, "record")
    _header(record, article)
    if _is_deleted(article):
        return
    described = etree.SubElement(
        _add(record, "metadata"), f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC, "xsi": _XSI}
    )
    described.set(f"{{{_XSI}}}schemaLocation", f"{_OAI_DC} {_DC_SCHEMA}")
    for name, value in dublin_core.elements(article):
        etree.SubElement(described, f"{{{_DC}}}{name}").text = value


def _is_deleted(article: Article) -> bool:
    return article.status is not ArticleStatus.PUBLISHED


def _article(identifier: str) -> Article:
    """Return the article of a record. Raises ``_ProtocolError`` for an identifier of none."""
    key = identifier.removeprefix(_namespace())
    known = identifier.startswith(_namespace()) and re.fullmatch(r"[1-9]\d{0,9}", key, re.ASCII)
    found = queries.record(int(key)) if known and int(key) <= LARGEST_NUMBER else None
    if found is None:
        raise _ProtocolError("idDoesNotExist", "No record has this identifier.")
    return found


def _namespace() -> str:
    """Return how the identifiers of records begin; they outlive the addresses of articles."""
    return f"oai:{urlsplit(settings.current().public_url).hostname}:article-"


def _require_format(prefix: str) -> None:
    if prefix != PREFIX:
        raise _ProtocolError("cannotDisseminateFormat", f"Records are given as {PREFIX}.")


def _harvest(question: dict[str, str]) -> Harvest:
    """Read what is asked for. Raises ``_ProtocolError``."""
    since, until = question.get("from"), question.get("until")
    if since and until and len(since) != len(until):
        raise _ProtocolError("badArgument", "from and until differ in granularity.")
    first = _moment(since) if since is not None else None
    last = _moment(until) if until is not None else None
    if first and last and first > last:
        raise _ProtocolError("badArgument", "from is after until.")
    # Both ends are included, each to the end of its day or of its second.
    reach = timedelta(days=1) if until and _DAY.fullmatch(until) else timedelta(seconds=1)
    return Harvest(since=first, before=last + reach if last else None, section=question.get("set"))


def _moment(text: str) -> datetime:
    if _DAY.fullmatch(text) or _MOMENT.fullmatch(text):
        try:
            # A year that no calendar of ours goes beyond, so that a day can be added.
            return min(datetime.fromisoformat(text).replace(tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC))
        except ValueError:
            pass
    raise _ProtocolError("badArgument", "A date is written YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")


def _token(question: dict[str, str], last: Article, given: int) -> str:
    return str(_signer().dumps([question, last.updated_at.isoformat(), last.id, given]))


def _read_token(token: str) -> tuple[dict[str, str], tuple[datetime, int], int]:
    try:
        question, moment, key, given = _signer().loads(token)
    except BadSignature as error:
        raise _ProtocolError("badResumptionToken", "This token is none of ours.") from error
    return question, (datetime.fromisoformat(moment), key), given


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.current().secret_key, salt="magazine.oai")


def _repeat(asked: etree._Element, verb: str, arguments: dict[str, str]) -> None:
    """Say in the answer what was asked."""
    asked.set("verb", verb)
    for name, value in arguments.items():
        asked.set(name, writable(value))


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_OAI}}}{name}")
    element.text = text
    return element


def _allowed(required: Iterable[str] = (), optional: Iterable[str] = ()) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(required), frozenset(optional)


_VERBS: dict[str, Callable[[etree._Element, dict[str, str]], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_metadata_formats,
    "ListSets": _list_sets,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
    "GetRecord": _get_record,
}
#: Of each verb, the arguments that it needs and those that it may have.
_ARGUMENTS = {
    "Identify": _allowed(),
    "ListMetadataFormats": _allowed(optional=["identifier"]),
    "ListSets": _allowed(optional=["resumptionToken"]),
    "ListIdentifiers": _allowed(["metadataPrefix"], ["from", "until", "set", "resumptionToken"]),
    "ListRecords": _allowed(["metadataPrefix"], ["from", "until", "set", "resumptionToken"]),
    "GetRecord": _allowed(["identifier", "metadataPrefix"]),
}
