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
from eventsapp.magazine.service._comments import (
    add_comment,
    ban_commenter,
    edit_comment,
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
    publish_due_issues,
    publish_issue,
    schedule_issue,
    unschedule_issue,
)
from eventsapp.magazine.service._layout import move_in_issue, set_cover, set_lengths, set_pdf
from eventsapp.magazine.service._pictures import set_article_picture
from eventsapp.magazine.service._reading import give_article, open_due, revoke_gift, set_reading_terms
from eventsapp.magazine.service._reports import change_report, write_report
from eventsapp.magazine.service._sharing import read_refusal, refusal_token, refuse_shares, share
from eventsapp.magazine.service._speakers import merge_speakers
from eventsapp.magazine.service._text_pictures import bring_picture, forget_pictures
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
    "ban_commenter",
    "be_present",
    "bring_picture",
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
    "edit_comment",
    "edit_issue",
    "edit_section",
    "forget_pictures",
    "give_article",
    "lift_ban",
    "merge_speakers",
    "move_in_issue",
    "open_due",
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
    "revoke_gift",
    "schedule",
    "schedule_issue",
    "set_article_picture",
    "set_cover",
    "set_lengths",
    "set_pdf",
    "set_reading_terms",
    "share",
    "subject",
    "submit",
    "unschedule_issue",
    "withdraw",
    "write_report",
]
