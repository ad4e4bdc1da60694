"""As `scheduler`, for clusters so large that upstream takes seconds."""

from scheduler import answer  # noqa: F401
