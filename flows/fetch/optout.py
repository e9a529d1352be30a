"""What a site says against text and data mining or the training of AI: recorded, never guessed.

Sources: the TDM Reservation Protocol (W3C community group, ``tdm-reservation`` header), directives
of X-Robots-Tag, ``Content-Signal`` lines of robots.txt, and groups of robots.txt for agents that
gather text for AI. Each signal is one string: ``header:tdm-reservation=1``, ``header:noai``,
``robots:GPTBot``, ``signal:ai-train=no``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import httpx

_AGENT = re.compile(r"^\s*user-agent\s*:\s*([^\s#]+)", re.I | re.M)
_SIGNAL = re.compile(r"^\s*content-signal\s*:\s*([^#\r\n]+)", re.I | re.M)
_DIRECTIVES = frozenset({"noai", "noimageai", "noarchive", "nocache", "noml", "notrain"})


def header_opt_outs(headers: httpx.Headers) -> tuple[str, ...]:
    """The signals in the headers of an answer, each once, in order."""
    found: list[str] = []
    if headers.get("tdm-reservation", "").strip() == "1":
        found.append("header:tdm-reservation=1")
    for value in headers.get_list("x-robots-tag"):
        # a directive may be addressed to one agent: "otherbot: noai"
        for part in re.split(r"[,;]", value):
            directive = part.rpartition(":")[2].strip().lower()
            if directive in _DIRECTIVES:
                found.append(f"header:{directive}")
    return tuple(dict.fromkeys(found))


def robots_opt_outs(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Agents for AI that a robots.txt names, as written, and its content signals that say no."""
    named = dict.fromkeys(name for name in _AGENT.findall(text) if name.lower() in load_agents())
    signals = [
        "signal:" + re.sub(r"\s", "", part).lower()
        for line in _SIGNAL.findall(text)
        for part in line.split(",")
        if re.fullmatch(r"\s*(?:ai-train|ai-input|search)\s*=\s*no\s*", part, re.I)
    ]
    return tuple(named), tuple(dict.fromkeys(signals))


@cache
def load_agents() -> frozenset[str]:
    """Lower-case names of agents that gather text for AI."""
    lines = (Path(__file__).parent / "ai-agents.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line and not line.startswith("#"))
