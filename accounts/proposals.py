"""What takes two administrators: giving a desk, taking a second factor away, handing an institution's cases on.

One asks, another person decides; compared by person, not by account, and neither may be the person concerned. Each act
is an event in the accounts' chain, in the transaction that does it; the person concerned is told by e-mail after the
commit. Taking something away at once (``close_desk``) needs one administrator: it must not wait.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mails import signed
from accounts.models import Institution, Officer, Proposal, User
from accounts.roles import DESK_LABELS, Desk, Kind, Role
from accounts.seams import seams
from accounts.sessions import end_sessions


class NotPossible(Exception):
    """Refused, with a sentence for the person; nothing was written. ``field`` names the answer it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


# ---------------------------------------------------------------------- asking


def ask_grant(
    *, actor: Officer, institution: Institution, role: str, email: str, reason: str, **person: Any
) -> Proposal:
    """Ask for a desk of ``institution`` for whoever has ``email``. ``person``: name, nip, position, rank, administers.

    Raises NotPossible.
    """
    _check_keeps(actor, institution)
    desk = (Kind(institution.kind), Role(role))
    if desk not in DESK_LABELS:
        raise NotPossible(_("This role does not exist in this kind of institution."), "role")
    email, nip = email.strip().lower(), person.get("nip", "")
    if email == actor.user.email.lower() or (nip and nip == actor.nip):
        raise NotPossible(_("Nobody asks for a desk for themselves."), "email")
    user = User.objects.filter(email__iexact=email).first()
    known = set(Officer.objects.filter(user=user).exclude(nip="").values_list("nip", flat=True)) if user else set()
    if nip and known and nip not in known:
        raise NotPossible(_("This account belongs to a person with another NIP."), "nip")
    held = Officer.objects.holding(seams.today()).filter(user=user, institution=institution, role=role)
    if user and held.filter(user__is_active=True).exists():
        raise NotPossible(_("This person holds this desk already."), "email")
    _check_not_waiting(Proposal.Kind.GRANT, institution=institution, email=email, role=role)
    return _ask(
        actor, Proposal.Kind.GRANT, reason, "desk_asked",
        institution=institution, role=role, email=email, user=user, **person,
    )  # fmt: skip


def ask_reset(*, actor: Officer, officer: Officer, reason: str) -> Proposal:
    """Ask to take away the second factor of an officer who has lost it. Raises NotPossible."""
    _check_keeps(actor, officer.institution)
    if officer.user_id == actor.user_id or officer.person_key == actor.person_key:
        raise NotPossible(_("Nobody asks for this for themselves."))
    _check_not_waiting(Proposal.Kind.RESET, user=officer.user)
    return _ask(
        actor, Proposal.Kind.RESET, reason, "reset_asked",
        institution=officer.institution, user=officer.user, name=officer.name, nip=officer.nip,
        email=officer.user.email,
    )  # fmt: skip


def ask_succession(
    *, actor: Officer, institution: Institution, successor: Institution, last_day: dt.date, reason: str
) -> Proposal:
    """Ask to hand the open cases of an institution that ends to its successor. Raises NotPossible."""
    if not actor.keeps_all:
        raise NotPossible(_("Only administrators of the whole portal do this."))
    if institution.pk == successor.pk or institution.kind != successor.kind:
        raise NotPossible(_("The successor is another institution of the same kind."), "successor")
    if successor.valid_to is not None and successor.valid_to <= last_day:
        raise NotPossible(_("The successor ends before that day itself."), "successor")
    _check_not_waiting(Proposal.Kind.SUCCESSION, institution=institution)
    return _ask(
        actor, Proposal.Kind.SUCCESSION, reason, "succession_asked",
        institution=institution, successor=successor, last_day=last_day,
    )  # fmt: skip


def _ask(actor: Officer, kind: str, reason: str, event: str, **facts: Any) -> Proposal:
    if not reason.strip():
        raise NotPossible(_("Say why."), "reason")
    with transaction.atomic():
        row = Proposal.objects.create(
            kind=kind, reason=reason.strip(), asked_by=actor, asked_at=timezone.now(), **facts
        )
        seams.happened(actor, event, _facts(row))
    return row


