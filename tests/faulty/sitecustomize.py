"""Makes the cleaning of some pages go wrong; read by every interpreter that has this folder on its path.

A page that holds POISON-HANG hangs, with POISON-MEMORY it eats memory, with POISON-HOARD its process keeps some memory
for good, with POISON-CRASH it dies, and with POISON-PAUSE and POISON-SLOW a page takes a while.
"""

import importlib.abc
import importlib.util
import os
import signal
import sys
import time

HOARDED_BYTES = 200 << 20
_kept = []


def _poisoned(clean):
    def cleaned(data, **options):
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        if "POISON-HANG" in text:
            signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
            time.sleep(3600)
        if "POISON-MEMORY" in text:
            hoard = []
            while True:
                hoard.append(bytearray(1 << 24))
        if "POISON-HOARD" in text:
            _kept.append(bytearray(HOARDED_BYTES))
        if "POISON-CRASH" in text:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "POISON-PAUSE" in text:
            time.sleep(0.02)
        if "POISON-SLOW" in text:
            time.sleep(1.5)
        return clean(data, **options)

    return cleaned


class _Finder(importlib.abc.MetaPathFinder):
    """Replaces ``cleaner.pipeline.clean`` as soon as its module is there."""

    def find_spec(self, name, path, target=None):
        if name != "cleaner.pipeline":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            module.clean = _poisoned(module.clean)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, _Finder())
