"""Forms by the names the table uses."""

from __future__ import annotations

from cases.forms import employer, reviewer, supervisor
from cases.forms.base import StepForm

#: Form name in the table -> form class. Intake has a form of its own (``cases.forms.intake``).
STEP_FORMS: dict[str, type[StepForm]] = {
    "confirm": supervisor.ConfirmForm,
    "reason": supervisor.ReasonForm,
    "completion_request": supervisor.CompletionRequestForm,
    "completion": supervisor.CompletionForm,
    "decline": supervisor.DeclineForm,
    "register": supervisor.RegisterForm,
    "invite": supervisor.InviteForm,
    "clarification": supervisor.ClarificationForm,
    "assessment": supervisor.AssessmentForm,
    "dismiss": supervisor.DismissForm,
    "forward": supervisor.ForwardForm,
    "supplement": supervisor.SupplementForm,
    "supplement_request": reviewer.SupplementRequestForm,
    "review": reviewer.ReviewForm,
    "recommend": reviewer.RecommendForm,
    "escalate": reviewer.EscalateForm,
    "examination_order": employer.ExaminationOrderForm,
    "summon": employer.SummonForm,
    "examination": employer.ExaminationForm,
    "examination_report": employer.ExaminationReportForm,
    "decision": employer.DecisionForm,
    "replacement": employer.ReplacementForm,
    "delivery": employer.DeliveryForm,
    "appeal": employer.AppealForm,
    "ruling": employer.RulingForm,
    "annulment": employer.AnnulmentForm,
    "closing": employer.ClosingForm,
}
