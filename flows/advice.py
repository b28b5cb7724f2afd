"""What a person should do about a portal, by the state its crawl ended in."""

from __future__ import annotations

_ADVICE = {
    "ok": "Nothing to do: it answers and brings new articles.",
    "nothing-new": "Nothing to do: it answers, and all its articles are known.",
    "slow": (
        "It answers so slowly that its time was over before all was read; the rest comes in later nights. If it stays "
        "so, give it more portal_minutes in region.yaml."
    ),
    "timeout": (
        "It does not answer in time. Open it in a browser from the same network; if it is slow there too, raise "
        "page_seconds in region.yaml; if it opens, the site may refuse this machine's network: ask for another way "
        "out."
    ),
    "dns": (
        "Its name leads nowhere. If all portals say so, this machine has no name server or no network. If only this "
        "one does, look up its new name and correct base_url in portals.csv and the addresses in columns.csv."
    ),
    "tls": (
        "Its certificate or its TLS cannot be accepted. If a browser warns too, wait for its owner to renew it. If a "
        "browser opens it and the message speaks of protocol, cipher or renegotiation, write yes under legacy_tls in "
        "its row of portals.csv; certificates are verified all the same."
    ),
    "refused": (
        "The machine is there and the site is not: it is down or its port has changed. Try again tomorrow; if it "
        "stays so, look for its new address."
    ),
    "unreachable": (
        "The connection breaks. If all portals say so, this machine has no network. If only this one does, its "
        "firewall may refuse this network; try from another one."
    ),
    "moved": (
        "It has moved. Open the new address, and if it is the same portal, correct base_url and other_hosts in "
        "portals.csv and the addresses in columns.csv."
    ),
    "layout-changed": (
        "Lists that had rows are there and have none that can be read: the site was rebuilt. Look at the page, see "
        "with `xietong links` what is read of it, and correct the dialect or the columns."
    ),
    "empty": (
        "It answers, without a single article link. Open its entry columns: they may have become empty, be drawn by a "
        "script, or be an error page that says 200; correct the addresses in columns.csv."
    ),
    "robots": (
        "Its robots.txt forbids the visit or could not be read, and that is obeyed. Ask its owner for leave, or take "
        "the portal out."
    ),
    "waiting": (
        "It is outside its window of hours and was not asked; run the night inside it, or change window in portals.csv."
    ),
    "error": (
        "It answers with errors. Open the address of the message in a browser; if it works there, keep the message "
        "and look at the answer in the archive."
    ),
    "blocked-429": "It says that it was asked too often. Give it a longer delay_seconds in portals.csv.",
    "never crawled": "Run `xietong crawl --portal {portal_id}`.",
}
_CHALLENGE = (
    "It wants a browser to prove itself ({kind}). That is never solved and it is left alone for some nights. Ask its "
    "owner for leave or an interface, or raise delay_seconds in portals.csv; naming it with --portal asks it at once."
)
_REFUSAL = (
    "It refuses the pages ({kind}). Open one in a browser; if it opens there, the site refuses this network or this "
    "crawler: ask its owner for leave, or give it a longer delay_seconds in portals.csv."
)
_QUIET = (
    "It has brought nothing new for {days} days, longer than its own past explains. Open its entry columns: the newest "
    "articles may stand in a column that columns.csv does not list."
)


def advice(portal_id: str, state: str, quiet_days: int = 0) -> str:
    """What to do about a portal in `state`, and about its silence when it has gone quiet."""
    kind = state.partition("-")[2]
    if state in _ADVICE:
        words = _ADVICE[state].format(portal_id=portal_id)
    elif state.startswith("blocked"):
        words = (_REFUSAL if kind.isdigit() else _CHALLENGE).format(kind=kind)
    else:
        words = f"Nothing is known about the state {state!r}; look at the message."
    return f"{words} {_QUIET.format(days=quiet_days)}" if quiet_days else words
