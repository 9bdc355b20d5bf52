"""The encoding that a document declares for itself: in a meta element, or in its XML declaration.

This room looks at the first bytes alone; whether the claim is true ``encoding`` finds out.
"""

from __future__ import annotations

import re

HEAD_BYTES = 4_096  # browsers look at 1,024; many pages come to it later

_META = re.compile(rb"<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_XML = re.compile(rb"\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})")


def declared_encoding(data: bytes) -> str | None:
    """The label that stands in the first bytes; None when there is none or it cannot be true."""
    head = data[:HEAD_BYTES]
    if b"<" not in head:
        return None
    found = _META.search(head) or _XML.match(head)
    if not found:
        return None
    label = found[1].decode("ascii").lower()
    return None if label.startswith(("utf-16", "utf-32", "utf16", "ucs-")) else label  # ASCII could not be read then
