"""What goes wrong when a paper is made."""


class PaperFailed(Exception):  # noqa: N818 - read it as a sentence: the paper failed
    """What was asked for makes no valid paper; the message says what and why, for the log."""
