#!/usr/bin/env python3
"""Verify a case's exported history. Needs Python 3.8 or newer and nothing else; shares no code with the portal.

    python3 verify.py [FOLDER] [--keys FILE] [--heads FILE] [--json]

FOLDER holds events.jsonl, heads.jsonl, proofs.json, keys.txt, case.json and files/. Without --keys the signatures are
checked with the keys of the bundle itself: they then prove that all of it comes from one hand, not whose hand it is.
--heads takes heads that you kept yourself (from a mail or a letter); they must agree with the bundle.
Exit code: 0 everything fits, 1 something does not, 2 the bundle cannot be read.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

EVENT = b"neutrality-case-portal/history/v1/event\x00"
HEAD = b"neutrality-case-portal/history/v1/head\x00"
LIMIT = 2**53 - 1


# ---- canonical JSON (RFC 8785 without floats)
def text(value):
    """A string as RFC 8785 §3.2.2.2 writes it."""
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(short.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'


def canonical(value):
    """Canonical JSON as text."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str) or (isinstance(value, int) and abs(value) <= LIMIT):
        return text(value) if isinstance(value, str) else str(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(text(key) + ":" + canonical(value[key]) for key in keys) + "}"
    raise ValueError(f"{value!r} has no canonical form")


def refuse(what):
    """No number with a point has one form."""
    raise ValueError(f"{what} is not a whole number")


def once(pairs):
    """An object whose keys stand once."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return dict(pairs)


def parse(line):
    """JSON with one meaning."""
    return json.loads(line, object_pairs_hook=once, parse_float=refuse, parse_constant=refuse)


# ---- Merkle tree (RFC 6962, checks of RFC 9162 §2.1.3.2 and §2.1.4.2)
def sha(*parts):
    """SHA-256."""
    return hashlib.sha256(b"".join(parts)).digest()


def includes(root, size, index, leaf, proof):
    """Whether the proof leads from this leaf hash at this place to this root."""
    if not 0 <= index < size or any(len(h) != 32 for h in [root, leaf, *proof]):
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = sha(b"\x01", p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha(b"\x01", r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(first, root1, second, root2, proof):
    """Whether the tree of size ``second`` begins with the tree of size ``first``."""
    if not 0 < first <= second or any(len(h) != 32 for h in [root1, root2, *proof]):
        return False
    if first == second:
        return root1 == root2 and not proof
    path = ([root1] if first & (first - 1) == 0 else []) + list(proof)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = sha(b"\x01", c, fr), sha(b"\x01", c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha(b"\x01", sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == root1 and sr == root2


# ---- Ed25519 (RFC 8032 §5.1.7), verification only
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover(y, sign):
    """The x that belongs to y, or None."""
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point(data):
    """A point from 32 bytes, or None."""
    sign, y = divmod(int.from_bytes(data, "little"), 2**255)
    x = recover(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def add(a, b):
    """The sum of two points."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    h, i, j, k = f - e, d - c, d + c, f + e
    return (h * i % P, j * k % P, i * j % P, h * k % P)


def times(n, p):
    """A point taken n times."""
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, p)
        p, n = add(p, p), n >> 1
    return total


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public, message, signature):
    """Whether this message was signed with the key of this public half."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little")
    one, two = times(s, BASE), add(r, times(h, a))
    return (one[0] * two[2] - two[0] * one[2]) % P == 0 and (one[1] * two[2] - two[1] * one[2]) % P == 0


def good_head(head, keys):
    """Whether this head is signed by a known key."""
    message = HEAD + canonical({name: value for name, value in head.items() if name != "sig"}).encode()
    return signed(keys.get(head["key"], b""), message, bytes.fromhex(head["sig"]))


# ---- the bundle
def read_keys(path):
    """Public keys by id; a key whose id is not its own hash is refused."""
    keys = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if parts and not parts[0].startswith("#"):
            public = bytes.fromhex(parts[1])
            if hashlib.sha256(public).hexdigest()[:16] != parts[0]:
                raise ValueError(f"key and name do not belong together: {parts[0]}")
            keys[parts[0]] = public
    return keys


def read_lines(path):
    """JSON lines."""
    return [parse(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def check_events(events, newest, say):
    """Chain, order, states, and each event's place under the newest head."""
    previous, state, last = "0" * 64, "", 0
    for event in events:
        content = event["content"]
        name = f"event {content['seq']} ({content['name']})"
        if content["seq"] != last + 1 or content["stream"] != events[0]["content"]["stream"]:
            say(f"{name}: event {last + 1} is missing or this one is out of order")
        if content["prev_hash"] != previous:
            say(f"{name} does not continue the event before it")
        digest = sha(EVENT, canonical(content).encode())
        if digest.hex() != event["hash"]:
            say(f"{name} was changed: its content does not fit its hash")
        if content["from_state"] != state:
            say(f"{name} starts from “{content['from_state']}”, but the case was “{state}”")
        proof = [bytes.fromhex(step) for step in event["proof"]]
        if event["index"] is None:
            say(f"{name} has no place under the head yet")
        elif not includes(bytes.fromhex(newest["root"]), newest["size"], event["index"], sha(b"\x00", digest), proof):
            say(f"{name} is not part of the history the head speaks of")
        previous, state, last = event["hash"], content["to_state"], content["seq"]
    return state


