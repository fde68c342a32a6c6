"""What makes the rendered PDF an archival, accessible one that is ready for its seal: PDF/A-3a with PDF/UA-1.

WeasyPrint writes PDF/A-3a; one pass over its objects just before they are written adds what is missing: the mark of
PDF/UA-1 in metadata that stays readable (ISO 19005-3 §6.6.2.1), and a tagged signature field of no size on the first
page (ISO 14289-1 §7.18.4). The field is there before the seal, so that sealing changes nothing but its value.
"""

from __future__ import annotations

import zlib
from typing import Any

import pydyf

#: Name of the signature field; pyHanko fills it.
FIELD = "Segel"
FIELD_TEXT = "Segel elektronik surat ini"

VARIANT = "pdf/a-3a"
#: Annotation flags (ISO 32000-1 §12.5.3): printed, and neither moved nor changed.
PRINT, LOCKED = 1 << 2, 1 << 7
#: Form flags (§12.7.2): there are signatures; only ever append.
SIGNATURES_EXIST, APPEND_ONLY = 1, 2
#: zlib's usual balance; nine costs twice the time for a hundredth of the size.
LEVEL = 6

_UA_METADATA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_RDF_END = b"</rdf:RDF>"

#: The colour profile is the same in every letter: compressed once.
_profiles: dict[bytes, bytes] = {}


def finish(pdf: pydyf.PDF, *, field: bool) -> None:
    """Complete WeasyPrint's objects, made with ``VARIANT`` and uncompressed; ``field`` adds the field of the seal."""
    if field:
        _add_field(pdf)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))  # WeasyPrint names each file twice
    for entry in pdf.objects:
        if isinstance(entry, pydyf.Stream):
            if entry.extra.get("Type") == "/Metadata":
                _mark_accessible(entry)
            elif "Filter" not in entry.extra:
                _compress(entry)


def _mark_accessible(metadata: pydyf.Stream) -> None:
    text = b"\n".join(metadata.stream)
    if _RDF_END not in text:
        raise ValueError("the metadata are not RDF")
    metadata.stream = [text.replace(_RDF_END, _UA_METADATA + _RDF_END, 1)]


def _compress(entry: pydyf.Stream) -> None:
    """Deflate a stream, never ending in a carriage return.

    With the line end that follows, readers take it for an end of line and the stream for one byte shorter; one stream
    in 256 is written as hexadecimal digits for that. Objects themselves stay plain text: an object stream would be
    compressed where nobody can look at its last byte.
    """
    plain = b"\n".join(item if isinstance(item, bytes) else pydyf._to_bytes(item) for item in entry.stream)
    packed = _profiles.get(plain) if "N" in entry.extra else None
    if packed is None:
        packed = zlib.compress(plain, LEVEL)
        if "N" in entry.extra:
            _profiles[plain] = packed
    if packed.endswith(b"\r"):
        entry.stream = [packed.hex().encode() + b">"]
        entry.extra["Filter"] = pydyf.Array(["/ASCIIHexDecode", "/FlateDecode"])
    else:
        entry.stream = [packed]
        entry.extra["Filter"] = "/FlateDecode"


def _add_field(pdf: pydyf.PDF) -> None:
    """The signature field: a widget of no size on the first page, in the structure tree as a form."""
    page = pdf.page_references[0]
    page_object = pdf.objects[int(page.split()[0])]
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    parents = pdf.objects[_number(root["ParentTree"])]["Nums"]
    document = pdf.objects[_number(root["K"][0])]
    key = 1 + max(parents[::2], default=-1)

    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String(FIELD_TEXT),
            "Rect": pydyf.Array((0, 0, 0, 0)),
            "F": PRINT | LOCKED,
            "P": page,
            "StructParent": key,
        }
    )
    pdf.add_object(widget)
    reference = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page})
    pdf.add_object(reference)
    form = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": document.reference,
            "Pg": page,
            "K": pydyf.Array([reference.reference]),
        }
    )
    pdf.add_object(form)
    document["K"].append(form.reference)
    parents.extend((key, form.reference))
    root["ParentTreeNextKey"] = key + 1
    page_object.setdefault("Annots", pydyf.Array()).append(widget.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"Fields": pydyf.Array([widget.reference]), "SigFlags": SIGNATURES_EXIST | APPEND_ONLY}
    )


def _number(reference: Any) -> int:
    return int(bytes(reference).split()[0])
