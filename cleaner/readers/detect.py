"""Which format a text is in. A guess on evidence: what is not surely HTML or Markdown is text.

This room looks at characters and names; it reads no page.
"""

from __future__ import annotations

import re

SAMPLE_CHARS = 50_000
SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".text": "text",
    ".wet": "text",
}
MARKDOWN_KINDS = 2  # different constructs, and
MARKDOWN_MARKS = 4  # so many of them in all; or
MARKDOWN_LINKS = 10  # so many links alone: nobody writes these in plain text
HTML_TAGS = 4  # known tags in a text that begins with one, and
HTML_CHARS_A_TAG = 400  # at most on average: a page about tags has fewer

_HTML_START = re.compile(
    r"\ufeff?\s{0,1000}(?:<\?xml[^>]{0,200}>\s{0,100})?(?:<!--.{0,2000}?-->\s{0,100})?<(!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_TAG_START = re.compile(r"\s{0,1000}<[a-z!]", re.I)
_TAG = re.compile(
    r"</?(?:p|div|span|a|ul|ol|li|table|tr|td|h[1-6]|section|article|header|footer|nav|br|img|script|style|meta|link)\b"
    r"[^<>]{0,500}>",
    re.I,
)
# Each construct beside characters that must be there, which is far quicker to see.
_MARKDOWN = (
    ("](", re.compile(r"\]\((?:https?:|/|#|mailto:|[\w./-]{1,200}?\.html?\b)")),
    ("# ", re.compile(r"^ {0,3}#{1,6} +\S", re.M)),
    ("```", re.compile(r"^ {0,3}```", re.M)),
    ("---", re.compile(r"^ {0,3}\|? ?:?-{3,}:? ?\|[-:| ]*$", re.M)),  # the rule under a table's head
    ("]: ", re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]: *<?https?://", re.M)),  # reference links
)


def guess_format(text: str, filename: str | None = None) -> str:
    """``text``, ``markdown`` or ``html``; a known suffix of the file's name decides.

    Indentation, bullets and asterisks say nothing: flattened pages are full of them.
    """
    if filename and (named := SUFFIXES.get(_suffix(filename))):
        return named
    sample = text[:SAMPLE_CHARS]
    if "<" in sample and _is_html(sample):
        return "html"
    return "markdown" if _is_markdown(sample) else "text"


def beginning(utf8: bytes) -> str:
    """What of a text in UTF-8 is enough to guess by."""
    return utf8[: 4 * SAMPLE_CHARS].decode("utf-8", "ignore")[:SAMPLE_CHARS]


def _suffix(filename: str) -> str:
    _, dot, ending = filename.replace("\\", "/").rpartition("/")[2].rpartition(".")
    return (dot + ending).lower()


def _is_html(sample: str) -> bool:
    if _HTML_START.match(sample):
        return True
    if not _TAG_START.match(sample):
        return False
    tags = len(_TAG.findall(sample))
    return tags >= HTML_TAGS and tags * HTML_CHARS_A_TAG >= len(sample)


def _is_markdown(sample: str) -> bool:
    counts = [len(pattern.findall(sample)) if needed in sample else 0 for needed, pattern in _MARKDOWN]
    if counts[0] >= MARKDOWN_LINKS:
        return True
    return sum(map(bool, counts)) >= MARKDOWN_KINDS and sum(counts) >= MARKDOWN_MARKS
