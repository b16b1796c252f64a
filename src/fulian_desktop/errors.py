"""What can go wrong, by name.

Three families (the person, the machine, ourselves):

* ``InputProblem``: something a person typed or chose. Shown at the field, carries a 中文 sentence.
* ``MachineProblem``: the disk, the stick, another program. A 中文 sentence and a next step.
* anything else is a defect of ours and is logged with its traceback, never shown raw.

Every sentence says what happened and what to do next. Conflicts and bad rows are data, not exceptions.
"""

from __future__ import annotations


class FulianError(Exception):
    """Base of all errors that carry a sentence for people.

    Args:
        text: 中文: what happened, then what to do next.
        code: Stable English code for scripts.
    """

    code = "error"

    def __init__(self, text: str, code: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        if code is not None:
            self.code = code


class InputProblem(FulianError):
    """A person typed or chose something that cannot be done."""

    code = "input"


class NotAllowed(InputProblem):
    """The office of this computer may not do that (DESIGN §4, authority)."""

    code = "not-allowed"


class NotFound(InputProblem):
    """No such record, unit, package or act."""

    code = "not-found"


class MachineProblem(FulianError):
    """The computer could not do it: disk full, read-only stick, locked file."""

    code = "machine"


class WrongPassphrase(InputProblem):
    """Neither a person's passphrase nor the recovery code opens this workspace."""

    code = "wrong-passphrase"


class Damaged(MachineProblem):
    """A file is not what it was when it was written."""

    code = "damaged"


class TooNew(MachineProblem):
    """A file or database was written by a newer program."""

    code = "too-new"


class Refused(MachineProblem):
    """A file from outside was refused before anything was written; ``code`` is the state (DESIGN §11)."""

    code = "damaged"
