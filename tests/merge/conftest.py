"""The command line and offices that know each other, for the tests of this folder."""

from tests.e2e.fixtures import country, fulian

__all__ = ["country", "fulian"]
