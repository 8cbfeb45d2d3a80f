"""Texts that would become markup, script, formula or template where they are not escaped, and where to put them.

Each tries to leave an element with ``id=hit`` or to call ``alert``: a page that shows one literally has neither.
"""

from itertools import cycle, product

import sqlalchemy as sa

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


def overwrite() -> set[str]:
    """Put a hostile text in the place of every free text of every row, past all forms; return ``table.column`` of each.

    Another one from row to row and from column to column, of those that the column has room for.
    """
    written = set()
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if _is_free(column)]
        if table.name in _NOT_TYPED or not columns:
            continue
        keys = db.session.execute(sa.select(*table.primary_key).order_by(*table.primary_key)).all()
        for number, column in enumerate(columns):
            room = getattr(column.type, "length", None) or max(map(len, PAYLOADS))
            texts = [text for text in PAYLOADS if len(text) <= room]
            turns = cycle(texts[number * 37 % len(texts) :] + texts[: number * 37 % len(texts)])
            for key in keys:
                row = [column_of_key == value for column_of_key, value in zip(table.primary_key, key, strict=True)]
                done = db.session.execute(sa.update(table).where(*row, column != "").values({column: next(turns)}))
                if done.rowcount:  # type: ignore[attr-defined]
                    written.add(f"{table.name}.{column.name}")
    return written


def _is_free(column: sa.Column[object]) -> bool:
    return (
        isinstance(column.type, sa.String)
        and not isinstance(column.type, sa.Enum)
        and not column.foreign_keys
        and column.name not in _NOT_FREE
    )
