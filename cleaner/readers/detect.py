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
MARKDOWN_MARKS = 4  # so many of them in all
HTML_TAGS = 4  # known tags in a text that begins with one

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
_MARKDOWN = tuple(
    (needed, re.compile(pattern, re.M))
    for needed, pattern in (
        ("# ", r"^ {0,3}#{1,6} +\S"),  # headings
        ("](", r"\]\((?:https?:|/|#|mailto:)"),  # links and images
        ("```", r"^ {0,3}```"),  # fences
        ("---", r"^ {0,3}\|? ?:?-{3,}:? ?\|[-:| ]*$"),  # the rule under a table's head
        ("]: ", r"^ {0,3}\[[^\]\n]{1,100}\]: *<?https?://"),  # reference links
    )
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


def _suffix(filename: str) -> str:
    _, dot, ending = filename.replace("\\", "/").rpartition("/")[2].rpartition(".")
    return (dot + ending).lower()


def _is_html(sample: str) -> bool:
    if _HTML_START.match(sample):
        return True
    return bool(_TAG_START.match(sample)) and len(_TAG.findall(sample)) >= HTML_TAGS


def _is_markdown(sample: str) -> bool:
    counts = [len(pattern.findall(sample)) for needed, pattern in _MARKDOWN if needed in sample]
    return sum(map(bool, counts)) >= MARKDOWN_KINDS and sum(counts) >= MARKDOWN_MARKS
