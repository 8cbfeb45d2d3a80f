"""Making room for the files that forms bring: elsewhere a request is small."""

from typing import Any

from flask import Blueprint, request

from eventsapp.files.rules import MOST_BYTES

#: What a form weighs beside its files, in bytes.
_FORM = 512 * 1024


def take_files(blueprint: Blueprint, *pages: str) -> None:
    """Take larger requests to these pages of ``blueprint``.

    Before anything reads the form: the check against forged requests does, ahead of what the blueprint does before
    a request.
    """
    endpoints = {f"{blueprint.name}.{page}" for page in pages}

    @blueprint.url_value_preprocessor
    def make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        if endpoint in endpoints:
            request.max_content_length = MOST_BYTES + _FORM
