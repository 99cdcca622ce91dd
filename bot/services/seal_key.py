"""Who signs the record's seals, and how is a signature checked without the secret?

Ed25519: the private key follows from SECRET_KEY and never leaves the process; the public key is in every seal.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.domain.seal import Signed

PURPOSE = b"watchbell seals of the record, 1"
"""Keeps this key apart from whatever else SECRET_KEY signs."""


class SealKey:
    """Signs seals with a key that follows from a secret; the same secret gives the same key."""

    def __init__(self, secret: str) -> None:
        seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> str:
        """The public key in hex: what an auditor notes once, elsewhere."""
        return self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, text: str) -> Signed:
        """Sign a text."""
        return Signed(text, self._private.sign(text.encode()).hex())


def verifies(key: str, signed: Signed) -> bool:
    """Whether the owner of that public key, in hex, signed this."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signed.signature), signed.text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
