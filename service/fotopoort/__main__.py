"""The command `fotopoort`. Nothing is imported here: every screening process imports this module again."""

from __future__ import annotations


def main() -> None:
    from fotopoort.cli.app import main as run

    run()


if __name__ == "__main__":
    main()
