"""A finished page as one line of JSON: the account, with the clean text and every removal in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cleaner.audit import account

if TYPE_CHECKING:
    from cleaner.pipeline import CleanResult


def json_of(result: CleanResult) -> str:
    """The account of a page on one line, without its newline; of HTML with the clean page as Markdown too."""
    found = account(result)
    if result.page.format == "html":
        found["markdown"] = result.markdown
    return json.dumps(found, ensure_ascii=False)
