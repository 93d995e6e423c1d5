"""Whether objects are what the SDK declares of them: each field, and all that is nested in it."""

import typing

import stripe
from stripe._stripe_object import UntypedStripeObject


def misfits(value, at=""):
    """Where an object, or one in it, is not as its class in the SDK says."""
    hints = {}
    for base in reversed(type(value).__mro__):
        hints.update(base.__dict__.get("__annotations__", {}))
    for name, inner in value._data.items():
        where = f"{at or type(value).__qualname__}.{name}"
        if name in hints and not fits(inner, hints[name]):
            yield f"{where}: {type(inner).__qualname__}, not {hints[name]}"
        for part in inner if isinstance(inner, list) else [inner]:
            if isinstance(part, stripe.StripeObject):
                yield from misfits(part, where)


def fits(value, hint):
    """Whether a value is of a type as the SDK writes it."""
    if isinstance(hint, typing.ForwardRef):
        hint = hint.__forward_arg__
    if isinstance(hint, str):
        # A class that its module names, but imports for type checkers only.
        return type(value).__name__ == hint.rsplit(".", 1)[-1]
    if hint is typing.Any or isinstance(hint, typing.TypeVar):
        return True
    kind, parts = typing.get_origin(hint), typing.get_args(hint)
    if kind is typing.Union:
        return any(fits(value, part) for part in parts)
    if kind is typing.Literal:
        return value in parts
    if kind is list:
        return isinstance(value, list) and all(fits(inner, parts[0]) for inner in value)
    if kind is stripe.ListObject:
        return isinstance(value, kind) and all(fits(inner, parts[0]) for inner in value.data)
    if kind in (dict, UntypedStripeObject):
        # The SDK declares the latter for type checkers only, and makes plain objects of such parts.
        return isinstance(value, stripe.StripeObject)
    if hint is int and isinstance(value, bool):
        return False
    return isinstance(value, kind or hint)
