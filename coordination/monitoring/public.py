"""The page on which a reporter reports a day of his project, by the link of that day.

Nothing of a request's body is read before its link is known to be open.
"""

from functools import partial

from django.http import HttpRequest, HttpResponse

from coordination.monitoring.file import find_open_link, report_by_link, unchanged_by_link
from coordination.monitoring.public_form import ReportForm, shown, take
from coordination.parties.public import link_page, render_page, see_again


@link_page
def report_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the last figures and the form; after a report what was recorded."""
    link = find_open_link(token)
    wrong: ReportForm | None = None
    refused = ""
    if request.method == "POST":
        wrong, refused = take(
            request.POST, report=partial(report_by_link, token=token),
            unchanged=partial(unchanged_by_link, token=token),
        )  # fmt: skip
        if wrong is None and not refused:
            return see_again(request)
    template, context = shown(
        link.reporter.project, link.day, wrong=wrong, refused=refused,
        is_amending="amend" in request.GET,
    )  # fmt: skip
    return render_page(template, context | {"until": link.expires_at})
