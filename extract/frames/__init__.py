"""Who does what with whom: the frames of collaboration verbs over the roles of a sentence.

A frame says which roles its parties have, whatever the order, the distance and the verb: parties act jointly
(甲与乙签署), one acts on another (甲帮扶乙), something moves (甲企业落户乙), one receives from another (乙承接甲),
one builds in another's place (甲公司在乙建厂), one calls on another (甲赴乙对接). The vocabulary says which words
open which frame.
"""

from __future__ import annotations

from extract.frames.grammar import Frames

__all__ = ["Frames"]
