"""The errors that users see. Each message says what, where, and what to do next."""


class CleanerError(Exception):
    """What went wrong, where, and what to do; the parent of every error raised on purpose."""


class UsageError(CleanerError):
    """An option, a configuration file or a pattern is wrong."""


class ReadError(CleanerError):
    """An input cannot be read as text."""


class FilterError(CleanerError):
    """A filter broke the ledger's rules, such as removing text twice."""


def counted(count: int, noun: str) -> str:
    """A number and what it counts, as messages say it: "1 block", "1,200 blocks"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
