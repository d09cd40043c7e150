"""What can go wrong, by the exit codes of the tool."""


class InrrVideoError(RuntimeError):
    """The tool ended with an error.

    Attributes:
        code: its exit code; None where the tool did not run.
    """

    def __init__(self, message, code=None):
        super().__init__(message)
        self.code = code


class ToolNotFoundError(InrrVideoError):
    """There is no program inrr-video, or it can't be run."""


class ArgumentsError(InrrVideoError, ValueError):
    """A setting is wrong, nothing is missing, or the mask does not fit (exit code 2)."""


class InputError(InrrVideoError):
    """What was handed over can't be read (exit code 3)."""


class OutputError(InrrVideoError, OSError):
    """The result can't be written, or the tool's folder of temporary files is full (exit code 4)."""


class TryAgainError(InrrVideoError):
    """Disk or memory is full: the same call may succeed later (exit code 75)."""


def error(code, message):
    """The exception for an exit code."""
    kinds = {2: ArgumentsError, 3: InputError, 4: OutputError, 75: TryAgainError}
    if code < 0:
        message = message or f"the tool was ended by signal {-code}"
    return kinds.get(code, InrrVideoError)(message or f"the tool ended with exit code {code}", code)
