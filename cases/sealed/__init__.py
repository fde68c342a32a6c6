"""Sealed content: encrypted in the database with keys that lie outside it.

``keys`` is the key file, ``box`` the cipher, ``store`` the data keys, one for each sealed row (a report's reporter, an
original file, a draft); ``reporter`` and ``papers`` know what is sealed of a reporter and of a letter.
"""
