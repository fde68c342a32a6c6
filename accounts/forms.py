"""Forms of signing in and of keeping accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from accounts.models import ROLE_CHOICES, Institution, Officer, User
from accounts.roles import DESK_LABELS, Kind
from accounts.seams import seams


class _Named:
    """The library's field for a passkey's name, with a label a catalogue translates."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")  # type: ignore[attr-defined]


class AddPasskeyForm(_Named, AddWebAuthnForm):
    """A new passkey."""


class EditPasskeyForm(_Named, EditWebAuthnForm):
    """A passkey's name changed later."""


class SignInForm(LoginForm):
    """Office e-mail and password. Password managers and pasting are welcome."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("Office e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
        )
        self.fields["password"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """One spelling of an address: limits count by it."""
        return str(self.cleaned_data["login"]).strip().lower()


class EmailMixin(forms.ModelForm):
    """One address, one account, whatever the capitals."""

    def clean_email(self) -> str:
        """Lower case, and not taken by another account."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another account has this address."))
        return email


class AccountCreationForm(EmailMixin, AdminUserCreationForm):
    """A new account, known by its address."""

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name")

    def save(self, commit: bool = True) -> Any:
        """The user name is the address: nobody types it anywhere."""
        self.instance.username = self.cleaned_data["email"]
        return super().save(commit)


class AccountChangeForm(EmailMixin, UserChangeForm):
    """Name, address, open or closed; no mark that gives rights."""

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "is_active")


class GrantForm(forms.Form):
    """A desk for somebody, asked for by an administrator."""

    institution = forms.ModelChoiceField(Institution.objects.none(), label=_("Institution"))
    role = forms.ChoiceField(label=_("Desk"))
    email = forms.EmailField(
        label=_("Office e-mail"), help_text=_("Whoever has no account yet is invited at this address.")
    )
    name = forms.CharField(label=_("Name as printed"), max_length=150, help_text=_("With titles, as on letters."))
    nip = forms.RegexField(
        r"^\d{18}$", label=_("NIP"), required=False,
        help_text=_("18 digits; empty for people who are no civil servants."),
        error_messages={"invalid": _("A NIP has 18 digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    position = forms.CharField(label=_("Position as printed"), max_length=150)
    rank = forms.CharField(label=_("Rank (golongan)"), max_length=8, required=False)
    administers = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Administers only"), required=False,
        help_text=_("For administrators of one institution; empty: of the whole portal."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, actor: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = kept_institutions(actor)
        self.fields["institution"].queryset = kept  # type: ignore[attr-defined]
        if actor.keeps_all:
            self.fields["administers"].queryset = kept.exclude(kind=Kind.SYSTEM)  # type: ignore[attr-defined]
        else:
            del self.fields["administers"]
            self.fields["institution"].initial = kept.first()
        kinds = set(kept.values_list("kind", flat=True))
        roles = dict.fromkeys(desk.role for desk in DESK_LABELS if desk.kind in kinds)
        self.fields["role"].choices = [(role, dict(ROLE_CHOICES)[role]) for role in roles]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class SuccessionForm(ReasonForm):
    """Which institution ends, and which one goes on."""

    institution = forms.ModelChoiceField(Institution.objects.none(), label=_("Institution that ends"))
    successor = forms.ModelChoiceField(Institution.objects.none(), label=_("Successor"))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ("institution", "successor", "last_day", "reason")

    def __init__(self, *args: Any, actor: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = kept_institutions(actor).exclude(kind__in=(Kind.SYSTEM, Kind.AUDITOR))
        self.fields["institution"].queryset = self.fields["successor"].queryset = rows  # type: ignore[attr-defined]


def kept_institutions(actor: Officer) -> Any:
    """Institutions in office whose accounts this administrator keeps."""
    rows = Institution.objects.in_office(seams.today()).order_by("short_name")
    return rows if actor.keeps_all else rows.filter(administrators=actor)
