"""Passwords of the tests, hashed as everywhere else but in one round: a login takes no time."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class OneRound(PBKDF2PasswordHasher):
    """Each hash names its rounds, so a server with the usual hashers verifies it too."""

    iterations = 1
