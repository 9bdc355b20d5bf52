"""``python -m cleaner`` is ``cleaner``."""

import sys

from cleaner.cli import program

sys.exit(program())
