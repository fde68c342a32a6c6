#!/usr/bin/env python3
"""Write the demo's bulk of synthetic cases (scenarios/bulk/*.yaml). Seeded: the same script writes the same files.

Three elections, mixed after published national figures (origin, category, position, outcome, half before candidates are
determined). Every person and NIP is invented. The files are played like any other scenario: nothing here forges a
state. Run ``.venv/bin/python scripts/make_scenarios.py`` after a change and commit the result.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parent))
from scenario_plans import (
    BKN_FROM,
    ELECTIONS,
    ENDS,
    ONE_DAY,
    OPEN_STATES,
    ORDER,
    PATH,
    Plan,
    finished,
    later,
    open_cases,
    row,
)  # fmt: skip
from scenario_texts import CATEGORIES, SHARED
from scenario_words import Teller, human, level_of, moment, sentence
from scenario_world import Person, people

OUT = Path(__file__).parent.parent / "scenarios" / "bulk"
SEED = 20241129


class Writer(Teller):
    """Builds scenario documents from plans."""

    # ---- dates
    def schedule(self, plan: Plan, received: dt.date, last: str) -> dict[str, dt.date]:
        dates: dict[str, dt.date] = {}
        date = received
        election = ELECTIONS[plan.election]
        for index, (name, usual) in enumerate(PATH):
            if plan.waive and name in ("invite", "record_clarification", "conclude_clarification"):
                continue
            quick = election.registered_unit == "calendar" and name in ("record_clarification", "propose", "forward")
            gap = min(usual, 1) if quick else usual
            natural = later(date, gap + (self.rng.random() < 0.3 and gap > 0 and index > 5))
            following = [plan.anchors[step] for step in ORDER[index + 1 :] if step in plan.anchors]
            date = plan.anchors.get(name) or min([natural, *following[:1]])
            dates[name] = date
            if name == last:
                break
        return dates

    # ---- the document
    def write(self, plan: Plan) -> dict[str, Any]:
        rng, election, category = self.rng, ELECTIONS[plan.election], CATEGORIES[plan.category]
        after = plan.act >= election.determined
        target = election.after if after else election.before
        code, status = row(category, plan.act, after=after)
        words = {
            "target": target, "name": plan.person.name, "unit": plan.person.unit, "nomor": rng.choice("1234"),
            "hari": SHARED["days"][plan.act.weekday()], "tanggal": human(plan.act), "jam": f"{rng.randint(6, 21):02d}.{rng.randint(0, 59):02d}",
            "media": self.pick(category.media), "tempat": self.pick(SHARED["places"]),
        }  # fmt: skip
        known = plan.act + ONE_DAY * plan.known_after
        received = plan.anchors.get("intake") or later(known, 0)
        last = {
            "decline": "", "dismiss": "propose", "close_unproven": "propose_review", "decide_no_sanction": "report_examination",
            "annul": "deliver", "close": "close",
        }.get(plan.ending, plan.ending.removeprefix("open:"))  # fmt: skip
        supervisor = rng.choice(["yuni", "galih"])
        incident = plan.incident or self.pick(category.incidents).format(**words)
        report = {
            "by": supervisor, "on": moment(received, rng), "origin": "FINDING" if plan.finding else "REPORT",
            "channel": "PATROL" if plan.finding else rng.choice(["COUNTER", "COUNTER", "LETTER", "ONLINE"]),
            "election": election.code, "incident": sentence(incident), "place": self.pick(category.places).format(**words),
            "occurred_on": plan.act.isoformat(), "known_on": known.isoformat(),
            "chronology": " ".join([self.pick(category.chronologies).format(**words), self.pick(SHARED["found" if plan.finding else "reported"]).format(**words, known=human(known))]),
            "reported": [{"nip": plan.person.nip}],
            "evidence": [{"title": self.pick(category.exhibits).format(**words), "picture": f"{words['media']} · {words['tanggal']}\n{incident[:80]}"}],
        }  # fmt: skip
        if not plan.finding:
            self.reporters += 1
            report["reporter"] = {
                "name": f"Warga Contoh {self.reporters}", "address": f"Kelurahan {rng.choice(SHARED['kelurahan'])}, Kota Blitar",
                "phone": f"0800000{self.reporters:05d}",
            }  # fmt: skip
        steps = self.steps(plan, words, code, status, received, last, supervisor, report["on"])
        supplied = "+" if "supply" in plan.anchors else ""
        state = ENDS.get(plan.ending) or OPEN_STATES[plan.ending.removeprefix("open:") + plan.extra + supplied]
        title = f"{plan.person.plain}: {incident}"
        return {
            "title": title[:110],
            "include": ["../_base.yaml", "_pegawai.yaml"],
            "report": report,
            "steps": steps,
            "ends": state,
        }

    def steps(
        self,
        plan: Plan,
        words: dict[str, str],
        code: str,
        status: str,
        received: dt.date,
        last: str,
        officer: str,
        began: str,
    ) -> list[dict[str, Any]]:
        rng, category = self.rng, CATEGORIES[plan.category]
        out: list[dict[str, Any]] = []
        ethics = code.startswith("A")
        if plan.ending == "decline":
            on = later(received, 1)
            ground, reason = rng.choice(SHARED["declines"])
            return [
                {
                    "on": moment(on, rng),
                    "by": rng.choice(["hendra", "laras"]),
                    "step": "decline",
                    "data": {"reason_code": ground, "reason": reason},
                }
            ]
        if plan.extra == "incomplete":
            return [
                {
                    "on": moment(plan.anchors["request_completion"], rng),
                    "by": officer,
                    "step": "request_completion",
                    "data": {"missing_items": self.pick(SHARED["missing"])},
                }
            ]
        if not last or last == "intake":
            return out
        dates = self.schedule(plan, received, last)
        bkn = dates.get("forward", plan.act) >= BKN_FROM
        reviewer = rng.choice(["rina", "ardi"] if bkn else ["dewi", "bagus"])
        board = rng.choice(["pramono", "maya"] if bkn else ["arum", "satrio"])
        employer = rng.choice(["agus", "dian"])
        level = level_of(plan.sanction, ethics)
        sanction = plan.sanction or ("M1" if ethics else "S1T")
        outcome = {"dismiss": "DISMISS"}.get(plan.ending, "FORWARD")
        unproven = plan.ending == "close_unproven"
        q = lambda texts: self.pick(texts).format(**words)  # noqa: E731
        clarified = dates.get("record_clarification")
        for name, on in dates.items():
            entry: dict[str, Any] = {"on": moment(on, rng, [{"on": began}, *out]), "by": officer, "step": name}
            match name:
                case "register":
                    entry["data"] = {"violation": code, "target_status": status}
                case "invite":
                    meet = clarified or max(later(on, 2), on + ONE_DAY * 2)
                    entry["data"] = {
                        "people": [{"role": "REPORTED"}],
                        "scheduled_on": max(meet, on + ONE_DAY).isoformat(),
                        "scheduled_at": rng.choice(["08:30", "09:00", "09:30", "10:00", "13:00"]),
                        "place": "Ruang klarifikasi Bawaslu Kota Blitar",
                    }
                case "record_clarification":
                    entry["data"] = {
                        "person_role": "REPORTED",
                        "place": "Ruang klarifikasi Bawaslu Kota Blitar",
                        "oath": "NOT_ASKED",
                        "statement": " ".join([q(category.statements), q(SHARED["statement_ends"])]),
                    }
                case "propose":
                    entry["data"] = {
                        "facts": q(category.facts), "element_subject": f"Terlapor pegawai ASN pada {plan.person.unit}.",
                        "element_act": q(category.acts), "element_target": f"Yang didukung berstatus {words['target']} pada tanggal perbuatan.",
                        "intent": q(SHARED["intents"]), "analysis": " ".join([q(SHARED["analyses"]), q(category.analyses)]),
                        "conclusion": q(SHARED["conclude_dismiss" if outcome == "DISMISS" else "conclude_forward"]), "proposed_outcome": outcome,
                    }  # fmt: skip
                case "forward":
                    entry |= {
                        "by": rng.choice(["hendra", "laras"]),
                        "data": {"plenary_number": self.plenary(on), "plenary_on": on.isoformat()},
                    }
                case "accept":
                    entry["by"] = reviewer
                case "propose_review":
                    finding = "UNPROVEN" if unproven else "ETHICS" if ethics else "DISCIPLINE"
                    data = {
                        "analysis": q(SHARED["review_unproven" if unproven else "review_proven"]),
                        "finding": finding,
                    }
                    entry |= {"by": reviewer, "data": data | ({} if unproven else {"level": level})}
                case "recommend_sanction":
                    entry |= {"by": board, "data": {"considerations": q(SHARED["considerations"][level])}}
                case "start_examination":
                    entry |= {"by": employer, "data": self.examiners(plan, level)}
                case "summon":
                    meet = dates.get("record_examination") or later(on, 8)
                    entry |= {
                        "by": employer,
                        "data": {
                            "scheduled_on": meet.isoformat(),
                            "scheduled_at": rng.choice(["08:30", "09:00", "10:00"]),
                            "place": self.pick(SHARED["rooms"]).format(**words),
                        },
                    }
                case "record_examination":
                    entry |= {
                        "by": employer,
                        "data": {
                            "place": self.pick(SHARED["rooms"]).format(**words),
                            "signed": "no" if rng.random() < 0.08 else "yes",
                            "questions": self.questions(category, words),
                        },
                    }
                case "report_examination":
                    clear = plan.ending == "decide_no_sanction"
                    entry |= {"by": employer, "data": {
                        "findings": q(SHARED["cleared_findings"] if clear else category.findings), "aggravating": "" if clear else q(SHARED["aggravating"]),
                        "mitigating": q(SHARED["mitigating"]), "impact": rng.choice(["UNIT", "UNIT", "AGENCY"]), "proven": "no" if clear else "yes",
                        **({"proposed_sanction": ""} if clear else {"article": self.article(plan, code), "proposed_sanction": sanction}),
                    }}  # fmt: skip
                case "decide_sanction":
                    entry |= {
                        "by": "suryo" if level in ("SEVERE", "DISMISSAL") or rng.random() < 0.3 else "wahyu",
                        "data": {
                            "sanction": sanction,
                            "article": self.article(plan, code),
                            "proven_act": q(category.proven),
                        },
                    }
                case "deliver":
                    entry |= {
                        "by": employer,
                        "data": {
                            "manner": rng.choice(["IN_PERSON", "IN_PERSON", "SUPERIOR", "SENT"]),
                            "place": plan.person.unit,
                        },
                    }
                case "enforce":
                    entry["by"] = employer
                case "close":
                    self.records[on.year] += 1
                    entry |= {
                        "by": employer,
                        "data": {
                            "record_system": "SIASN" if on.year < 2021 else "IDIS",
                            "record_number": f"CONTOH-{on.year}-{300 + self.records[on.year]:04d}",
                        },
                    }
            out.append(entry)
            if name == "register" and plan.waive:
                out.append(
                    {
                        "on": moment(on, rng, out),
                        "by": officer,
                        "step": "waive_clarification",
                        "data": {"reason": q(SHARED["waivers"])},
                    }
                )
            if name == "record_clarification" and rng.random() < 0.25:
                out.append({"on": moment(on, rng, out), "by": officer, "note": q(SHARED["notes"])})
            if name == "record_examination" and rng.random() < 0.2:
                out.append(
                    {
                        "on": moment(on, rng, out),
                        "by": employer,
                        "evidence": {
                            "title": q(SHARED["own_exhibits"]),
                            "picture": f"Lampiran pemeriksaan\n{plan.person.plain}",
                        },
                    }
                )
            if plan.extra == "supplement" and name == "accept":
                out.extend(self.supplement(plan, officer, reviewer))
        out.extend(self.ending(plan, words, dates, officer, board, employer, sanction))
        return out

    def supplement(self, plan: Plan, officer: str, reviewer: str) -> list[dict[str, Any]]:
        asked, supplied = plan.anchors["request_supplement"], plan.anchors.get("supply")
        out: list[dict[str, Any]] = [
            {
                "on": f"{asked} 10:05",
                "by": reviewer,
                "step": "request_supplement",
                "data": {"missing_items": self.pick(SHARED["supplements"])},
            }
        ]
        if supplied:
            out.append(
                {
                    "on": f"{supplied} 14:20",
                    "by": officer,
                    "step": "supply",
                    "data": {"added": self.pick(SHARED["supplied"])},
                }
            )
        return out

    def ending(
        self,
        plan: Plan,
        words: dict[str, str],
        dates: dict[str, dt.date],
        officer: str,
        board: str,
        employer: str,
        sanction: str,
    ) -> list[dict[str, Any]]:
        on = later(max(dates.values()), 1)
        rng = self.rng
        at = moment(on, rng)
        match plan.ending:
            case "dismiss":
                return [
                    {
                        "on": at,
                        "by": rng.choice(["hendra", "laras"]),
                        "step": "dismiss",
                        "data": {
                            "plenary_number": self.plenary(on),
                            "plenary_on": on.isoformat(),
                            "reason": self.pick(SHARED["dismissals"]),
                        },
                    }
                ]
            case "close_unproven":
                return [
                    {"on": at, "by": board, "step": "close_unproven", "data": {"reason": self.pick(SHARED["unproven"])}}
                ]
            case "decide_no_sanction":
                return [
                    {
                        "on": at,
                        "by": "suryo",
                        "step": "decide_no_sanction",
                        "data": {"reason": self.pick(SHARED["cleared"])},
                    }
                ]
            case "annul":
                filed, ruled = later(on, 5), later(on, 18)
                return [
                    {"on": moment(filed, rng), "by": employer, "step": "appeal", "data": {"kind": "objection", "filed_on": filed.isoformat(), "grounds": self.pick(SHARED["grounds"])}},
                    {"on": moment(ruled, rng), "by": "suryo", "step": "annul", "data": {"ruling_number": f"800.1.6.2/{rng.randint(11, 60):03d}/KBR/410.999/{ruled.year}", "ruling_on": ruled.isoformat(), "considerations": self.pick(SHARED["annulments"])}},
                ]  # fmt: skip
        if plan.extra == "escalate":
            return [
                {
                    "on": moment(plan.anchors["escalate"], rng),
                    "by": board,
                    "step": "escalate",
                    "data": {"reason": self.pick(SHARED["escalations"])},
                }
            ]
        if plan.extra == "appeal":
            filed = plan.anchors["appeal"]
            return [
                {
                    "on": f"{filed} 13:10",
                    "by": employer,
                    "step": "appeal",
                    "data": {
                        "kind": "objection",
                        "filed_on": filed.isoformat(),
                        "grounds": self.pick(SHARED["grounds"]),
                    },
                }
            ]
        return []


def main() -> None:
    """Write the files and print the mix."""
    rng = random.Random(SEED)
    base = yaml.load((OUT.parent / "_base.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - builds nothing but text
    named = {row["name"].split()[0].strip(","): Person.of(row) for row in base["employees"]}
    pool = people(rng, 110)
    batches = {
        "pilkada-2020": finished(rng, pool, "2020", "2020-06-22", "2020-12-04", {"close": 14, "close_unproven": 4, "dismiss": 2, "decline": 2}, 0.5, 0.9, {"S1T": 5, "S2T": 4, "S3T": 3, "R2": 1, "L1": 0.4}),
        "pemilu-2024": [
            *finished(rng, pool, "leg", "2023-06-05", "2024-02-05", {"close": 7, "close_unproven": 5, "dismiss": 2, "decline": 2, "decide_no_sanction": 1}, 0.62, 0.5, {"S1T": 5, "S2T": 3, "R2": 2, "R3": 2}),
            *finished(rng, pool, "pres", "2023-08-07", "2024-02-06", {"close": 4, "close_unproven": 3, "annul": 1}, 0.6, 0.5, {"S1T": 4, "R3": 2, "R1": 1}),
        ],
        "pilkada-2024": finished(rng, pool, "2024", "2024-05-06", "2024-09-25", {"close": 5, "close_unproven": 3, "dismiss": 1, "decline": 2}, 0.9, 0.45, {"R2": 2, "R3": 2}),
        "pilkada-2024-berjalan": open_cases(rng, named, pool),
    }  # fmt: skip
    writer = Writer(rng)
    used: list[Person] = []
    OUT.mkdir(exist_ok=True)
    head = "# Written by scripts/make_scenarios.py (seeded); change the script, not this file. All of it is invented.\n"
    for name, plans in batches.items():
        plans.sort(key=lambda plan: plan.act)
        documents = [writer.write(plan) for plan in plans]
        used.extend(plan.person for plan in plans if plan.person not in named.values())
        text = yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, width=118)
        (OUT / f"{name}.yaml").write_text(head + text, encoding="utf-8")
    rows = [person.row() for person in used]
    world = yaml.safe_dump(
        {"title": "Pegawai contoh", "employees": rows}, sort_keys=False, allow_unicode=True, width=118
    )
    (OUT / "_pegawai.yaml").write_text(head + world, encoding="utf-8")
    told(batches)


def told(batches: dict[str, list[Plan]]) -> None:
    plans = [plan for rows in batches.values() for plan in rows]
    before = sum(plan.act < ELECTIONS[plan.election].determined for plan in plans)
    print(f"{len(plans)} cases, {before} before determination, {sum(p.finding for p in plans)} findings")
    for name in ("ending", "category", "sanction"):
        print(name, dict(Counter(getattr(plan, name) for plan in plans).most_common()))
    print("class", dict(Counter(plan.person.position_class for plan in plans).most_common()))
    print("bytes", sum(path.stat().st_size for path in OUT.glob("*.yaml")))


if __name__ == "__main__":
    main()
