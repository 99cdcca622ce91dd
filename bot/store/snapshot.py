"""How does a long look at many tables see one moment, while others go on writing?"""

from sqlmodel import Session


def at_one_moment(session: Session) -> Session:
    """Let everything that the session reads be of the moment of its first look; call it before that.

    SQLite reads so by itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session
