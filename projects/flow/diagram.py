"""A flow as a mermaid diagram and as rows, drawn from its table."""

from typing import Final

from projects.flow.table import NEW, STAY, Flow

BEGIN: Final = "<!-- flow of {name}: drawn by manage.py draw_flow -->"
END: Final = "<!-- end of the flow of {name} -->"


def mermaid(flow: Flow) -> str:
    """One arrow for each pair of states, with the verbs that lead along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for verb, source, target in flow.transitions():
        stays = flow[verb].target == STAY or source in flow[verb].staying
        if not stays:
            arrows.setdefault((source or "[*]", target), []).append(str(verb))
    lines = [
        f"    {source} --> {target}: {', '.join(verbs)}"
        for (source, target), verbs in arrows.items()
    ]
    ends = [f"    {status} --> [*]" for status in sorted(flow.ended)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, *ends, "```"])


def table(flow: Flow) -> str:
    """The flow as a Markdown table: one row for each verb."""
    rows = ["| verb | from | to | by | needs |", "|---|---|---|---|---|"]
    for rule in flow.rules():
        sources = ", ".join(sorted(rule.sources)) or "—"
        who = ", ".join(sorted(rule.who))
        target = rule.target or NEW
        if rule.staying:
            target += f"; {STAY} from {', '.join(sorted(rule.staying))}"
        rows.append(
            f"| `{rule.verb}` | {sources} | {target} | {who} | {', '.join(rule.required) or '—'} |"
        )
    return "\n".join(rows)


def placed_in(page: str, name: str, flow: Flow) -> str:
    """The page with the flow drawn anew between the two marks that carry its name.

    Raises ValueError where the page lacks the marks.
    """
    begin, end = BEGIN.format(name=name), END.format(name=name)
    before, begin_mark, rest = page.partition(begin)
    _, end_mark, after = rest.partition(end)
    if not begin_mark or not end_mark:
        raise ValueError(f"the page has no place for the flow of {name}")
    return f"{before}{begin}\n\n{mermaid(flow)}\n\n{table(flow)}\n\n{end}{after}"
