"""The filters in the order they run; nothing else."""

from cleaner.filter import Filter

FILTERS: tuple[Filter, ...] = ()
