"""The flow of a ticket as a mermaid diagram, drawn from the table."""

from typing import Final

from coordination.tickets.flow import ENDED, FLOW, Verb
from projects.flow.table import NEW

BEGIN: Final = "<!-- flow: drawn by manage.py draw_flow -->"
END: Final = "<!-- end of flow -->"


def mermaid() -> str:
    """One arrow for each pair of states, with the verbs that lead along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for verb, source, target in FLOW.transitions():
        if source != target or verb == Verb.PASS_ON:
            arrows.setdefault((source or "[*]", target), []).append(str(verb))
    lines = [
        f"    {source} --> {target}: {', '.join(verbs)}"
        for (source, target), verbs in arrows.items()
    ]
    ends = [f"    {status} --> [*]" for status in sorted(ENDED)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, *ends, "```"])


def table() -> str:
    """Verb, from, to, who, and what must be said: the flow in rows."""
    rows = ["| verb | from | to | by | needs |", "|---|---|---|---|---|"]
    for rule in FLOW.rules():
        sources = ", ".join(sorted(rule.sources)) or "—"
        who = ", ".join(sorted(rule.who))
        rows.append(
            f"| `{rule.verb}` | {sources} | {rule.target or NEW} | {who} | "
            f"{', '.join(rule.required) or '—'} |"
        )
    return "\n".join(rows)


def placed_in(page: str) -> str:
    """The page with the drawing of today between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{mermaid()}\n\n{table()}\n\n{END}{after}"
