"""The ten lines people write first: create an import, then ask every two seconds until it is done.

    API_URL=... API_KEY=... python bare_script.py FILE...

It does what the vendor's sample script is documented to do, one file after the other; what that
one does not do (checks, retries, a memory of what was sent), this one does not do either.
"""

import os
import sys
import time
from pathlib import Path

import requests

SECONDS = 2


def main(paths: list[str]) -> None:
    """Import some files of contacts."""
    with requests.Session() as session:  # as fetch in Node keeps its connection
        session.trust_env = False
        session.headers["Authorization"] = f"apiKey {os.environ['API_KEY']}"
        for path in paths:
            import_file(session, f"{os.environ['API_URL']}/imports", Path(path))


def import_file(session: requests.Session, url: str, path: Path) -> None:
    """Send one file and follow it to its end."""
    options = {
        "type": "contacts",
        "delimiter": ",",
        "overrideExisting": "true",
        "updateOnlyEmptyFields": "false",
    }
    with path.open("rb") as file:
        answer = session.post(url, data=options, files={"file": (path.name, file, "text/csv")})
    answer.raise_for_status()
    created = answer.json()
    while True:
        told = session.get(f"{url}/{created['id']}").json()
        print(f"{told['success'] + told['errors']} of {created['total']} done")
        if told["status"] == "finished":
            return
        time.sleep(SECONDS)


if __name__ == "__main__":
    main(sys.argv[1:])
