"""Start of the bundled command line; build.spec names it."""

import sys

from fulian_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
