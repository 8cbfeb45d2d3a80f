"""Who may use the controls and the board: this machine, and no page of another site."""

from ipaddress import ip_address

from flask import abort, request


def require_this_machine() -> None:
    """Answer 403 to another machine, and to a form or script sent by another site's page."""
    address = ip_address((request.remote_addr or "0.0.0.0").split("%")[0])  # noqa: S104 - nobody's address
    mapped = getattr(address, "ipv4_mapped", None)
    if not (mapped or address).is_loopback:
        abort(403, "Only from this machine.")
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin not in {None, request.host_url.rstrip("/")}:
        abort(403, "Not from another site's page.")
