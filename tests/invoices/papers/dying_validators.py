"""Validators that answer on the first document and end in the middle of the second, as a crash would have it."""

import os
import sys

if __name__ == "__main__":
    sys.stdin.read()
    sys.stdout.write('[0, []]\n[1, [["BR-')
    sys.stdout.flush()
    sys.stderr.write("Fatal error: graal_create_isolate")
    sys.stderr.flush()
    os._exit(134)
