"""How far a long piece of work has come, shown on a terminal. Loads slowly."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

Advance = Callable[[str], None]  # told of each piece that is done, by name


class Rate(ProgressColumn):
    """How many pieces are done in a second."""

    def __init__(self, unit: str) -> None:
        """Name what is counted."""
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        """Return the rate of the last half a minute, nothing before there is one."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.3g} {self._unit}/s")


@contextmanager
def metered(total: int, unit: str) -> Iterator[Advance]:
    """Show a bar with rate and time left on standard error, and only where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(unit), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda name: progress.update(task, description=name, advance=1)
