"""What decides the bytes of a run's outputs, and the tasks that workers are given. All of it pickles."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from cleaner import __version__
from cleaner.config import Config
from cleaner.containers import Kind, Shard
from cleaner.errors import UsageError
from cleaner.runs.facts import Facts, Failure

OUTPUTS = ("text", "markdown", "json", "jsonl", "parquet")
ON_BUDGET = ("flag", "keep", "fail")


class Choices(NamedTuple):
    """The choices of a run that are the same for all its pages.

    ``audits`` is empty, ``folder`` (a file beside each output's place) or ``file`` (one for all).
    """

    to: str = "text"
    format: str = "auto"
    encoding: str | None = None
    text_field: str = "text"
    url_field: str = "url"
    max_removed: float | None = None
    on_budget: str = "flag"
    audits: str = ""
    verbose: bool = False
    temporary_folder: str = ""

    def recipe(self, config: Config) -> str:
        """How outputs are made, as one word: the same word and the same input mean the same bytes.

        Raises UsageError for a file of points that cannot be read.
        """
        options = self._replace(verbose=False, temporary_folder="")
        return sha256(repr((__version__, tuple(options), config, _points(config))).encode()).hexdigest()


def _points(config: Config) -> bytes:
    """What the file of points says, which may change under the same name."""
    if not config.points:
        return b""
    try:
        with open(config.points, "rb") as file:
            return file.read()
    except OSError as error:
        raise UsageError(f"{config.points}: {error.strerror or error}") from None


class PageJob(NamedTuple):
    """One file that is one page: where it is, where its output and its audit go (if anywhere).

    ``place`` is where messages say that it is, ``name`` what its account calls it; ``is_spooled`` says
    that it came from standard input.
    """

    input: str
    place: str
    output: str
    audit: str
    name: str
    packing: str
    config: Config
    is_spooled: bool = False


class Pages(NamedTuple):
    """A task: some files, each a page."""

    number: int
    jobs: tuple[PageJob, ...]


class Records(NamedTuple):
    """A task: a shard of a container, whose output is a piece of a container of kind ``to``.

    ``place`` is where messages say that it is, ``name`` what accounts call it.
    """

    number: int
    unit: str
    place: str
    name: str
    kind: Kind
    to: Kind
    shard: Shard
    config: Config


class Assembly(NamedTuple):
    """A task: one Parquet or Arrow file, made of the ``size`` bytes of shards in ``source``.

    ``place`` is where messages say that its input is.
    """

    number: int
    unit: str
    place: str
    source: str
    size: int
    output: str
    container: str


Task = Pages | Records | Assembly


class Outcome(NamedTuple):
    """What became of a task. ``pages`` holds what became of each job of Pages, None for a failed one.

    ``data`` and ``audits`` are the bytes for the container's output and account. ``lost`` is why the
    whole task gives nothing.
    """

    facts: Facts
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    pages: tuple[Written | None, ...] = ()
    data: bytes = b""
    audits: bytes = b""
    lost: str = ""


class Written(NamedTuple):
    """A page's output: stamp and digest of what was read, the size of what was written, and the facts."""

    stamp: str
    digest: str
    size: int
    facts: Facts
    audit: bytes
