"""Holds answers against the schemas of the dialect, and prints what was looked at and is wrong.

HOLDFAST_ANSWERS is a file of answers as they came, each with what was `asked` and its `body`.
"""

import json
import os
import sys
from pathlib import Path

from dialect import Dialect

dialect = Dialect()
for answer in json.loads(Path(os.environ["HOLDFAST_ANSWERS"]).read_text()):
    # Every answer of the API is JSON but the content of a file.
    if not answer["asked"].partition("?")[0].endswith("/contents"):
        dialect.look(answer["asked"], json.loads(answer["body"]))
faults = sorted(set(dialect.faults))
json.dump({"checked": dialect.checked, "faults": faults[:40]}, sys.stdout)
