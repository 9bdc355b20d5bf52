"""The errors that users see. Each message says what, where, and what to do next."""

import os


class CleanerError(Exception):
    """What went wrong, where, and what to do; the parent of every error raised on purpose."""


class UsageError(CleanerError):
    """An option, a configuration file or a pattern is wrong."""


class ReadError(CleanerError):
    """An input cannot be read as text."""


class WriteError(CleanerError):
    """An output could not be written in full."""


class FilterError(CleanerError):
    """A filter broke the ledger's rules, such as removing text twice."""


def bug(error: Exception) -> str:
    """What to say of an error that nobody foresaw, with the place where it came up."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f" in {os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}" if place else ""
    return f"internal error{where}: {type(error).__name__}: {error}; please report it, with the page if you can"


def counted(count: int, noun: str) -> str:
    """A number and what it counts, as messages say it: "1 block", "1,200 blocks"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
