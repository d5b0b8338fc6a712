"""Whether a value is valid, found out fast; what is wrong with it jsonschema tells.

jsonschema takes fifty times longer, and most values are valid.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from jsonschema_rs import Draft4Validator, Draft202012Validator

Check: TypeAlias = Callable[[Any], bool]


def validity(schema: Any, *, draft4: bool = False) -> Check:
    """A function that tells whether a value certainly is what a schema says.

    False may also mean that it cannot be told: the value has what JSON has not.
    `format` is not looked at.

    Args:
        schema: of JSON Schema 2020-12, all in one.
        draft4: whether it is of draft 4 instead.

    The value may nest as deep as a document that was read (`text.DEEPEST_NESTING`), and
    not much deeper: native code looks at it.
    """
    kind = Draft4Validator if draft4 else Draft202012Validator
    validator = kind(schema, validate_formats=False)

    def is_valid(value: Any) -> bool:
        try:
            return validator.is_valid(value)
        except ValueError:  # JSON cannot say it
            return False

    return is_valid
