"""Keys, certificates and the package file: bytes in, verified segments out, and back (DESIGN §5, §6).

Plain values in and out: no workspace, no database, no clock; randomness is a parameter. The bytes are those
of docs/package-format.md. ``cryptography`` and ``pyrage`` are imported inside functions, because the command
line loads these modules for every command.
"""
