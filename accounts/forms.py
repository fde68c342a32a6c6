"""Forms of signing in and of keeping accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from accounts.models import User


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
