"""The program: without arguments the window, otherwise the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Open the window, or run the command given; returns the exit code (DESIGN §11)."""
    if len(sys.argv) > 1:
        from fulian_desktop.cli import main as command_line

        return command_line()
    from fulian_desktop.ui.start import start

    return start()


if __name__ == "__main__":
    sys.exit(main())
