"""A watched folder that checks CSV files and imports them into Connectif, once each."""

__all__ = ["__version__"]

__version__ = "0.1.0"
