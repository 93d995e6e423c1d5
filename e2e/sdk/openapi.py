"""The API against its own description: valid OpenAPI, and no answer that it does not describe.

HOLDFAST_API is the address of the API and HOLDFAST_SECRET_KEY a secret key of it.
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

ADDRESS = os.environ["HOLDFAST_API"] + "/openapi.json"
KEY = os.environ["HOLDFAST_SECRET_KEY"]

# The same cases at each run: what fails here fails again.
SEED = "20261028"
# For each operation, beside one case for each bound of each parameter.
EXAMPLES = "4"
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
]


class OpenApi(unittest.TestCase):
    def test_document_is_valid(self):
        answer = requests.get(ADDRESS, timeout=30)
        self.assertEqual(answer.status_code, 200)
        document = answer.json()
        self.assertTrue(document["openapi"].startswith("3.1."))
        OpenAPIV31SpecValidator(document).validate()
        again = requests.get(
            ADDRESS, headers={"If-None-Match": answer.headers["ETag"]}, timeout=30
        )
        self.assertEqual((again.status_code, again.content), (304, b""))

    def test_answers_are_as_described(self):
        here = Path(__file__).resolve().parent
        run = subprocess.run(
            [
                Path(sys.executable).parent / "schemathesis",
                "run",
                ADDRESS,
                f"--header=Authorization: Bearer {KEY}",
                f"--checks={','.join(CHECKS)}",
                "--phases=examples,coverage,fuzzing",
                f"--max-examples={EXAMPLES}",
                f"--seed={SEED}",
                "--generation-database=none",
                "--suppress-health-check=all",
                "--continue-on-failure",
                "--warnings=off",
                "--no-color",
            ],
            cwd=here,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "forms", "PYTHONPATH": str(here)},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(run.returncode, 0, run.stdout[-6_000:] + run.stderr[-2_000:])


if __name__ == "__main__":
    unittest.main()
