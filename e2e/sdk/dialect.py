"""Whether answers are what the dialect says of its objects, strictly."""

import json
from copy import deepcopy
from pathlib import Path

from jsonschema_rs import Draft202012Validator, Registry

DATA = Path(__file__).resolve().parents[2] / "crates/api/tests/data"
SCHEMAS = DATA / "stripe-objects-2026-10-28.schema.json"

# Fields that Holdfast adds to objects of the dialect, or fills with words of its own.
OWN_FIELDS = [
    ("LineItem", "seller"),
    ("LineItem", "excluded_payment_method_types"),
    ("EventBase", "type"),
    ("WebhookEndpoint", "enabled_events"),
    ("Session", "locale"),
]


class Dialect:
    """Looks at answers, and keeps what is wrong with them."""

    def __init__(self):
        self.faults = []
        # How many objects of each word that stands in `object` were looked at.
        self.checked = {}
        self._schemas, self._registry = schemas()
        self._validators = {}

    def look(self, asked, answer):
        """Checks every object of an answer to `asked`."""
        for found in objects(answer):
            word = found["object"]
            if word not in self._schemas or found.get("deleted"):
                continue
            validator = self._validator(word)
            self.checked[word] = self.checked.get(word, 0) + 1
            for error in validator.iter_errors(found):
                at = ".".join(str(part) for part in error.instance_path)
                self.faults.append(f"{asked}: {word}.{at}: {deepest(error)[:300]}")

    def _validator(self, word):
        """Made once it is needed: to make all of them takes longer than most tests."""
        if word not in self._validators:
            schema = self._schemas[word]
            self._validators[word] = Draft202012Validator(schema, registry=self._registry)
        return self._validators[word]


def objects(value):
    """Everything in an answer that says what it is."""
    if isinstance(value, dict):
        if isinstance(value.get("object"), str):
            yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def deepest(error):
    """What is wrong; of the ways that a value could have been right, the shortest is it."""
    ways = [inner for way in getattr(error.kind, "context", []) for inner in way]
    return min((inner.message for inner in ways), key=len, default=error.message)


def schemas():
    """A strict schema for each word that stands in `object`, and what they refer to."""
    document = json.loads(SCHEMAS.read_text())
    definitions = deepcopy(document["$defs"])
    for schema in definitions.values():
        closed(schema)
    for name, field in OWN_FIELDS:
        definitions[name]["properties"][field] = {}
    # Read once for all of them.
    registry = Registry([("urn:dialect", {"$defs": definitions})])
    by_word = {}
    for root in document["roots"].values():
        name = root["$ref"].rsplit("/", 1)[1]
        word = definitions[name]["properties"].get("object", {}).get("const")
        if word:
            by_word[word] = {"$ref": f"urn:dialect#/$defs/{name}"}
    return by_word, registry


def closed(schema):
    """Nothing may be there that the schema does not name."""
    if isinstance(schema, list):
        for inner in schema:
            closed(inner)
    if not isinstance(schema, dict):
        return
    if schema.get("properties"):
        schema.setdefault("additionalProperties", False)
        for inner in schema["properties"].values():
            closed(inner)
    for word in ("anyOf", "items", "additionalProperties"):
        closed(schema.get(word))
