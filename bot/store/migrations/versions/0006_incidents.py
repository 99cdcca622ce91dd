"""Nothing yet."""

revision: str = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Change nothing."""
