"""Columns that hold personal data: encrypted on the way in, plain only in this process."""

import json
from typing import Any

from django.db import models

from songda.lib import crypto

# What stands in the column when its words were taken away for good: nothing, not even an encrypted nothing.
GONE = models.Value(b"", output_field=models.BinaryField())


class _Sealed(models.Field):  # type: ignore[type-arg]
    """Bytes on disk, a value in Python; bound to its own table and column."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def _purpose(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def _pack(self, value: Any) -> bytes:
        raise NotImplementedError

    def _unpack(self, plain: bytes) -> Any:
        raise NotImplementedError

    def _gone(self) -> Any:
        """What is read where the words were taken away."""
        return None

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002
        if value is None:
            return None
        return connection.Database.Binary(crypto.seal(self._pack(value), purpose=self._purpose()))

    def from_db_value(self, value: Any, *_: object) -> Any:
        if value is None:
            return None
        return self._unpack(crypto.unseal(bytes(value), purpose=self._purpose())) if value else self._gone()

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        return value


class EncryptedText(_Sealed):
    """Text of any length, AES-GCM at rest. Not searchable: keep a blind index beside it."""

    def _pack(self, value: Any) -> bytes:
        return str(value).encode()

    def _unpack(self, plain: bytes) -> str:
        return plain.decode()

    def _gone(self) -> str:
        return ""


class EncryptedJson(_Sealed):
    """A JSON value, AES-GCM at rest."""

    def _pack(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def _unpack(self, plain: bytes) -> Any:
        return json.loads(plain)
