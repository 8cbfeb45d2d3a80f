"""Everything that writes the magazine."""

from eventsapp.magazine.service._articles import (
    content_of,
    create_article,
    create_report,
    edit_article,
    propose_report,
    restore_revision,
    subject,
)
from eventsapp.magazine.service._at_work import autosave, be_present, discard_autosave
from eventsapp.magazine.service._comments import add_comment, publish_comment, reject_comment, report_comment
from eventsapp.magazine.service._issues import (
    create_issue,
    create_section,
    delete_section,
    edit_issue,
    edit_section,
    publish_due_issues,
    publish_issue,
    schedule_issue,
    unschedule_issue,
)
from eventsapp.magazine.service._layout import move_in_issue, set_cover, set_lengths, set_pdf
from eventsapp.magazine.service._reports import change_report, write_report
from eventsapp.magazine.service._sharing import read_refusal, refusal_token, refuse_shares, share
from eventsapp.magazine.service._speakers import merge_speakers
from eventsapp.magazine.service._transitions import (
    appear_with_issue,
    approve,
    correct,
    publish,
    publish_due,
    reopen,
    request_changes,
    schedule,
    submit,
    withdraw,
)

__all__ = [
    "add_comment",
    "appear_with_issue",
    "approve",
    "autosave",
    "be_present",
    "change_report",
    "content_of",
    "correct",
    "create_article",
    "create_issue",
    "create_report",
    "create_section",
    "delete_section",
    "discard_autosave",
    "edit_article",
    "edit_issue",
    "edit_section",
    "merge_speakers",
    "move_in_issue",
    "propose_report",
    "publish",
    "publish_comment",
    "publish_due",
    "publish_due_issues",
    "publish_issue",
    "read_refusal",
    "refusal_token",
    "refuse_shares",
    "reject_comment",
    "reopen",
    "report_comment",
    "request_changes",
    "restore_revision",
    "schedule",
    "schedule_issue",
    "set_cover",
    "set_lengths",
    "set_pdf",
    "share",
    "subject",
    "submit",
    "unschedule_issue",
    "withdraw",
    "write_report",
]
