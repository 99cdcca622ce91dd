"""What can the store refuse? Each is a mistake of ours or of the installation, never of the person who asked."""


def first_line(error: object) -> str:
    """What a database says is wrong, without the hints and places that follow."""
    return str(error).strip().partition("\n")[0]


class SchemaBehind(Exception):  # noqa: N818 - it states what is the case, and the sentence is for the operator
    """The database's tables are older or newer than this program."""


class WrongEncoding(Exception):  # noqa: N818 - as above
    """The database does not take every character that people write."""


class Leak(Exception):  # noqa: N818 - the word that the house uses for it
    """Something internal was about to be put where a customer reads."""


class NoWords(Exception):  # noqa: N818 - as above
    """What a message is to say cannot be found just now; the text says why, without a word that anybody wrote."""


class CannotMove(Exception):  # noqa: N818 - as above
    """A desk cannot be carried to another database, or has been carried away already."""
