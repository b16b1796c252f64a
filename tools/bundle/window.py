"""Start of the bundled window; build.spec names it."""

import sys

from fulian_desktop.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
