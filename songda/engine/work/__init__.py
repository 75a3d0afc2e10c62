"""Work items as data: what each kind asks of whom, which outcomes it may have, and which facts an outcome tells.

Pages and the API draw their forms from this table; `engine.acts.complete` is the only reader that acts on it.
"""

from collections.abc import Mapping

from songda.engine.work import calls, judging, mail, upkeep, visits
from songda.engine.work.calls import IDENTITY
from songda.engine.work.fields import FactOf, Field, Outcome, WorkKind, signers

__all__ = ["IDENTITY", "WORK", "FactOf", "Field", "Outcome", "WorkKind", "signers"]

WORK: Mapping[str, WorkKind] = {**calls.KINDS, **visits.KINDS, **judging.KINDS, **mail.KINDS, **upkeep.KINDS}
