"""The whole suite on other Pythons and with other versions of the packages."""
