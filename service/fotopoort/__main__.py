"""The command `fotopoort`. Nothing is imported here: every screening process imports this module again."""

from __future__ import annotations

LOOKS = ("screen", "inspect")  # the commands that look at photos first thing


def main() -> None:
    import sys

    if sys.argv[1:2] and sys.argv[1] in LOOKS and len(sys.argv) > 2 and "--help" not in sys.argv:
        from fotopoort.screening.processes.process import start_ahead

        start_ahead()  # it imports at the same time as the command

    from fotopoort.cli.app import main as run

    run()


if __name__ == "__main__":
    main()
