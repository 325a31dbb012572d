"""Reads the API key that a service manager hands over as a file.

systemd puts it there for ``LoadCredential=``; containers mount their secrets likewise. It is
neither in the environment nor in a folder that other users may read.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dropbox_agent.errors import NoPermission
from dropbox_agent.settings.envfile import Entry
from dropbox_agent.settings.faults import SettingFault

KEY: Final = "CONNECTIF_API_KEY"
NAME: Final = "connectif_api_key"
FOLDER: Final = "CREDENTIALS_DIRECTORY"
PLACE: Final = f"credential {NAME}"


def read_credential(environ: Mapping[str, str]) -> dict[str, Entry] | SettingFault:
    """Read the key from ``$CREDENTIALS_DIRECTORY/connectif_api_key``; nothing if it is not there.

    Raises:
        NoPermission: It may not be read.
    """
    folder = environ.get(FOLDER, "")
    if not folder:
        return {}
    path = Path(folder) / NAME
    try:
        text = path.read_bytes().decode("utf-8-sig").strip()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except PermissionError as error:
        if not os.access(folder, os.X_OK):
            return {}  # so systemd leaves the folder where it was given nothing to hand over
        raise NoPermission(
            f"The API key in {path} may not be read by this user.",
            hint="Give the user that the agent runs as the right to read it.",
            code="credential-no-permission",
        ) from error
    except UnicodeDecodeError:
        return _unreadable(path, "it is not text in UTF-8")
    except OSError as error:
        return _unreadable(path, error.strerror or str(error))
    return {KEY: Entry(text, place=PLACE)} if text else {}


def _unreadable(path: Path, why: str) -> SettingFault:
    what = f"{path} cannot be used: {why}."
    return SettingFault(KEY, None, what, "the key, and nothing else, into that file", place=PLACE)
