"""What a browser sends, made readable before anybody looks."""

import re
from typing import TYPE_CHECKING, Any

from flask import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_RAW = re.compile(rb"[^\x21-\x7e]")


class ReadableRequest(Request):
    """A request whose query may be no UTF-8: its bytes are read as if they had been escaped (RFC 3986, 2.1).

    Werkzeug decodes the query strictly as UTF-8, so one byte of Latin-1 in an address would be an error of ours.
    """

    def __init__(self, environ: "WSGIEnvironment", *args: Any, **kwargs: Any) -> None:
        super().__init__(environ, *args, **kwargs)
        try:
            self.query_string.decode()
        except UnicodeDecodeError:
            self.query_string = _RAW.sub(lambda found: b"%%%02X" % found[0][0], self.query_string)