def check_heads(heads, proofs, keys, say):
    """Signatures, and that every head is a beginning of the newest."""
    newest = heads[-1]
    for head in heads:
        if head["log"] != newest["log"] or not good_head(head, keys):
            say(f"head of {head['size']} events: not signed by a known key")
    sizes = {head["size"]: head for head in heads}
    for size, proof in proofs.items():
        root, steps = sizes.get(int(size), {"root": ""})["root"], [bytes.fromhex(step) for step in proof]
        if not consistent(int(size), bytes.fromhex(root), newest["size"], bytes.fromhex(newest["root"]), steps):
            say(f"head of {size} events is not a beginning of the newest head")
    return [head["size"] for head in heads if str(head["size"]) not in proofs]


def check_case(folder, events, case, state, say):
    """State and letters as the events tell them; every file with its recorded hash. Counts the files."""
    if case["state"] != state or case["number"] != events[0]["content"]["case_number"]:
        say(f"the summary says “{case['state']}”, the events “{state}”")
    told = {letter["letter"]: letter["number"] for e in events for letter in e["content"]["letters_issued"]}
    if told != case["letters"]:
        say("the summary's letters are not those the events issued")
    hashes, files = {}, 0
    for data in (event["content"]["data"] for event in events):
        facts = data["evidence"] if isinstance(data.get("evidence"), list) else [data]
        for fact in (fact for fact in facts if "sha256" in fact):  # of evidence, the copy that people are handed
            hashes[fact.get("evidence") or fact.get("letter")] = fact.get("shown_sha256", fact["sha256"])
    for path in sorted((folder / "files").glob("*")):
        files += 1
        if hashes.get(path.stem) != hashlib.sha256(path.read_bytes()).hexdigest():
            say(f"{path.name} is not the file that was recorded")
    return files, len(set(hashes) - {None}) - files


def verify(folder, keys_file=None, kept_file=None):
    """Everything; returns (complaints, facts)."""
    wrong = []
    events, heads = read_lines(folder / "events.jsonl"), read_lines(folder / "heads.jsonl")
    proofs, case = (parse((folder / name).read_text(encoding="utf-8")) for name in ("proofs.json", "case.json"))
    keys = read_keys(keys_file or folder / "keys.txt")
    if not events or not heads or heads != sorted(heads, key=lambda head: head["size"]):
        return ["the bundle holds no events, no heads, or heads out of order"], {}
    unproven = check_heads(heads, proofs, keys, wrong.append)
    state = check_events(events, heads[-1], wrong.append)
    files, absent = check_case(folder, events, case, state, wrong.append)
    for mine in read_lines(kept_file) if kept_file else []:
        if not good_head(mine, keys):
            wrong.append(f"your head of {mine['size']} events is not signed by a known key")
        elif mine not in heads:
            wrong.append(f"your head of {mine['size']} events is not in this bundle")
        elif mine["size"] in unproven:
            wrong.append(f"your head of {mine['size']} events comes without a proof")
    newest, signers = heads[-1], sorted({head["key"] for head in heads})
    facts = {"case": case["number"], "state": state, "events": len(events), "heads": len(heads), "files": files}
    facts.update({name: newest[name] for name in ("size", "root", "at")}, files_not_in_bundle=absent, signers=signers)
    return wrong, facts


def main():
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    for name in ("--keys", "--heads"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        wrong, facts = verify(asked.folder, asked.keys, asked.heads)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"This bundle cannot be read: {error!r}", file=sys.stderr)
        return 2
    if asked.json:
        print(json.dumps({"ok": not wrong, "wrong": wrong, **facts}, ensure_ascii=False))
    else:
        verdict = "BROKEN" if wrong else "WHOLE: nothing was changed; nothing is missing before the last event here."
        facts_told = [f"  {name}: {value}" for name, value in facts.items()]
        print("\n".join([verdict, *(f"  - {line}" for line in wrong), *facts_told]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
