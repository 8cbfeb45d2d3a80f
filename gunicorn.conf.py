"""How gunicorn serves ``app:app``, whoever starts it: the application is loaded once, and its workers share it.

Loaded before the workers are made: it opens no connection and starts no thread. What it consists of is then left out
of the garbage collector's rounds, which would copy it into every worker by looking at it.
"""

import gc
from typing import Any

preload_app = True


def when_ready(_server: Any) -> None:
    """Set aside what is loaded, just before the workers are made."""
    gc.collect()
    gc.freeze()
