"""A line to the API that looks at every answer: is it what the dialect says of its objects?"""

import json
import re
import threading
from copy import deepcopy
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

TIER_1 = Path(__file__).resolve().parents[1] / "data/tier-1.json"
OPERATIONS = json.loads(TIER_1.read_text())["operations"]
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


class Line:
    """Listens on a free port and passes everything on to `origin`."""

    def __init__(self, origin):
        self.faults = []
        self.checked = {}
        self.answers = []
        # The operations of the first tier that were not answered yet.
        self.forgotten = set(OPERATIONS)
        self._validators = validators()
        target = urlsplit(origin).netloc
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self):
                length = int(self.headers.get("Content-Length") or 0)
                onward = HTTPConnection(target, timeout=60)
                headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
                onward.request(self.command, self.path, self.rfile.read(length), headers)
                answer = onward.getresponse()
                body = answer.read()
                onward.close()
                if answer.status == 200:
                    line.forgotten.discard(operation(self.command, self.path))
                line.look(f"{self.command} {self.path}", body)
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("connection", "content-length"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_DELETE = pass_on

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def look(self, asked, body):
        """Checks every object of an answer."""
        try:
            answer = json.loads(body)
        except ValueError:
            return
        if "error" not in answer:
            self.answers.append(answer)
        for found in objects(answer):
            word = found["object"]
            validator = self._validators.get(word)
            if validator is None or found.get("deleted"):
                continue
            self.checked[word] = self.checked.get(word, 0) + 1
            for error in validator.iter_errors(found):
                at = ".".join(str(part) for part in error.absolute_path)
                deepest = min(error.context or [error], key=lambda inner: len(inner.message))
                self.faults.append(f"{asked}: {word}.{at}: {deepest.message[:300]}")


def operation(method, path):
    """The row of the table that a request belongs to; one without names in braces goes first."""
    asked = f"{method} {urlsplit(path).path}"
    patterns = ((row, re.sub(r"\{\w+\}", "[^/]+", row)) for row in OPERATIONS)
    matches = [row for row, pattern in patterns if re.fullmatch(pattern, asked)]
    return asked if asked in matches else next(iter(matches), None)


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


def validators():
    """A strict validator for each word that stands in `object`."""
    document = json.loads(SCHEMAS.read_text())
    definitions = deepcopy(document["$defs"])
    for schema in definitions.values():
        closed(schema)
    for name, field in OWN_FIELDS:
        definitions[name]["properties"][field] = {}
    by_word = {}
    for root in document["roots"].values():
        name = root["$ref"].rsplit("/", 1)[1]
        word = definitions[name]["properties"].get("object", {}).get("const")
        if word:
            schema = {"$ref": f"#/$defs/{name}", "$defs": definitions}
            by_word[word] = Draft202012Validator(schema)
    return by_word


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
