"""Whether what the application needs answers."""

import sqlalchemy as sa
from huey.exceptions import HueyException
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from eventsapp.core import queue
from eventsapp.core.db import db


def database_answers() -> bool:
    """Return whether the database answers a query."""
    try:
        db.session.execute(sa.select(sa.literal(1)))
    except SQLAlchemyError:
        return False
    return True


def queue_answers() -> bool:
    """Return whether the queue can be looked at."""
    try:
        queue.pending()
    except (RedisError, HueyException, OSError):
        return False
    return True