def _check_keeps(actor: Officer, institution: Institution) -> None:
    if not actor.keeps(institution):
        raise NotPossible(_("You keep the accounts of your own institution only."), "institution")


def _check_not_waiting(kind: str, **same: Any) -> None:
    if Proposal.objects.filter(kind=kind, status=Proposal.Status.WAITING, **same).exists():
        raise NotPossible(_("The same is already waiting for a second administrator."))


# ---------------------------------------------------------------------- deciding


def visible_proposals(actor: Officer) -> Any:
    """Proposals about institutions this administrator keeps, newest first."""
    rows = Proposal.objects.select_related("institution", "successor", "administers", "asked_by", "decided_by", "user")
    return rows if actor.keeps_all else rows.filter(institution=actor.administers_id)


def why_not(proposal: Proposal, actor: Officer) -> str:
    """Why this administrator may not decide on it; empty when they may."""
    allowed = actor.keeps_all if proposal.kind == Proposal.Kind.SUCCESSION else actor.keeps(proposal.institution)
    if not allowed:
        return _("You keep the accounts of your own institution only.")
    if proposal.asked_by.person_key == actor.person_key or proposal.asked_by.user_id == actor.user_id:
        return _("You asked for it yourself; another person decides.")
    if actor.user_id == proposal.user_id or (proposal.nip and proposal.nip == actor.nip):
        return _("This concerns you; another person decides.")
    return ""


def decide(*, actor: Officer, proposal: Proposal, approve: bool, answer: str = "") -> Proposal:
    """Approve and do it, or refuse. Raises NotPossible."""
    with transaction.atomic():
        row = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if not row.waits:
            raise NotPossible(_("Somebody else has decided already."))
        if sentence := why_not(row, actor):
            raise NotPossible(sentence)
        row.status = Proposal.Status.APPROVED if approve else Proposal.Status.REFUSED
        row.decided_by, row.decided_at, row.answer = actor, timezone.now(), answer.strip()
        if approve:
            {"GRANT": _grant, "RESET": _reset, "SUCCESS": _succeed}[row.kind](row, actor)
        row.save()
        seams.happened(actor, f"{_stem(row)}_{'approved' if approve else 'refused'}", _facts(row))
    return row


def withdraw(*, actor: Officer, proposal: Proposal) -> Proposal:
    """Whoever asked takes it back. Raises NotPossible."""
    with transaction.atomic():
        row = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if not row.waits or row.asked_by.user_id != actor.user_id:
            raise NotPossible(_("Only whoever asked can withdraw it, and only while it waits."))
        row.status, row.decided_by, row.decided_at = Proposal.Status.WITHDRAWN, actor, timezone.now()
        row.save()
        seams.happened(actor, f"{_stem(row)}_withdrawn", _facts(row))
    return row


def _grant(row: Proposal, actor: Officer) -> None:
    user = row.user or User.objects.filter(email__iexact=row.email).first()
    if user is None:
        user = User.objects.create_user(row.email, row.email)
        user.first_name = row.name[:150]
        user.save(update_fields=["first_name"])
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    row.user = user
    values = {
        "name": row.name, "nip": row.nip, "position": row.position, "rank": row.rank, "administers": row.administers,
        "is_active": True, "valid_from": seams.today(), "valid_to": None,
    }  # fmt: skip
    Officer.objects.update_or_create(user=user, institution=row.institution, role=row.role, defaults=values)
    tell_desk(user, row)


def _reset(row: Proposal, actor: Officer) -> None:
    user, who = User.objects.get(proposals=row), (row.asked_by.name, actor.name)
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user.pk)
    tell_reset(user, *who)


def _succeed(row: Proposal, actor: Officer) -> None:
    old = Institution.objects.select_for_update(of=("self",)).get(pk=row.institution_id)
    before = [str(old.valid_to or ""), old.successor_id]
    old.valid_to, old.successor = row.last_day, row.successor
    old.save(update_fields=["valid_to", "successor"])
    seams.changed(
        actor, "institution", str(old.pk),
        {"valid_to": [before[0], str(row.last_day)], "successor": [before[1], row.successor_id]},
    )  # fmt: skip
    seams.succeed(old, row.successor, row.asked_by, actor, row.reason)


