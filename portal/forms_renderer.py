"""How forms draw themselves: our markup for fields, the error summary on top."""

from django.forms.renderers import TemplatesSetting


class PortalFormRenderer(TemplatesSetting):
    """``{{ form }}`` and ``{{ field.as_field_group }}`` from ``templates/components``; widgets from Django."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
