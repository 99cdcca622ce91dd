"""What tests of the program's whole stand on: a shell with a desk in it, as the tests of the command line have."""

from tests.commands.conftest import desk, shell

__all__ = ["desk", "shell"]
