"""How far what goes to many is."""

from collections.abc import Iterable
from dataclasses import dataclass

from eventsapp.mail.statuses import MailStatus, RecipientStatus

#: In the outbox, not gone yet.
ON_THEIR_WAY = (MailStatus.QUEUED, MailStatus.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far what goes to many is, by what became of each address."""

    total: int = 0
    #: Not in the outbox yet.
    waiting: int = 0
    #: In the outbox, not gone yet.
    queued: int = 0
    sent: int = 0
    failed: int = 0
    #: Kept: no server is set.
    kept: int = 0
    left_out: int = 0

    @property
    def done(self) -> int:
        """How many need nothing more."""
        return self.sent + self.failed + self.kept + self.left_out

    @classmethod
    def counted(cls, counts: Iterable[tuple[RecipientStatus, MailStatus | None, int]]) -> "Progress":
        """Return it from how many addresses stand where, and their mails."""
        rows = list(counts)
        return cls(
            total=sum(count for _status, _mail, count in rows),
            waiting=sum(count for status, _mail, count in rows if status is RecipientStatus.WAITING),
            left_out=sum(count for status, _mail, count in rows if status is RecipientStatus.LEFT_OUT),
            queued=sum(count for _status, mail, count in rows if mail in ON_THEIR_WAY),
            sent=sum(count for _status, mail, count in rows if mail is MailStatus.SENT),
            failed=sum(
                count for status, mail, count in rows if mail is MailStatus.FAILED or status is RecipientStatus.FAILED
            ),
            kept=sum(count for _status, mail, count in rows if mail is MailStatus.KEPT),
        )
