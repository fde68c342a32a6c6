"""What the walk through all pages finds in the portal: cases on the way and at their end, letters, notices."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from accounts.models import User
from accounts.proposals import ask_reset
from cases.models import Letter
from cases.services.drafts import save_draft
from cases.services.history_jobs import ask_check
from cases.services.letters import render_letter_now
from tests.fixtures_world import Loaded, load_world
from tests.play import play
from tests.screens.conftest import REPORT, STEPS

DAY = "2024-11-13"
CLOSED = "scenarios/02-suka-sesudah-penetapan.yaml"


@dataclass
class Scene:
    """The world with its cases; ``places`` fills the braces of ``pages.Row.address``."""

    world: Loaded
    places: dict[str, str] = field(default_factory=dict)

    def user(self, name: str) -> User:
        """Who signs in under this id."""
        return self.world.officer(name).user


def set_up() -> Scene:
    """Load the world and play the cases."""
    world = load_world()
    told = play({"report": REPORT, "steps": STEPS}).case
    closed = play(CLOSED).case
    first, other = Letter.objects.filter(case=told).order_by("pk")[:2]
    render_letter_now(str(first.pk))
    places = {"open": told.number, "closed": closed.number, "letter": str(first.pk), "pending": str(other.pk)}
    places["token"] = first.token
    places["draft"] = str(keep_draft(world))
    places["officer"] = str(world.officer("agus").pk)
    reason = "Mengganti yang pensiun"
    ask_reset(actor=world.officer("admin2"), officer=world.officer("agus"), reason=reason)
    places["passkey"] = str(give_keys(world.officer("hendra").user))
    places["job"] = str(ask_check(actor=world.officer("sekar")).pk)
    return Scene(world, places)


def keep_draft(world: Loaded) -> uuid.UUID:
    """A half-written report of yuni's: a NIP in the registry, one that is malformed, an act before the candidates."""
    values = {
        "incident": "Menyukai unggahan bakal calon", "election": "pilkada-2024", "occurred_on": "2024-09-01",
        "known_on": "2024-09-02", "suspected": "B4",
        "reported": [
            {"name": "", "nip": "197406121999031903", "position": "", "unit": ""},
            {"name": "Seorang lain", "nip": "123", "position": "", "unit": ""},
        ],
    }  # fmt: skip
    key = uuid.uuid4()
    save_draft(officer=world.officer("yuni"), key=key, values=values, page="scene", version=0)
    return key


def give_keys(user: User) -> int:
    """A password and every kind of second factor; gives back the key of the passkey's row."""
    user.set_password("Kopi-Pagi-2024-Blitar")
    user.save()
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    data = {"name": "Laptop kantor", "credential": {}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data).pk
