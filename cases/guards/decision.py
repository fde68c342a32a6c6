"""Guards of the decree: choice of sanction, delivery, appeal, entry into force."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.formats import long_date
from cases.guards.base import Sentence, Situation, answer, guard


@guard(field="sanction", needs=("sanction",))
def sanction_in_force(s: Situation) -> Sentence:
    """The sanction must exist in the law of the act's day and still be imposable (PP 94/2021 art. 42)."""
    if answer(s, "sanction") in s.sanctions_open():
        return None
    return _("This sanction is not in force for an act of %(date)s.") % {"date": long_date(s.case.report.occurred_on)}


@guard(field="sanction", needs=("sanction",))
def sanction_fits_employment(s: Situation) -> Sentence:
    """Sanctions on rank and post do not exist for PPPK (PP 49/2018 art. 51-52)."""
    sanction = answer(s, "sanction")
    if sanction is None or s.case.employment in sanction.open_to:
        return None
    return _("This sanction does not exist for %(employment)s.") % {"employment": s.case.employment}


@guard(field="level_reason", needs=("sanction", "level_reason"))
def level_reasoned(s: Situation) -> Sentence:
    """Departing from the recommended level needs a reason: recommendation and decree must be comparable."""
    recommended = s.case.recommended_level
    if not recommended or answer(s, "sanction").level == recommended or answer(s, "level_reason"):
        return None
    return _("The reviewer recommended another level; give the reason for departing from it.")


@guard(field="sanction", needs=("sanction",))
def heavier_on_repetition(s: Situation) -> Sentence:
    """PP 94/2021: a repeated violation of the same kind gets a heavier sanction than the last."""
    sanction = answer(s, "sanction")
    for past in s.past_sanctions:
        if sanction.severity_rank <= past.severity_rank:
            return _("This is a repetition: the sanction must be heavier than “%(past)s”.") % {"past": past.name}
    return None


@guard(field="approval_number", needs=("sanction", "approval_number", "approval_on"))
def post_lock_approved(s: Situation) -> Sentence:
    """UU 10/2016 art. 71(2): in the Pilkada lock a sanction that changes the post needs the minister's approval."""
    if not answer(s, "sanction").changes_post or s.locking_election is None:
        return None
    if answer(s, "approval_number") and answer(s, "approval_on"):
        return None
    return _(
        "Between %(start)s and the end of the term a sanction that changes the post needs the written approval of the "
        "Minister of Home Affairs: give its number and date."
    ) % {"start": long_date(s.locking_election.lock_from)}


@guard(field="satgas_number", needs=("sanction", "satgas_number", "satgas_on"))
def satgas_for_sanction(s: Situation) -> Sentence:
    """Some sanctions rest on a task force decision."""
    if not answer(s, "sanction").needs_satgas or (answer(s, "satgas_number") and answer(s, "satgas_on")):
        return None
    return _("This sanction needs the number and date of the task force's decision.")


@guard(needs=("sanction",))
def authority_to_punish(s: Situation) -> Sentence:
    """PP 94/2021 art. 15-23: who may punish whom. The text overlaps, so this is advice."""
    rows = s.authorities(answer(s, "sanction"))
    if not rows or any(not row.official_class for row in rows):  # without a class it is the employing authority itself
        return None
    return _("For this position and level the law names: %(names)s.") % {
        "names": ", ".join(row.official for row in rows)
    }


@guard(field="received_on", needs=("received_on",))
def delivered_after_decree(s: Situation) -> Sentence:
    """A decree is received after it was decided and not in the future."""
    received = answer(s, "received_on")
    if received < s.decision.decided_on:
        return _("The decree was decided on %(date)s; it cannot have been received before.") % {
            "date": long_date(s.decision.decided_on)
        }
    if received > s.on:
        return _("The day of receipt lies in the future.")
    return None


@guard(needs=("received_on",))
def delivered_late(s: Situation) -> Sentence:
    """PP 94/2021 art. 37(3): delivery within 14 working days of the decision."""
    latest = s.due("decree_delivery", s.decision.decided_on)
    if answer(s, "received_on") <= latest:
        return None
    return _("The decree should have been delivered by %(date)s.") % {"date": long_date(latest)}


#: The filing limit of each kind of contest.
FILING_RULES = {"objection": "objection_filing", "appeal": "appeal_filing"}


@guard(field="filed_on", needs=("filed_on", "kind"))
def appeal_in_time(s: Situation) -> Sentence:
    """PP 79/2021: an objection or appeal is filed within 14 working days of receipt."""
    filed = answer(s, "filed_on")
    latest = s.due(FILING_RULES[answer(s, "kind")], s.decision.delivered_on)
    if filed > s.on:
        return _("The day of filing lies in the future.")
    if filed < s.decision.delivered_on:
        return _("The decree was received on %(date)s; it cannot have been contested before.") % {
            "date": long_date(s.decision.delivered_on)
        }
    if filed <= latest:
        return None
    return _("The time to contest the decree ended on %(date)s.") % {"date": long_date(latest)}


@guard(field="kind", needs=("kind",))
def appeal_kind_fits(s: Situation) -> Sentence:
    """PP 79/2021: dismissals go to BPASN by appeal, everything else to the authority by objection."""
    wanted = "appeal" if s.decision.sanction.ends_employment else "objection"
    if answer(s, "kind") == wanted:
        return None
    if s.decision.sanction.ends_employment:
        return _("A dismissal is contested by administrative appeal to BPASN.")
    return _("This sanction is contested by an objection, not by an administrative appeal.")


@guard(field="sanction", needs=("ruling", "sanction"))
def ruling_fits_sanction(s: Situation) -> Sentence:
    """PP 79/2021: upheld keeps the sanction; lightened, aggravated, changed name another that fits the word."""
    ruling, new, old = answer(s, "ruling"), answer(s, "sanction"), s.decision.sanction
    if ruling == "UPHELD":
        return None if new in (None, old) else _("When the decree is upheld its sanction stays.")
    if new is None or new == old:
        return _("Name the sanction that holds after the ruling.")
    if ruling == "LIGHTENED" and new.severity_rank >= old.severity_rank:
        return _("The sanction after the ruling is not lighter.")
    if ruling == "AGGRAVATED" and new.severity_rank <= old.severity_rank:
        return _("The sanction after the ruling is not heavier.")
    return None


@guard()
def fifteenth_day_reached(s: Situation) -> Sentence:
    """PerBKN 6/2022 art. 50(1): in force on the 15th working day after receipt."""
    day = s.due("entry_into_force", s.decision.delivered_on)
    if s.on >= day:
        return None
    return _("The decree takes force on %(date)s.") % {"date": long_date(day)}
