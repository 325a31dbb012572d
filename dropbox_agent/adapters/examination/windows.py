"""Asks Windows for what only Windows has."""

import sys

if sys.platform == "win32":
    import winreg

    def long_paths_enabled() -> bool | None:
        """Say whether paths may have more than 259 characters (documented registry value)."""
        place = r"SYSTEM\CurrentControlSet\Control\FileSystem"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
                return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
        except OSError:
            return False

else:

    def long_paths_enabled() -> bool | None:
        """Say that other systems have no such limit."""
        return None
