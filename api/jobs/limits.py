"""What a process that works on strangers' documents takes from itself before it begins."""

import os
import resource
from math import ceil

_POLITE = 10  # look-ups go before it where processors are short


def confine(memory: int) -> None:
    """Give this process so many bytes of address space, no core file, and the last turn at the processors."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.nice(_POLITE)


def write_nothing() -> None:
    """Keep this process from writing into any file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def limit_processor(seconds: float) -> None:
    """Have the kernel end this process once it has computed for so many seconds more."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = ceil(usage.ru_utime + usage.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))
