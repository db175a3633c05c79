"""An address without its last slash leads to the one with it, by the same method."""

from django.http import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware


class _SameMethod(HttpResponsePermanentRedirect):
    """308: a client told 301 would come again with GET, and its filing would be lost unseen."""

    status_code = 308


class KeepMethod(CommonMiddleware):
    """Django's own middleware, whose redirects keep the method and the body."""

    response_redirect_class = _SameMethod
