"""A calendar year pasted from the State Council's notice: shown first, then entered whole."""
