"""A line to the API that looks at every answer: is it what the dialect says of its objects?"""

import json
import re
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from dialect import Dialect

TIER_1 = Path(__file__).resolve().parents[1] / "data/tier-1.json"
OPERATIONS = json.loads(TIER_1.read_text())["operations"]


class Line:
    """Listens on a free port and passes everything on to `origin`."""

    def __init__(self, origin):
        self.dialect = Dialect()
        self.answers = []
        # The operations of the first tier that were not answered yet.
        self.forgotten = set(OPERATIONS)
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
        """Keeps an answer, and what is wrong with it."""
        try:
            answer = json.loads(body)
        except ValueError:
            return
        if "error" not in answer:
            self.answers.append(answer)
        self.dialect.look(asked, answer)


def operation(method, path):
    """The row of the table that a request belongs to; one without names in braces goes first."""
    asked = f"{method} {urlsplit(path).path}"
    patterns = ((row, re.sub(r"\{\w+\}", "[^/]+", row)) for row in OPERATIONS)
    matches = [row for row, pattern in patterns if re.fullmatch(pattern, asked)]
    return asked if asked in matches else next(iter(matches), None)
