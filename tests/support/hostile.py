"""Texts that would become markup, script, formula or template where they are not escaped, and where to put them.

Each tries to leave an element with ``id=hit`` or to call ``alert``: a page that shows one literally has neither.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from eventsapp.core.db import Base, db

MARK = "hit"
#: What ends whatever the text may have been written into.
_WAYS_OUT = (
    "", "'>", '">', "</title>", "</textarea>", "</style>", "</script>", "--><!---->", "]]>", "</a></p></td>",
    "`>", "&quot;>", "\\u003e", "</svg>",
)  # fmt: skip
_MARKUP = (
    "<b id=hit>", "<script>alert(1)</script>", "<img id=hit src=x onerror=alert(1)>", "<svg id=hit onload=alert(1)>",
    "<IMG ID=hit SRC=x OnErRoR=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<a id=hit href=javascript:alert(1)>x</a>",
    "<iframe id=hit srcdoc='<script>parent.alert(1)</script>'></iframe>", "<input id=hit autofocus onfocus=alert(1)>",
    "<details id=hit open ontoggle=alert(1)>", "<video id=hit><source onerror=alert(1)></video>",
    "<math><mi id=hit xlink:href='javascript:alert(1)'>", "<base id=hit href=//exemple.test/>",
    "<object id=hit data=x>",
    "<form id=hit action=//exemple.test><button>", "<meta id=hit http-equiv=refresh content=0;url=//exemple.test>",
    "<style id=hit>*{display:none}</style>", "<link id=hit rel=stylesheet href=//exemple.test/x.css>",
    "<template id=hit><script>alert(1)</script></template>", "<marquee id=hit onstart=alert(1)>x</marquee>",
    "<noscript><p id=hit title='</noscript><img src=x onerror=alert(1)>'>", "<scr\tipt>alert(1)</scr\tipt><b id=hit>",
)  # fmt: skip
#: Attributes, templates, links of Markdown, formulas, and what other formats would take for their own.
_OTHERS = (
    '" onmouseover=alert(1) id=hit x="', "' onfocus=alert(1) autofocus id=hit x='", "javascript:alert(1)", "{{7*7}}",
    "${7*7}", "{order.__class__}", "{% print(1) %}", "%n%s%x", "[x](javascript:alert(1))", "![x](x 'onerror=alert(1)')",
    "<!-- <b id=hit> -->", "=HYPERLINK(\"//exemple.test\";\"x\")", "+1+cmd|' /C calc'!A0", "@SUM(1;1)", "-2+3",
    "＝1+1", "#import \"x\": *", "#eval(\"1\")", "$x$ *a* _b_ @r <l>", "BEGIN:VEVENT", "\u202e<b id=hit>\u202c",
    "\ufeff<b id=hit>", "&lt;b id=hit&gt;", "&#60;b id=hit&#62;", "<b id=hit", "<b/id=hit>", "<<b id=hit>",
    "é" * 12 + "<b id=hit>",
)  # fmt: skip
PAYLOADS = (*(out + markup for out, markup in product(_WAYS_OUT, _MARKUP)), *_OTHERS)

#: Columns of text that nobody types freely: keys, digests, words of our own, addresses that are checked when given.
_NOT_FREE = frozenset({
    "slug", "secret", "token_hash", "fingerprint", "locale", "form_key", "key", "content_type", "sha256", "hash",
    "previous_hash", "journal_hash", "address_hash", "sender_hash", "recipient_hash", "code_hash", "timezone", "code",
    "email", "author_email", "invited_email", "recipient_email", "billing_email", "to_address", "reply_to", "sent_to",
    "address_email", "url", "website", "unsubscribe_url", "path", "origin", "parameters", "list_name", "kind",
    "subject_kind", "action", "template", "payment_method", "method", "category", "category_code", "exemption_code",
    "rate_code", "reason_code", "reference", "order_reference", "idempotency_key", "request_fingerprint", "request_key",
    "client_key", "ticket_code", "session_id", "payment_id", "event_id", "dispute_id", "gateway_reference",
    "message_id",
    "fs_uniquifier", "password", "siret", "vat_number", "means_code", "currency", "number", "scope", "status", "xml",
    "html", "options", "content", "device",
})  # fmt: skip
#: Tables whose every text is ours or checked, and refusals of addresses.
_NOT_TYPED = frozenset(
    {"content_versions", "roles", "mail_suppressions", "mail_refusals", "comment_bans", "gateway_events"}
)


#: What somebody wrote has a blank between words, or begins with a capital that a small letter follows.
_WRITTEN = re.compile(r"^(?!.*@)(?!\d)(?:[A-ZÀ-Þ][a-zà-ÿ]|.*[a-zà-ÿ,.’] [^ ]*[a-zà-ÿ])", re.DOTALL)
#: Keys of what is kept as JSON under which words of our own, numbers and addresses stand.
_NOT_FREE_INSIDE = _NOT_FREE | {
    "rate",
    "day",
    "date",
    "type",
    "role",
    "id",
    "audience",
    "plan",
    "country",
    "bic",
    "iban",
}


def overwrite() -> dict[str, set[str]]:
    """Put hostile texts in the place of every free text of every row, past all forms; return which, by column.

    Each column gets every one of them, over the rows that it has: where these are fewer, a row gets several, one after
    the other, whatever room the column has (SQLite does not ask). What works at the beginning of a text alone stands
    there in another column each, as each begins elsewhere in the row. Free texts inside JSON likewise.
    """
    written: dict[str, set[str]] = {}
    number = 0
    for table in Base.metadata.sorted_tables:
        if table.name in _NOT_TYPED:
            continue
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                put = _overwrite_inside(table, column, number)
            elif _is_free(column):
                put = _overwrite_column(table, column, number)
            else:
                continue
            number += 1
            if put:
                written[f"{table.name}.{column.name}"] = put
    return written


def _shares(count: int, number: int) -> list[list[str]]:
    """Return the texts dealt to so many places, one or more each; every text is in one of them at least."""
    start = number * 37 % len(PAYLOADS)
    turned = PAYLOADS[start:] + PAYLOADS[:start]
    if count >= len(turned):
        return [[turned[place % len(turned)]] for place in range(count)]
    return [list(turned[place::count]) for place in range(count)]


def _overwrite_column(table: sa.Table, column: sa.Column[Any], number: int) -> set[str]:
    keys = db.session.execute(sa.select(*table.primary_key).where(column != "").order_by(*table.primary_key)).all()
    shares = _shares(len(keys), number)
    for key, share in zip(keys, shares, strict=True):
        db.session.execute(sa.update(table).where(*_is_row(table, key)).values({column: " ".join(share)}))
    return {text for share in shares for text in share}


def _overwrite_inside(table: sa.Table, column: sa.Column[Any], number: int) -> set[str]:
    rows = db.session.execute(
        sa.select(column, *table.primary_key).where(column.is_not(None)).order_by(*table.primary_key)
    ).all()
    shares = _shares(sum(_count_free(row[0]) for row in rows), number)
    left = iter(shares)
    for kept, *key in rows:
        changed = _replaced(kept, left)
        if changed != kept:
            db.session.execute(sa.update(table).where(*_is_row(table, key)).values({column: changed}))
    return {text for share in shares for text in share}


def _is_row(table: sa.Table, key: Sequence[Any]) -> list[sa.ColumnElement[bool]]:
    return [part == value for part, value in zip(table.primary_key, key, strict=True)]


def _count_free(kept: Any, name: str = "") -> int:
    if isinstance(kept, dict):
        return sum(_count_free(value, key) for key, value in kept.items())
    if isinstance(kept, list):
        return sum(_count_free(value, name) for value in kept)
    return int(_is_free_inside(kept, name))


def _replaced(kept: Any, texts: Iterator[list[str]], name: str = "") -> Any:
    if isinstance(kept, dict):
        return {key: _replaced(value, texts, key) for key, value in kept.items()}
    if isinstance(kept, list):
        return [_replaced(value, texts, name) for value in kept]
    return " ".join(next(texts)) if _is_free_inside(kept, name) else kept


def _is_free_inside(kept: Any, name: str) -> bool:
    """Return whether somebody wrote a value in JSON: no word of ours, date, amount or address."""
    return isinstance(kept, str) and name not in _NOT_FREE_INSIDE and _WRITTEN.search(kept) is not None


def _is_free(column: sa.Column[object]) -> bool:
    return (
        isinstance(column.type, sa.String)
        and not isinstance(column.type, sa.Enum)
        and not column.foreign_keys
        and column.name not in _NOT_FREE
    )


class Overlay:
    """Renders templates as if whatever is loaded had been written by somebody hostile; nothing of it is kept.

    ``wrap`` says how a text is handed over: as one that is escaped already, for control runs.
    """

    def __init__(self, render: Callable[..., str], *, start: int, wrap: Callable[[str], str] = str) -> None:
        self._render, self._wrap = render, wrap
        self._texts = cycle(PAYLOADS[start:] + PAYLOADS[:start])

    def __call__(self, template: str, **context: Any) -> str:
        for row in list(db.session):
            mapper = sa.inspect(type(row))
            for column in mapper.column_attrs:
                is_written = mapper.local_table.description not in _NOT_TYPED and _is_free(column.columns[0])
                if is_written and column.key in row.__dict__ and row.__dict__[column.key]:
                    set_committed_value(row, column.key, self._wrap(next(self._texts)))
        for name, value in context.items():
            if type(value) is str and _is_free_inside(value, name):
                context[name] = self._wrap(next(self._texts))
        return self._render(template, **context)