def _stem(row: Proposal) -> str:
    return {"GRANT": "desk", "RESET": "reset", "SUCCESS": "succession"}[row.kind]


def _facts(row: Proposal) -> dict[str, Any]:
    """What the history is told: who asked, whose desk, where. No secrets."""
    facts = {
        "proposal": row.pk, "institution": row.institution.code, "asked_by": row.asked_by.name, "reason": row.reason,
        "account": row.user_id, "name": row.name, "nip": row.nip, "role": row.role, "answer": row.answer,
        "successor": row.successor.code if row.successor else "",
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value not in ("", None)}


# ---------------------------------------------------------------------- closing, and what one administrator may do


def close_desk(*, actor: Officer, officer: Officer, reason: str) -> None:
    """End a desk at once; without any other desk the account's sessions end too. Raises NotPossible."""
    _check_keeps(actor, officer.institution)
    if officer.user_id == actor.user_id:
        raise NotPossible(_("You cannot end your own desk."))
    if not reason.strip():
        raise NotPossible(_("Say why."), "reason")
    with transaction.atomic():
        row = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
        row.is_active = False
        row.save(update_fields=["is_active"])
        facts = {"officer": row.pk, "name": row.name, "institution": row.institution.code, "reason": reason.strip()}
        seams.happened(actor, "desk_closed", facts)
        if not Officer.objects.holding(seams.today()).filter(user_id=row.user_id).exists():
            end_sessions(row.user_id)
        user, institution = row.user, row.institution.short_name
        _send(
            user,
            _("Your desk was closed"),
            _("Your desk at %(institution)s was closed. Reason: %(reason)s")
            % {"institution": institution, "reason": reason.strip()},
        )


def invite_again(*, actor: Officer, officer: Officer) -> None:
    """Send the link to set a password once more to somebody who never did. Raises NotPossible."""
    _check_keeps(actor, officer.institution)
    if officer.user.has_usable_password():
        raise NotPossible(_("This person has a password already; “Forgotten password?” leads to a new one."))
    with transaction.atomic():
        seams.happened(actor, "invited_again", {"account": officer.user_id, "name": officer.name})
        _send(officer.user, *_invitation(officer.user, officer.institution.short_name, officer.desk))


# ---------------------------------------------------------------------- telling


def tell_desk(user: User, row: Proposal) -> None:
    """Tell somebody of a desk: with the link to set a password when there is none yet."""
    desk = Desk(Kind(row.institution.kind), Role(row.role))
    if not user.has_usable_password():
        return _send(user, *_invitation(user, row.institution.short_name, desk))
    return _send(
        user,
        _("A desk was given to you"),
        _("You may now act as “%(desk)s” at %(institution)s.")
        % {"desk": _(DESK_LABELS[desk]), "institution": row.institution.short_name},
        _("If you did not expect this, tell your administrator at once."),
    )


def tell_reset(user: User, asked: str, decided: str) -> None:
    """Tell somebody that the second factor is gone."""
    _send(
        user,
        _("Your second key was taken away"),
        _("At the request of %(asked)s, approved by %(decided)s. At your next sign-in you set up a new one.")
        % {"asked": asked, "decided": decided},
        _("If you did not expect this, tell your administrator at once."),
    )


def _invitation(user: User, institution: str, desk: Desk) -> tuple[str, str, str, str]:
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}).replace("UID-KEY", key)
    return (
        _("Your account in the Neutrality Portal"),
        _("You are invited to act as “%(desk)s” at %(institution)s. Choose your password here, within three days:")
        % {"desk": _(DESK_LABELS[desk]), "institution": institution},
        f"{settings.BASE_URL}{path}",
        _("Then you set up your second key: have your phone at hand."),
    )


def _send(user: User, subject: str, *paragraphs: str) -> None:
    """Put a mail in the outbox: it commits with what it tells, and a mail server that is down stops nobody."""
    seams.mail(user.email, subject, signed(*paragraphs))
