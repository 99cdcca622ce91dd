"""What marks what a person wrote, as against a fact?"""

from typing import NewType

Words = NewType("Words", str)
"""What a person wrote. Never a fact that a rule decides on."""
