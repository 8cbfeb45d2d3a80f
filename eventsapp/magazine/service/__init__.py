"""Everything that writes the magazine."""

from eventsapp.magazine.service._articles import (
    content_of,
    create_article,
    create_report,
    edit_article,
    propose_report,
    subject,
)
from eventsapp.magazine.service._comments import (
    add_comment,
    ban_commenter,
    lift_ban,
    publish_comment,
    reject_comment,
    report_comment,
)
from eventsapp.magazine.service._issues import (
    create_issue,
    create_section,
    delete_section,
    edit_issue,
    edit_section,
)
from eventsapp.magazine.service._reading import give_article, open_due, revoke_gift, set_reading_terms
from eventsapp.magazine.service._reports import change_report, write_report
from eventsapp.magazine.service._sharing import read_refusal, refusal_token, refuse_shares, share
from eventsapp.magazine.service._speakers import merge_speakers
from eventsapp.magazine.service._transitions import publish, publish_due, reopen, schedule, submit, withdraw

__all__ = [
    "add_comment",
    "ban_commenter",
    "change_report",
    "content_of",
    "create_article",
    "create_issue",
    "create_report",
    "create_section",
    "delete_section",
    "edit_article",
    "edit_issue",
    "edit_section",
    "give_article",
    "lift_ban",
    "merge_speakers",
    "open_due",
    "propose_report",
    "publish",
    "publish_comment",
    "publish_due",
    "read_refusal",
    "refusal_token",
    "refuse_shares",
    "reject_comment",
    "reopen",
    "report_comment",
    "revoke_gift",
    "schedule",
    "set_reading_terms",
    "share",
    "subject",
    "submit",
    "withdraw",
    "write_report",
]
