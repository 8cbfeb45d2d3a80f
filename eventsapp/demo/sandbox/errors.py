"""The refusals of the API, shaped as Stripe shapes them, and those of the payment page."""

from typing import Any


class ApiError(Exception):
    """A refusal the API answers with ``{"error": {...}}``.

    ``kind`` is Stripe's ``type``; ``code`` and ``param`` are left out of the answer when there is none.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param
        self.status = status
        self.kind = kind

    def body(self) -> dict[str, Any]:
        """Return the answer's body."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code is not None:
            error["code"] = self.code
        if self.param is not None:
            error["param"] = self.param
        return {"error": error}


class CardDeclinedError(ApiError):
    """A card was not charged; the answer shows the payment that was tried, which is kept."""

    def __init__(self, message: str, *, code: str, decline_code: str | None, intent: dict[str, Any]) -> None:
        super().__init__(message, code=code, status=402, kind="card_error")
        self.decline_code = decline_code
        self.intent = intent

    def body(self) -> dict[str, Any]:
        """Return the answer's body."""
        body = super().body()
        body["error"]["payment_intent"] = self.intent
        if self.decline_code is not None:
            body["error"]["decline_code"] = self.decline_code
        return body


def missing_resource(kind: str, object_id: str, *, param: str = "id", status: int = 404) -> ApiError:
    """Return the refusal for an object that does not exist; ``kind`` is Stripe's name of the object."""
    return ApiError(
        f"No such {kind.replace('.', ' ')}: '{object_id}'", code="resource_missing", param=param, status=status
    )


class SessionClosedError(Exception):
    """The payment page was used on a session that is no longer open."""
