"""The kinds of letters the table names: title, number series, template, who holds a copy."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.roles import Kind

BAWASLU, REVIEWER, BKPSDM = Kind.BAWASLU, Kind.REVIEWER, Kind.BKPSDM


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind:
    """One kind of letter. ``to`` and ``copies`` are the institution kinds of the case that hold it besides the issuer.

    ``title`` is Indonesian, as printed; ``label`` is the msgid shown in lists. ``series`` names the number series.
    """

    name: str
    title: str
    label: str
    template: str
    series: str = "letter"
    to: tuple[Kind, ...] = ()
    copies: tuple[Kind, ...] = ()


def _(text: str) -> str:
    """Mark for translation."""
    return text


def _kind(name: str, title: str, label: str, **more: object) -> tuple[str, LetterKind]:
    return name, LetterKind(name=name, title=title, label=label, template=f"letters/{name}.html", **more)  # type: ignore[arg-type]


KINDS: dict[str, LetterKind] = dict(
    (
        _kind("report_receipt", "Tanda Bukti Penyampaian Laporan", _("Report receipt")),
        _kind("completion_request", "Pemberitahuan Kelengkapan Laporan", _("Completion request")),
        _kind("status_notice", "Pemberitahuan Status Laporan", _("Status notice")),
        _kind("clarification_invitation", "Undangan Klarifikasi", _("Invitation to clarification")),
        _kind("clarification_minutes", "Berita Acara Klarifikasi", _("Clarification minutes"), series="minutes", copies=(REVIEWER,)),
        _kind("assessment", "Kajian Dugaan Pelanggaran", _("Assessment"), series="assessment", copies=(REVIEWER,)),
        _kind("bawaslu_recommendation", "Penerusan Dugaan Pelanggaran Netralitas ASN", _("Bawaslu recommendation"), to=(REVIEWER,)),
        _kind("supplement_request", "Permintaan Kelengkapan Berkas", _("Supplement request"), to=(BAWASLU,)),
        _kind("supplement_reply", "Penyampaian Kelengkapan Berkas", _("Supplement reply"), to=(REVIEWER,)),
        _kind("review_memo", "Nota Telaah", _("Review memo"), series="memo"),
        _kind("unproven_notice", "Pemberitahuan Hasil Telaah Tidak Terbukti", _("Notice: not proven"), to=(BAWASLU,)),
        _kind("reviewer_recommendation", "Rekomendasi Penjatuhan Sanksi", _("Reviewer's recommendation"), to=(BKPSDM,), copies=(BAWASLU,)),
        _kind("escalation_notice", "Pemberitahuan Belum Ditindaklanjuti", _("Escalation notice"), to=(BKPSDM,), copies=(BAWASLU,)),
        _kind("examination_order", "Surat Perintah Pemeriksaan", _("Examination order")),
        _kind("summons", "Surat Panggilan", _("Summons")),
        _kind("examination_minutes", "Berita Acara Pemeriksaan", _("Examination minutes (BAP)"), series="minutes"),
        _kind("examination_report", "Laporan Hasil Pemeriksaan", _("Examination report (LHP)"), series="report"),
        _kind("sanction_decree", "Keputusan Penjatuhan Sanksi", _("Sanction decree"), series="decree", copies=(REVIEWER, BAWASLU)),
        _kind("followup_report", "Laporan Tindak Lanjut Rekomendasi", _("Follow-up report"), to=(REVIEWER,), copies=(BAWASLU,)),
        _kind("delivery_record", "Berita Acara Penyerahan Keputusan", _("Delivery record"), series="minutes"),
        _kind("appeal_record", "Catatan Penerimaan Upaya Administratif", _("Appeal record"), series="minutes", copies=(REVIEWER, BAWASLU)),
        _kind("appeal_ruling", "Pemberitahuan Putusan Upaya Administratif", _("Appeal ruling"), copies=(REVIEWER, BAWASLU)),
    )
)
