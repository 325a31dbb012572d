"""The import API over HTTP: requests, answers, and what they mean in our words."""

from dropbox_agent.adapters.import_api.client import HttpImportApi
from dropbox_agent.adapters.import_api.transport import ApiAccess

__all__ = ["ApiAccess", "HttpImportApi"]
