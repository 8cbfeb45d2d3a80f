"""How gunicorn serves ``app:app``, whoever starts it: the application is loaded once, and its workers share it.

Loaded before the workers are made: it opens no connection and starts no thread. What it consists of is then left out
of the garbage collector's rounds, which would copy it into every worker by looking at it.
"""

import ctypes
import gc
from typing import Any

from sqlalchemy.orm import configure_mappers

preload_app = True

#: glibc's name for the most heaps of a process, and how many a worker has. It would give nearly every thread one, each
#: with room that the others cannot use: some 20 MB a worker for nothing, as threads that run Python take turns.
_M_ARENA_MAX, _HEAPS = -8, 2

_libc = ctypes.CDLL(None)
if hasattr(_libc, "gnu_get_libc_version"):
    _libc.mallopt(_M_ARENA_MAX, _HEAPS)


def when_ready(_server: Any) -> None:
    """Finish what every worker would make for itself, and set it aside, just before the workers are made."""
    configure_mappers()
    gc.collect()
    gc.freeze()
