"""One way to write a value as JSON, so that equal values have equal digests.

Digests are kept: in receipts, in the audit log and as the keys of results. The parameters exist because some of them
were first written in another way, and have to stay the same to the byte.
"""

from __future__ import annotations

import hashlib
import json


def canonical(value: object, *, sort_keys: bool = True, compact: bool = True) -> str:
    """The value as JSON in ASCII.

    Args:
        sort_keys: False keeps the keys of objects in the order in which they are given.
        compact: False puts a space after each comma and colon.

    Raises:
        TypeError: JSON has no such value.
    """
    return json.dumps(
        value,
        sort_keys=sort_keys,
        separators=(",", ":") if compact else (", ", ": "),
    )


def digest(value: object, *, sort_keys: bool = True, compact: bool = True) -> str:
    """SHA-256 of the value's canonical JSON, in hexadecimal; for the arguments, see `canonical`."""
    content = canonical(value, sort_keys=sort_keys, compact=compact)
    return hashlib.sha256(content.encode()).hexdigest()
