"""The mark by which a page says that it is read: of which article, as what; the same for all who read it so."""

from itsdangerous import BadSignature, URLSafeSerializer

from eventsapp.core import settings
from eventsapp.figures.statuses import ReadBy
from eventsapp.magazine.access import Reason, Right

_AS = {
    Reason.PUBLIC: ReadBy.FREE,
    Reason.SUBSCRIBER: ReadBy.SUBSCRIBER,
    Reason.PAID_THEN: ReadBy.SUBSCRIBER,
    Reason.PARTICIPANT: ReadBy.ATTENDEE,
    Reason.GIFT: ReadBy.GIFT,
}


def mark_of(article_id: int, right: Right | None) -> str:
    """Return the mark of a page that shows the whole article; empty for the newsroom, and where only the lead is."""
    read_by = _AS.get(right.reason) if right else None
    return str(_signer().dumps([article_id, read_by.value])) if read_by else ""


def read_mark(mark: str) -> tuple[int, ReadBy] | None:
    """Return the article and the kind of reader that a mark stands for, or ``None`` for one that is not ours."""
    try:
        article_id, word = _signer().loads(mark)
        return int(article_id), ReadBy(word)
    except (BadSignature, ValueError, TypeError):
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.current().secret_key, salt="figures.read")
