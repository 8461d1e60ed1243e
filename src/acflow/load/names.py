"""Names of columns that any warehouse can have.

Declared names are plain. A field that nobody declared may be called anything; where its name would break SQL on its
way through a loader, or be cut off by a database, it gets one that depends on nothing but itself.
"""

import hashlib
import re

LONGEST = 63  # bytes; PostgreSQL cuts off what is longer
TROUBLE = re.compile(r"[\x00-\x1f\x7f;\"'▶]")  # dlt splits statements at ";" and parts names by "▶"


def plain_name(name: str) -> str:
    """Return the name itself if a column can have it, else one like it that no other field gets."""
    if not TROUBLE.search(name) and len(name.encode()) <= LONGEST:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    kept = TROUBLE.sub("_", name).encode()[: LONGEST - len(mark) - 1]
    return f"{kept.decode(errors='ignore')}_{mark}"
