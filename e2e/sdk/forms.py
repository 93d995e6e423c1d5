"""Writes generated forms as the API reads them, `a[b][0][c]=1`: a hook of schemathesis."""

from urllib.parse import urlencode

import schemathesis


@schemathesis.serializer("application/x-www-form-urlencoded")
def form(_, value):
    if isinstance(value, bytes):
        return value
    if not isinstance(value, dict):
        return str(value).encode("utf-8", "surrogatepass")
    pairs = [pair for name, inner in value.items() for pair in flat(name, inner)]
    return urlencode(pairs, errors="surrogatepass").encode()


def flat(name, value):
    """A parameter and all that is nested in it, each with its whole name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(f"{name}[{key}]", inner)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from flat(f"{name}[{at}]", inner)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    else:
        yield name, "" if value is None else str(value)
