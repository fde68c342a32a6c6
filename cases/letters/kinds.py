"""The kinds of letters the table names: title, number series, classification, template, who holds a copy."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.roles import Kind

BAWASLU, REVIEWER, BKPSDM = Kind.BAWASLU, Kind.REVIEWER, Kind.BKPSDM

#: How secret a letter is, as printed under *Sifat*; the first letter goes into numbers (``R-…``, ``B/…``).
ORDINARY, LIMITED, SECRET = "Biasa", "Terbatas", "Rahasia"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind:
    """One kind of letter. ``to`` and ``copies`` are the institution kinds of the case that hold it besides the issuer.

    ``title`` is Indonesian, as printed; ``label`` is the msgid shown in lists. ``series`` names the number series:
    each is counted for itself, per institution and year. ``nature`` is its *sifat*: discipline letters are secret.
    ``variants`` are its wordings when it has several; the table says which one a step issues.
    ``coded``: the supervisor's forms carry a code by election law, kept in the table of form codes.
    """

    name: str
    title: str
    label: str
    template: str
    series: str = "letter"
    nature: str = SECRET
    coded: bool = False
    to: tuple[Kind, ...] = ()
    copies: tuple[Kind, ...] = ()
    variants: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Parts of the frozen content that an officer wrote and a letter issued anew may correct."""
        return TEXTS.get(self.name, ())

    @property
    def secret(self) -> bool:
        """True when the paper carries the box RAHASIA."""
        return self.nature == SECRET


#: By kind: see ``LetterKind.texts``. Minutes are not here: what somebody said is not corrected by somebody else.
TEXTS: dict[str, tuple[str, ...]] = {
    "completion_request": ("missing",),
    "status_notice": ("reason",),
    "clarification_invitation": ("where",),
    "assessment": ("facts", "analysis", "conclusion"),
    "bawaslu_recommendation": ("conclusion", "note"),
    "supplement_request": ("missing",),
    "supplement_reply": ("added",),
    "review_memo": ("analysis",),
    "unproven_notice": ("reason",),
    "reviewer_recommendation": ("legal_basis", "considerations"),
    "escalation_notice": ("reason",),
    "examination_order": ("note",),
    "summons": ("where",),
    "examination_report": ("findings", "aggravating", "mitigating"),
    "followup_report": ("reason",),
    "appeal_ruling": ("considerations",),
}


def _(text: str) -> str:
    """Mark for translation."""
    return text


def _kind(
    name: str,
    title: str,
    label: str,
    *,
    series: str = "letter",
    nature: str = SECRET,
    coded: bool = False,
    to: tuple[Kind, ...] = (),
    copies: tuple[Kind, ...] = (),
    variants: tuple[str, ...] = (),
) -> tuple[str, LetterKind]:
    return name, LetterKind(
        name=name,
        title=title,
        label=label,
        template=f"letters/{name}.html",
        series=series,
        nature=nature,
        coded=coded,
        to=to,
        copies=copies,
        variants=variants,
    )


KINDS: dict[str, LetterKind] = dict(
    (
        # --- Election supervisor
        _kind(
            "report_receipt", "Tanda Bukti Penyampaian Laporan", _("Report receipt"),
            series="report_receipt", nature=ORDINARY, coded=True,
        ),
        _kind(
            "completion_request", "Pemberitahuan Kelengkapan Laporan", _("Completion request"),
            nature=ORDINARY, coded=True,
        ),
        _kind(
            "status_notice", "Pemberitahuan Status Laporan", _("Status notice"), nature=ORDINARY, coded=True,
            variants=("not_registered", "not_forwarded", "sent_on"),
        ),
        _kind(
            "clarification_invitation", "Undangan Klarifikasi", _("Invitation to clarification"),
            nature=LIMITED, coded=True,
        ),
        _kind(
            "clarification_minutes", "Berita Acara Klarifikasi", _("Clarification minutes"),
            series="minutes", coded=True, copies=(REVIEWER,),
        ),
        _kind(
            "assessment", "Kajian Dugaan Pelanggaran", _("Assessment"),
            series="assessment", coded=True, copies=(REVIEWER,),
        ),
        _kind(
            "bawaslu_recommendation", "Penerusan Dugaan Pelanggaran Netralitas ASN", _("Bawaslu recommendation"),
            coded=True, to=(REVIEWER,),
        ),
        _kind("supplement_request", "Permintaan Kelengkapan Berkas", _("Supplement request"), to=(BAWASLU,)),
        _kind("supplement_reply", "Penyampaian Kelengkapan Berkas", _("Supplement reply"), to=(REVIEWER,)),
        # --- Reviewing body
        _kind("review_memo", "Nota Telaah", _("Review memo"), series="memo"),
        _kind(
            "unproven_notice", "Pemberitahuan Hasil Telaah: Tidak Terbukti", _("Notice: not proven"), to=(BAWASLU,)
        ),
        _kind(
            "reviewer_recommendation", "Rekomendasi Penjatuhan Sanksi", _("Reviewer's recommendation"),
            to=(BKPSDM,), copies=(BAWASLU,),
        ),
        _kind(
            "escalation_notice", "Pemberitahuan Rekomendasi Belum Ditindaklanjuti", _("Escalation notice"),
            to=(BKPSDM,), copies=(BAWASLU,),
        ),
        # --- Employing authority
        _kind("examination_order", "Surat Perintah Pemeriksaan", _("Examination order"), series="order"),
        _kind("summons", "Surat Panggilan", _("Summons")),
        _kind("examination_minutes", "Berita Acara Pemeriksaan", _("Examination minutes (BAP)"), series="minutes"),
        _kind("examination_report", "Laporan Hasil Pemeriksaan", _("Examination report (LHP)"), series="report"),
        _kind(
            "sanction_decree", "Keputusan Penjatuhan Sanksi", _("Sanction decree"),
            series="decree", copies=(REVIEWER, BAWASLU),
        ),
        _kind(
            "followup_report", "Laporan Tindak Lanjut Rekomendasi", _("Follow-up report"),
            to=(REVIEWER,), copies=(BAWASLU,), variants=("no_sanction", "void", "carried_out"),
        ),
        _kind("delivery_record", "Berita Acara Penyerahan Keputusan", _("Delivery record"), series="minutes"),
        _kind(
            "appeal_record", "Berita Acara Penerimaan Upaya Administratif", _("Appeal record"),
            series="minutes", copies=(REVIEWER, BAWASLU),
        ),
        _kind(
            "appeal_ruling", "Pemberitahuan Putusan Upaya Administratif", _("Appeal ruling"),
            copies=(REVIEWER, BAWASLU),
        ),
    )
)  # fmt: skip
