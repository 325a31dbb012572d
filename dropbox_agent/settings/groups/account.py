"""Settings of the account that files are imported into."""

from pathlib import Path

from pydantic import SecretStr, ValidationInfo, field_validator

from dropbox_agent.errors import BadConfiguration
from dropbox_agent.settings import values
from dropbox_agent.settings.faults import ENV_FILE, Unusable
from dropbox_agent.settings.groups.group import Group, setting


class AccountSettings(Group):
    """Where the account is, and the key to it."""

    api_key: values.ApiKey = setting(
        "CONNECTIF_API_KEY", "",
        "The API key, as <key id>:<key secret>. Made in Connectif under Store settings > API and "
        "IP access > API Keys; it needs Read and Write for Imports. Where it may read contact "
        "fields and coupon sets too, files are checked against these.",
    )  # fmt: skip
    api_url: values.Url = setting(
        "CONNECTIF_API_URL", "https://api.connectif.cloud",
        "Where the import API is. Must be https, except on this machine.",
    )  # fmt: skip
    ca_bundle: values.PathOrNone = setting(
        "CONNECTIF_CA_BUNDLE", "",
        "A file with the certificates to trust, where a company proxy has its own.",
    )  # fmt: skip

    @field_validator("ca_bundle")
    @classmethod
    def _there(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        if path is None:
            return None
        path = info.data["home"] / path
        if not _is_file(path):
            raise Unusable(f"there is no file {path}.", instead="certificates.pem")
        return path

    def require_key(self) -> SecretStr:
        """Return the API key.

        Raises:
            BadConfiguration: There is none.
        """
        if self.api_key is None:
            raise BadConfiguration(
                "There is no API key.",
                hint="In Connectif open Store settings > API and IP access > API Keys, make a key "
                "that may read and write imports, and write it as "
                f"CONNECTIF_API_KEY={values.KEY_EXAMPLE} into {self.home / ENV_FILE}.",
                code="no-api-key",
            )
        return self.api_key

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that must never be shown: the key, and its secret half by itself."""
        if self.api_key is None:
            return super().secrets
        key = self.api_key.get_secret_value()
        return (*super().secrets, key, key.partition(":")[2])


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # its name is too long, or a folder on the way may not be read
        return False
