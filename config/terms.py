"""What a term must look like so that a text, as it is read, can hold it.

Pages are read without invisible characters, with one blank for any white space, and a sentence at a time; a term that
is written otherwise is valid YAML and never found.
"""

from __future__ import annotations

import re
import unicodedata

SENTENCE_ENDS = frozenset("。！？!?；;\n\r")
"""The characters at which a sentence ends: none of them stands inside the text that a term is sought in."""

_PLAIN = re.compile("[\u4e00-\u9fffA-Za-z0-9]+")
_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cs", "Cn"))
_SELECTORS = re.compile("[\ufe00-\ufe0f]")
_LOOKALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_PLACEHOLDERS = frozenset("\ufffc\ufffd")
_BETWEEN_WORDS = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_CONTROLS = {"\n": "line break", "\r": "line break", "\t": "tab"}
_RUN_TOGETHER = re.compile(r"[^\x00-\x7f]+ +[^\x00-\x7f]|，|[^、]{2,}、[^、]{2,}")


def flaw(term: str, *, in_sentences: bool = True) -> str | None:
    """Why `term` is never found or cannot be meant, with the remedy, or None.

    `in_sentences` says that it is sought in one sentence at a time, and not in a whole text.
    """
    if _PLAIN.fullmatch(term):
        return None
    if not term.strip():
        return "is blank; remove it or write a term"
    if term != term.strip():
        return f"has outer spaces; write {term.strip()!r}"
    if strange := next((char for char in term if char_flaw(char)), None):
        form = as_read(term)
        remedy = f"write {form!r}" if form and not any(map(char_flaw, form)) else "write the plain character"
        return f"holds {named(strange)}, {char_flaw(strange)}; {remedy}"
    if "  " in term:
        return f"holds several blanks, which texts are read without; write {' '.join(term.split())!r}"
    if in_sentences and (end := next((char for char in term if char in SENTENCE_ENDS), None)):
        return f"holds {end!r}, at which a sentence ends, so that it is never found; remove it or divide the term"
    if found := _RUN_TOGETHER.search(term):
        mark = next(char for char in found.group() if char in " ，、")
        return f"is one term with {mark!r} in it; write a comma and a blank (, ) between two terms"
    return None


def char_flaw(char: str) -> str | None:
    """Why a character has no place in a vocabulary, or None."""
    if char != " " and char.isspace():
        return "which texts are read without"
    if unicodedata.category(char) in _UNSEEN or _SELECTORS.match(char) or char in _PLACEHOLDERS:
        return "which no text is read with"
    if _LOOKALIKE.match(char) and (char < "\u2fe0" or unicodedata.normalize("NFKC", char) != char):
        return "which only looks like a Chinese character"
    if _WIDE.match(char):
        return "a full-width form that misses the plain one"
    return None


def as_read(term: str) -> str:
    """The form in which texts hold `term`."""
    made = []
    for char in term:
        if char.isspace():
            made.append(" ")
        elif _LOOKALIKE.match(char) or _WIDE.match(char):
            made.append(unicodedata.normalize("NFKC", char))
        elif not char_flaw(char):
            made.append(char)
    return _BETWEEN_WORDS.sub("", " ".join("".join(made).split()))


def named(char: str) -> str:
    """A character as a message can show it, even where it is invisible."""
    return f"U+{ord(char):04X} ({_CONTROLS.get(char) or unicodedata.name(char, 'unnamed').lower()})"
