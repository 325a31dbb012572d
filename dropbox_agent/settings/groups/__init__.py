"""The settings in groups, one a module, in the order in which people read them."""
