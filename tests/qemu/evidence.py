"""What a failed test leaves behind in build/: its error, its serial line, its screen."""

import traceback

import machine
import screen

EVIDENCE = (".txt", ".serial", ".png")


def forget_evidence(folder, name):
    for suffix in EVIDENCE:
        (folder / (name + suffix)).unlink(missing_ok=True)


def keep_evidence(folder, name, error):
    """What the serial line carried, the screen at the end, and the error with its trace."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    (folder / f"{name}.txt").write_text(text)
    last = machine.last_machine()
    if last:
        (folder / f"{name}.serial").write_bytes(last.screen.raw)
        if last.last_picture:
            screen.write_png(last.last_picture, folder / f"{name}.png")
