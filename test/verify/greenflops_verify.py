#!/usr/bin/env python3
"""Recomputes an audit file of `greenflops export` and says where it differs.

    python3 verify.py DIR        exit 0: everything is as stated; 1: differences; 2: the folder cannot be read

Python 3.9 or newer, standard library only. A second implementation of the rules by which greenflops counts, written from
their description and not from the program: energies are integers of millijoules, ratios are fractions, and no binary
floating point comes near them.

The rules, in short
- An hour of a meter is good when it was metered for 95 % of it. A gap whose energy is known as a whole (bridged by the
  register, closed by a hand reading, imported as a day's or a month's figure) counts as metered for a window that holds
  the whole of it.
- An hour of a site counts when it is good for each meter of both sides, or for the meters of that meter's backup.
- PUE = facility energy / IT energy over the hours that count, if they are 95 % of the window.
- A site begins with the first hour that is good for each meter of both sides by itself and the gaps, known as a whole, that
  begin in it or later: a window that starts there holds those whole.
- The province: sites with a PUE over the longest span that any has. Hours that one of them leaves out are left out for all;
  if fewer than 95 % remain, the site that leaves out most goes, and so on. PUE = sum of energies / sum of energies.
- An entry spreads its energy evenly over its span; what of it lies before an instant is cut to whole millijoules.
- A side's energy, weighted by carrier, is cut to whole millijoules once for each tree (set of meters) of the window.
- A closed month: SHA-256 of the hash before it, a line feed and its body. Its events follow at once.
- Each entry has its event; one that touches a month which was closed before says who, why, and by which evidence.
"""

import bisect
import csv
import hashlib
import json
import os
import sys
from datetime import datetime, timedelta, timezone
from fractions import Fraction

HOUR = 3_600_000
CHINA = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
GOOD_MS = HOUR * 95 // 100
MOST_SHOWN = 50
ZH = os.environ.get("GREENFLOPS_LANG", os.environ.get("LANG", "")).startswith("zh")

csv.field_size_limit(1 << 30)


def say(zh, en):
    return zh if ZH else en


# ---------------------------------------------------------------- texts

_instants = {}


def instant(text):
    """Unix ms of '2026-10-01T00:00:00.000+08:00'; None where there is none."""
    if text in (None, ""):
        return None
    at = _instants.get(text)
    if at is None:
        at = (datetime.fromisoformat(text) - EPOCH) // timedelta(milliseconds=1)
        if len(_instants) < 100_000:
            _instants[text] = at
    return at


def clock(at):
    return (EPOCH + timedelta(milliseconds=at)).astimezone(CHINA).strftime("%Y-%m-%dT%H:%M:%S+08:00")


def millijoules(text):
    """'-12.345' joules, always three decimals, as millijoules."""
    if text in (None, ""):
        return None
    whole, point, rest = text.partition(".")
    if point != "." or len(rest) != 3 or not rest.isdigit():
        raise ValueError(f"{text!r} is no energy with three decimals")
    return int(whole + rest)


def cut(numerator, denominator):
    """Towards zero."""
    size = abs(numerator) // denominator
    return -size if numerator < 0 else size


def nearest(value):
    """A fraction to a whole number, halves upwards."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def month_span(month):
    year, number = int(month[:4]), int(month[5:])
    begin = datetime(year, number, 1, tzinfo=CHINA)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=CHINA)
    return tuple((day - EPOCH) // timedelta(milliseconds=1) for day in (begin, end))


def month_of(at):
    return clock(at)[:7]


def months_between(begin, end):
    at = begin
    while at < end:
        span = month_span(month_of(at))
        yield span
        at = span[1]


# ---------------------------------------------------------------- what differs


class Report:
    def __init__(self):
        self.count = 0

    def differs(self, where, row, what, stated, recomputed):
        self.count += 1
        if self.count <= MOST_SHOWN:
            print(
                say(
                    f"不符  {where} {row}  {what}：文件写 {stated}，重算为 {recomputed}",
                    f"DIFFERS  {where} {row}  {what}: the file says {stated}, recomputed {recomputed}",
                )
            )

    def compare(self, where, row, what, stated, recomputed):
        if stated != recomputed:
            self.differs(where, row, what, stated, recomputed)


# ---------------------------------------------------------------- the folder


class Folder:
    """The tables of an audit file, after its manifest's hashes and counts were checked."""

    def __init__(self, path, report):
        self.path = path
        with open(os.path.join(path, "manifest.json"), encoding="utf-8") as file:
            self.manifest = json.load(file)
        if self.manifest.get("schema") != "greenflops/audit/v1":
            raise ValueError(f"manifest.json: schema {self.manifest.get('schema')!r} is not greenflops/audit/v1")
        self.from_, self.to = instant(self.manifest["from"]), instant(self.manifest["to"])
        for name, entry in self.manifest["files"].items():
            full = os.path.join(path, name)
            if not os.path.exists(full):
                report.differs("manifest.json", name, "file", "present", "missing")
                continue
            hashed, size = hashlib.sha256(), 0
            with open(full, "rb") as file:
                while piece := file.read(1 << 20):
                    hashed.update(piece)
                    size += len(piece)
            report.compare("manifest.json", name, "sha256", entry["sha256"], hashed.hexdigest())
            report.compare("manifest.json", name, "bytes", entry["bytes"], size)
        self._json = None
        if self.manifest["format"] == "json":
            with open(os.path.join(path, "audit.json"), encoding="utf-8") as file:
                self._json = json.load(file)
        self._report = report

    def name(self, table):
        return "audit.json " + table if self._json is not None else table + ".csv"

    def rows(self, table):
        """(number, row) of a table; the number of a record, the header not counted."""
        number = 0
        for number, row in enumerate(self._read(table), 1):
            yield number, row
        file = "audit.json" if self._json is not None else table + ".csv"
        stated = self.manifest["files"].get(file, {}).get("rows", {}).get(table)
        self._report.compare("manifest.json", file, f"rows of {table}", stated, number)

    def _read(self, table):
        if self._json is not None:
            yield from self._json.get(table, [])
            return
        full = os.path.join(self.path, table + ".csv")
        if not os.path.exists(full):
            return
        with open(full, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {key: (value if value != "" else None) for key, value in row.items()}


# ---------------------------------------------------------------- the ledger


class Meter:
    """Written hours of one meter: start -> energy (mJ), metered ms, and whether it was imported."""

    def __init__(self):
        self.energy, self.metered, self.imported, self.plan = {}, {}, {}, {}
        self.ends, self.cumulative = [], []
        self.base = 0

    def written_until(self, at):
        """Cumulative energy of the hours that ended by an instant."""
        place = bisect.bisect_right(self.ends, at)
        return self.base if place == 0 else self.cumulative[place - 1]

    def span(self):
        return (self.ends[0] - HOUR, self.ends[-1]) if self.ends else None


class Entry:
    def __init__(self, row):
        self.id = int(row["id"])
        self.meter = row["meter"]
        self.from_, self.to = instant(row["from"]), instant(row["to"])
        self.energy = millijoules(row["energy_j"])
        self.factor = Fraction(row["factor"]) if row["factor"] else None
        self.kind = row["kind"]
        self.at = instant(row["at"])
        self.said = {name: row[name] for name in ("who", "why", "evidence_name", "evidence_sha256")}

    def before(self, at, meter):
        """What the entry adds to the total of its meter at an instant."""
        if at <= self.from_:
            return 0
        if self.factor is not None:
            held = meter.written_until(min(at, self.to)) - meter.written_until(self.from_)
            share = (self.factor - 1) * held
            return share.numerator // share.denominator
        if at >= self.to:
            return self.energy
        return cut(self.energy * (at - self.from_), self.to - self.from_)

    def by_hour(self, meter):
        hour = self.from_ // HOUR * HOUR
        while hour < self.to:
            part = self.before(hour + HOUR, meter) - self.before(hour, meter)
            if part:
                yield hour, part
            hour += HOUR


class Ledger:
    def __init__(self, folder, report):
        self.meters, self.entries, self.gaps, self.trees, self.valid_from = {}, [], {}, {}, {}
        self._read_hours(folder, report)
        for number, row in folder.rows("entries"):
            entry = Entry(row)
            report.compare(folder.name("entries"), f"row {number}", "id", entry.id, number)
            self.entries.append(entry)
        for _, row in folder.rows("gaps"):
            if row["kind"] in ("bridged", "imported"):
                gap = (instant(row["from"]), instant(row["to"]), row["kind"])
                self.gaps.setdefault(row["meter"], []).append(gap)
        for _, row in folder.rows("trees"):
            sides = json.loads(row["sides"], parse_float=Fraction)
            self.trees.setdefault(row["scope"], []).append((instant(row["since"]), sides))
        for _, row in folder.rows("sites"):
            self.valid_from[row["site"]] = instant(row["valid_from"]) or 0

    def _read_hours(self, folder, report):
        where = folder.name("hours")
        name, meter = None, None
        for number, row in folder.rows("hours"):
            if row["meter"] != name:
                name = row["meter"]
                if name in self.meters:
                    report.differs(where, f"row {number}", "meter", name, "its rows are not together")
                meter = self.meters.setdefault(name, Meter())
            hour = instant(row["hour"])
            energy, cumulative = millijoules(row["energy_j"]), millijoules(row["cumulative_j"])
            if not meter.ends:
                meter.base = cumulative - energy
            else:
                if hour < meter.ends[-1]:
                    report.differs(where, f"row {number}", f"{name} hour", row["hour"], "not after the hour before")
                total = meter.cumulative[-1] + energy
                if total != cumulative:
                    report.differs(where, f"row {number}", f"{name} {row['hour']} cumulative (mJ)", cumulative, total)
            meter.energy[hour] = energy
            meter.metered[hour] = int(row["metered_ms"])
            meter.imported[hour] = row["source"] == "past"
            meter.plan[hour] = row["plan"]
            meter.ends.append(hour + HOUR)
            meter.cumulative.append(cumulative)

    def meter(self, name):
        return self.meters.get(name) or Meter()


class View:
    """The ledger as it stood: at a close (rows that were written by then, entries up to an id), or now."""

    def __init__(self, ledger, entries_to=None, rows_to=None, gaps=None):
        self.ledger, self._rows_to, self._gaps = ledger, rows_to, gaps
        self._entries = [one for one in ledger.entries if entries_to is None or one.id <= entries_to]
        self._added = {}

    def written(self, meter, hour):
        """Whether the hour's row was there."""
        if self._rows_to is None:
            return True
        reach = self._rows_to.get(meter)
        return reach is not None and hour + HOUR <= reach

    def energy(self, meter, hour):
        if meter not in self._added:
            added = {}
            for entry in self._entries:
                if entry.meter == meter:
                    for at, part in entry.by_hour(self.ledger.meter(meter)):
                        added[at] = added.get(at, 0) + part
            self._added[meter] = added
        own = self.ledger.meter(meter).energy.get(hour, 0) if self.written(meter, hour) else 0
        return own + self._added[meter].get(hour, 0)

    def metered(self, meter, hour):
        return self.ledger.meter(meter).metered.get(hour, 0) if self.written(meter, hour) else 0

    def imported(self, meter, hour):
        return self.metered(meter, hour) if self.ledger.meter(meter).imported.get(hour) else 0

    def closed_gaps(self, meter, begin, end):
        """Spans whose energy is known as a whole, those that lie whole within [begin, end]."""
        if self._gaps is not None:
            known = self._gaps.get(meter, [])
        else:
            manual = [(one.from_, one.to, "manual") for one in self._entries if one.meter == meter and one.kind == "manual"]
            known = self.ledger.gaps.get(meter, []) + manual
        return [gap for gap in known if gap[0] >= begin and gap[1] <= end]


class Window:
    """What a view has between two instants; gaps are those that it holds whole."""

    def __init__(self, view, begin, end):
        self.view, self.begin, self.end = view, begin, end
        self._overlaps = {}

    def overlap(self, meter, hour):
        """Of an hour, the ms that lie in closed gaps, by kind."""
        if meter not in self._overlaps:
            found = {}
            for from_, to, kind in self.view.closed_gaps(meter, self.begin, self.end):
                at = from_ // HOUR * HOUR
                while at < to:
                    kinds = found.setdefault(at, {})
                    kinds[kind] = kinds.get(kind, 0) + min(to, at + HOUR) - max(from_, at)
                    at += HOUR
            self._overlaps[meter] = found
        return self._overlaps[meter].get(hour, {})

    def good(self, meter, hour):
        return self.view.metered(meter, hour) + sum(self.overlap(meter, hour).values()) >= GOOD_MS

    def sum(self, trees, left=frozenset()):
        """Both sides over the hours that count and are not in `left`, by the trees [(since, sides)]."""
        total = {
            "excluded": set(),
            "facility": 0,
            "it": 0,
            "counted": 0,
            "metered": {"facility": Fraction(0), "it": Fraction(0)},
            "covered": {"facility": Fraction(0), "it": Fraction(0)},
            "shares": {kind: {"facility": Fraction(0), "it": Fraction(0)} for kind in SHARES},
        }
        for begin, end, sides in pieces(trees, self.begin, self.end):
            self._add_piece(total, begin, end, sides, left)
        return total

    def _add_piece(self, total, begin, end, sides, left):
        members = {side: list(enumerate(sides[side])) for side in ("facility", "it")}
        hours = range(begin, end, HOUR)
        counts, replaced = set(), {}
        for hour in hours:
            good = hour not in left
            for side, list_ in members.items():
                for place, member in list_:
                    if self.good(member["meter"], hour):
                        continue
                    backup = member.get("backup")
                    if backup is not None and all(self.good(one["meter"], hour) for one in backup["meters"]):
                        replaced.setdefault((side, place), set()).add(hour)
                    else:
                        good = False
            if good:
                counts.add(hour)
            else:
                total["excluded"].add(hour)
        total["counted"] += HOUR * len(counts)
        for side, list_ in members.items():
            if not list_:
                continue
            micro = 0
            weights = sum(Fraction(member["ratedKw"]) for _, member in list_)
            for place, member in list_:
                instead = replaced.get((side, place), set())
                micro += self._add_member(total, side, member, hours, counts, instead, Fraction(member["ratedKw"]) / weights)
            constant = (sides.get("constants") or {}).get(side, 0)
            total[side] += cut(micro, 1_000_000) + constant * (len(counts) * HOUR // 1000)

    def _add_member(self, total, side, member, hours, counts, instead, weight):
        """Millionths of a millijoule of a member; its metered time goes to the side's means."""
        name = member["meter"]
        own = micro = 0
        metered = covered = 0
        shares = dict.fromkeys(SHARES, 0)
        for hour in hours:
            if hour in instead:
                metered += HOUR
                if hour in counts:
                    covered += HOUR
                    shares["substituted"] += HOUR
                    micro += self._stand_in(member, hour)
                continue
            closed = self.overlap(name, hour)
            known = self.view.metered(name, hour) + sum(closed.values())
            metered += known
            if hour not in counts:
                continue
            covered += known
            own += self.view.energy(name, hour)
            shares["imported"] += self.view.imported(name, hour)
            for kind, ms in closed.items():
                shares[kind] += ms
        total["metered"][side] += weight * metered
        total["covered"][side] += weight * covered
        for kind, ms in shares.items():
            total["shares"][kind][side] += weight * ms
        return micro + member["sign"] * member["weightMillionths"] * own

    def _stand_in(self, member, hour):
        backup = member["backup"]
        weight = member["sign"] * member["weightMillionths"]
        micro = backup.get("constantMilliwatts", 0) * (HOUR // 1000) * weight
        for one in backup["meters"]:
            product = nearest(Fraction(weight * one["sign"] * one["weightMillionths"], 1_000_000))
            micro += product * self.view.energy(one["meter"], hour)
        return micro


SHARES = ("bridged", "manual", "imported", "substituted")


def pieces(trees, begin, end):
    for place, (since, sides) in enumerate(trees):
        until = trees[place + 1][0] if place + 1 < len(trees) else end
        from_, to = max(begin, since), min(end, until)
        if from_ < to:
            yield from_, to, sides


def coverage_of(total, length):
    return min(Fraction(1), total["metered"]["facility"] / length, total["metered"]["it"] / length)


def refusal(total, length):
    """Why there is no PUE; None where there is one."""
    if total["counted"] * 100 < 95 * length or coverage_of(total, length) < Fraction(9025, 10_000):
        return "coverage"
    if total["it"] <= 0:
        return "no_it_energy"
    return "below_one" if total["facility"] < total["it"] else None


def missing_side(trees):
    if not trees or not trees[-1][1]["facility"]:
        return "no_boundary_meter"
    return None if trees[-1][1]["it"] else "no_it_meter"


def ratio(total):
    """PUE to nine decimals."""
    scaled = nearest(Fraction(total["facility"] * 10**9, total["it"]))
    return f"{scaled // 10**9}.{scaled % 10**9:09d}"


# ---------------------------------------------------------------- checks


class Tally:
    def __init__(self):
        self.closings = self.recomputed = self.months = self.windows = self.largest = 0
        self.chain = True
        self.pue_equal = True


def near(stated, value, step):
    """Means of metered time are rounded; energies never are."""
    return abs(Fraction(stated) - value) <= step


def check_chain(folder, report, tally):
    before, last = "", None
    bodies = []
    for number, row in folder.rows("closings"):
        tally.closings += 1
        where, at = folder.name("closings"), f"row {number} {row['month']}"
        problems = report.count
        report.compare(where, at, "previous", row["previous"] or "", before)
        digest = hashlib.sha256(f"{before}\n{row['body']}".encode()).hexdigest()
        report.compare(where, at, "hash", row["hash"], digest)
        if last is not None:
            report.compare(where, at, "month", row["month"], month_of(month_span(last)[1]))
        tally.chain = tally.chain and report.count == problems
        before, last = row["hash"], row["month"]
        try:
            body = json.loads(row["body"])
        except ValueError as error:
            report.differs(where, at, "body", "JSON", error)
            continue
        report.compare(where, at, "body.month", body["month"], row["month"])
        report.compare(where, at, "body.previous", body["previous"], row["previous"] or "")
        bodies.append((at, body))
    return bodies


def check_closing(folder, ledger, at, body, events, report, tally):
    where = folder.name("closings")
    begin, end = month_span(body["month"])
    report.compare(where, at, "from, to", (body["from"], body["to"]), (begin, end))
    for table, stated, found in (("entries", body["entries_to"], len(ledger.entries)), ("events", body["events_to"], events)):
        if found < stated:
            report.differs(folder.name(table), f"closing {body['month']}", "rows", f"{stated} or more", found)
    stated_gaps = {
        meter["meter"]: [(gap["from"], gap["to"], gap["kind"]) for gap in meter["closed_gaps"]] for meter in body["meters"]
    }
    rows_to = {meter["meter"]: meter["rows_to"] for meter in body["meters"]}
    view = View(ledger, body["entries_to"], rows_to, stated_gaps)
    now = View(ledger, body["entries_to"])
    window = Window(view, begin, end)
    for meter in body["meters"]:
        name = meter["meter"]
        reach = rows_to[name] if rows_to[name] is not None else begin
        must = {gap for gap in now.closed_gaps(name, begin, end) if gap[2] != "bridged" or gap[1] <= reach}
        may = set(now.closed_gaps(name, begin, end))
        stated = set(stated_gaps[name])
        if not must <= stated <= may:
            report.differs(where, at, f"{name} closed_gaps", sorted(stated), sorted(may))
        energy = sum(view.energy(name, hour) for hour in range(begin, end, HOUR))
        tally.largest = max(tally.largest, abs(energy - int(meter["millijoules"])))
        report.compare(where, at, f"{name} millijoules", int(meter["millijoules"]), energy)
        metered = sum(view.metered(name, hour) for hour in range(begin, end, HOUR))
        report.compare(where, at, f"{name} metered_ms", meter["metered_ms"], metered)
        poor = sum(not window.good(name, hour) for hour in range(begin, end, HOUR))
        report.compare(where, at, f"{name} exceptions", meter["exceptions"], poor)
        plans = ledger.meter(name).plan
        for hour in range(begin, end, HOUR):
            live = hour in plans and not ledger.meter(name).imported[hour] and view.written(name, hour)
            if live and plans[hour] not in body["declarations"]:
                report.differs(where, at, f"{name} {clock(hour)} plan", body["declarations"], plans[hour])
    for site in body["sites"]:
        check_closing_site(where, at, ledger, site, window, report, tally)
    tally.recomputed += 1


def check_closing_site(where, at, ledger, site, window, report, tally):
    name = site["site"]
    trees = [(tree["from"], json.loads(tree["sides"], parse_float=Fraction)) for tree in site["trees"]]
    on_record = [(from_, sides) for from_, _, sides in pieces(ledger.trees.get(name, []), window.begin, window.end)]
    report.compare(where, at, f"{name} trees", trees, on_record)
    total = window.sum(trees)
    length = window.end - window.begin
    for side in ("facility", "it"):
        tally.largest = max(tally.largest, abs(total[side] - int(site["millijoules"][side])))
        report.compare(where, at, f"{name} {side} millijoules", int(site["millijoules"][side]), total[side])
        means = {"covered": site["covered_ms"], **site["shares_ms"]}
        for kind, stated in means.items():
            value = total["covered"][side] if kind == "covered" else total["shares"][kind][side]
            if not near(stated[side], value, 1):
                report.differs(where, at, f"{name} {side} {kind} ms", stated[side], float(value))
    report.compare(where, at, f"{name} counted_ms", site["counted_ms"], total["counted"])
    report.compare(where, at, f"{name} length_ms", site["length_ms"], length)
    if not near(site["coverage"], coverage_of(total, length), Fraction(1, 10**6)):
        report.differs(where, at, f"{name} coverage", site["coverage"], float(coverage_of(total, length)))
    reason = missing_side(trees) or refusal(total, length)
    pue = ratio(total) if reason is None else None
    if (site["pue"], site["reason"]) != (pue, reason):
        tally.pue_equal = False
        report.differs(where, at, f"{name} pue", site["pue"] or site["reason"], pue or reason)


def check_late(folder, ledger, bodies, report):
    """What hours of a closed month hold beyond the close is exactly what the late bookings say."""
    where = folder.name("late")
    stated = {}
    for _, row in folder.rows("late"):
        sums = stated.setdefault((row["meter"], row["month"]), [0, 0])
        sums[0] += millijoules(row["energy_j"])
        sums[1] += int(row["metered_ms"])
    for _, body in bodies:
        begin, end = body["from"], body["to"]
        rows_to = {meter["meter"]: meter["rows_to"] for meter in body["meters"]}
        for name, meter in ledger.meters.items():
            reach = rows_to.get(name)
            late = [h for h in range(begin, end, HOUR) if h in meter.energy and (reach is None or h + HOUR > reach)]
            found = [sum(meter.energy[h] for h in late), sum(meter.metered[h] for h in late)]
            said = stated.pop((name, body["month"]), [0, 0])
            report.compare(where, f"{name} {body['month']}", "energy (mJ), metered ms", said, found)
    for (name, month), said in stated.items():
        if any(body["month"] == month for _, body in bodies):
            report.differs(where, f"{name} {month}", "energy (mJ), metered ms", said, "no such hours")


def utc(text):
    """Unix ms of an instant as events write it: '2026-10-01T00:00:00.000Z'; None where there is none."""
    return instant(text.replace("Z", "+00:00")) if isinstance(text, str) else None


def told_entry(kind, at, source, detail):
    """What an event says of the entry that came with it: a key to find the entry by; None where it tells of none."""
    begin, end = utc(detail.get("from")), utc(detail.get("to"))
    if kind == "adjusted" and "entry" in detail:
        return ("id", detail["entry"])
    if kind in ("hand_reading", "replaced") and begin is not None and end is not None and begin < end:
        return ("manual", at, detail.get("meter"), begin, end, int(detail["millijoules"]))
    if kind == "restated" and begin is not None:
        by = Fraction(detail["factor"]) if "factor" in detail else int(detail["millijoules"])
        return ("rescale" if "factor" in detail else "adjust", at, source, begin, end, by)
    return None


def check_events(folder, ledger, report):
    """Events are numbered without a hole. Returns what they say of closings, [(number, event)], and how many there are."""
    where, count, closed = folder.name("events"), 0, []
    told, behind = {}, set()
    for number, row in folder.rows("events"):
        count = int(row["id"])
        if count != number:
            report.differs(where, f"row {number}", "id", row["id"], number)
            break
        if row["kind"] not in ("adjusted", "hand_reading", "replaced", "restated", "closed"):
            continue
        detail = json.loads(row["detail"])
        if row["kind"] == "closed":
            closed.append((number, {**detail, "site": row["site"], "at": instant(row["at"])}))
            continue
        key = told_entry(row["kind"], instant(row["at"]), row["source"], detail)
        if key is not None:
            told.setdefault(key, []).append((number, row, detail))
        if row["kind"] in ("hand_reading", "replaced"):
            behind.add((instant(row["at"]), detail.get("meter"), utc(detail.get("to"))))
    for entry in ledger.entries:
        check_entry(folder, entry, told, behind, report)
    for events in told.values():
        for number, _, _ in events:
            report.differs(folder.name("entries"), f"row {number} of events", "entry", "missing", "the event tells of it")
    return closed, count


def check_entry(folder, entry, told, behind, report):
    """Takes the entry's event from those that were told; where there is none, that is a difference."""
    where, at = folder.name("entries"), f"row {entry.id}"
    by = entry.energy if entry.factor is None else entry.factor
    keys = (("id", entry.id), (entry.kind, entry.at, entry.meter, entry.from_, entry.to, by))
    key = next((key for key in keys if told.get(key)), None)
    if key is None:
        # A hand reading in a gap moves what was credited behind it: told by the reading's own event.
        if entry.kind != "adjust" or (entry.at, entry.meter, entry.from_) not in behind:
            report.differs(where, at, "event", "missing", f"an event that tells of entry {entry.id}")
        return
    number, row, detail = told[key].pop(0)
    if key[0] != "id":
        return
    at = f"row {number} entry {entry.id}"
    report.compare(where, at, "energy (mJ)", entry.energy, int(detail["millijoules"]))
    report.compare(where, at, "meter", entry.meter, row["source"])
    report.compare(where, at, "kind", entry.kind, detail["kind"])
    report.compare(where, at, "at", entry.at, instant(row["at"]))
    for name, value in (("from", entry.from_), ("to", entry.to)):
        report.compare(where, at, name, value, utc(detail[name]))
    for name in ("who", "why"):
        report.compare(where, at, name, entry.said[name], detail[name])
    evidence = f"{entry.said['evidence_name']} sha256:{entry.said['evidence_sha256']}"
    report.compare(where, at, "evidence", evidence, detail["evidence"])


def check_after_close(folder, ledger, bodies, report):
    """An entry that changes a month after its close says who, why, and by which evidence."""
    for entry in ledger.entries:
        for _, body in bodies:
            if entry.id <= body["entries_to"] or entry.from_ >= body["to"] or entry.to <= body["from"]:
                continue
            for name, value in entry.said.items():
                if not (value or "").strip():
                    said = say("结账后的分录必须写明", "an entry after the close has to say it")
                    report.differs(folder.name("entries"), f"row {entry.id} {body['month']}", name, "nothing", said)
            break


def check_closed_events(folder, bodies, hashes, closed, report):
    """Each closing has its event for each site, right after the events that it covers, and each event its closing."""
    where = folder.name("events")
    left = {}
    for number, event in closed:
        left.setdefault(event.get("month"), []).append((number, event))
    for at, body in bodies:
        month, sites = body["month"], set()
        place = body["events_to"]
        for number, event in left.pop(month, []):
            place += 1
            row = f"row {number} {month}"
            report.compare(where, row, "hash", event.get("hash"), hashes[month])
            report.compare(where, row, "at, who", (event["at"], event.get("who")), (body["at"], body["who"]))
            report.compare(where, row, "id", number, place)
            if event["site"] in sites:
                report.differs(where, row, "site", event["site"], "told before")
            sites.add(event["site"])
        silent = {site["site"] for site in body["sites"]} - sites
        if silent or not sites:
            report.differs(folder.name("closings"), at, "event closed", "missing", " ".join(sorted(silent)) or "one or more")
    for events in left.values():
        for number, event in events:
            report.differs(where, f"row {number} {event.get('month')}", "closing", "missing", "the event tells of it")


def good_from(ledger, view, name, hour, until):
    """Whether an hour is good for a meter with the gaps, known as a whole, that a window from that hour on holds."""
    known = ledger.meter(name).metered.get(hour, 0)
    for from_, to, _ in view.closed_gaps(name, hour, until):
        known += max(0, min(to, hour + HOUR) - max(from_, hour))
    return known >= GOOD_MS


def first_full_hour(ledger, view, trees, not_before):
    """The first hour in which each meter of both sides was metered for 95 %, or is known as a whole from then on."""
    for begin, end, sides in pieces(trees, not_before, 1 << 62):
        names = {member["meter"] for side in ("facility", "it") for member in sides[side]}
        spans = [ledger.meter(name).span() for name in names]
        if not names or None in spans:
            continue
        first = max([begin] + [span[0] for span in spans])
        until = min([end] + [span[1] for span in spans])
        for hour in range(first, until, HOUR):
            if all(good_from(ledger, view, name, hour, until) for name in names):
                return hour
    return None


def year_before(at):
    day = (EPOCH + timedelta(milliseconds=at)).astimezone(CHINA)
    return (day.replace(year=day.year - 1) - EPOCH) // timedelta(milliseconds=1)


def new_year(end):
    year = int(clock(end - 1)[:4])
    return month_span(f"{year}-01")[0]


def windows_at(ledger, view, trees, begin, end, start):
    """(window, kind, from, sum, reason) of a month end."""
    total = Window(view, begin, end).sum(trees)
    yield "month", "interim", begin, total, missing_side(trees) or refusal(total, end - begin)
    for name, opens in (("ytd", new_year(end)), ("12mo", year_before(end))):
        reason = missing_side(trees) or ("young" if start is None or start >= end else None)
        if reason:
            yield name, "interim", None, None, reason
            continue
        from_ = max(opens, start)
        total = Window(view, from_, end).sum(trees)
        kind = "annual" if name == "12mo" and opens >= start else "interim"
        yield name, kind, from_, total, refusal(total, end - from_)


def check_windows(folder, ledger, report, tally):
    where = folder.name("windows")
    stated = {}
    for number, row in folder.rows("windows"):
        key = (row["scope"], row["end"], row["window"])
        if key in stated:
            report.differs(where, f"row {number} {' '.join(key)}", "row", "present", "there twice")
        stated[key] = (number, row)
    view = View(ledger)
    sites = {}
    for scope, all_trees in ledger.trees.items():
        names = {member["meter"] for _, sides in all_trees for side in ("facility", "it") for member in sides[side]}
        spans = [span for span in (ledger.meter(name).span() for name in names) if span]
        if not spans:
            continue
        reach = max(span[1] for span in spans)
        for begin, end in months_between(min(span[0] for span in spans), reach):
            if end > reach or (folder.from_ is not None and begin < folder.from_) or (folder.to is not None and end > folder.to):
                continue
            key = (scope, clock(end).replace("+", ".000+"))
            trees = [tree for tree in all_trees if tree[0] < end]
            not_before = -(-ledger.valid_from.get(scope.split("/")[0], 0) // HOUR) * HOUR
            start = first_full_hour(ledger, view, trees, not_before)
            said = instant(stated.get((*key, "month"), (0, {}))[1].get("start"))
            # Hours before the exported range are not here: the stated start is taken where it lies there.
            if folder.from_ is not None and said is not None and said < folder.from_:
                start = said
            tally.months += 1
            for window, kind, from_, total, reason in windows_at(ledger, view, trees, begin, end, start):
                if "/" not in scope:
                    sites.setdefault((end, window), []).append((scope, trees, kind, from_, total, reason))
                if from_ is not None and folder.from_ is not None and from_ < folder.from_:
                    continue
                number, row = stated.pop((*key, window), (0, None))
                at = f"row {number} {scope} {window} {key[1]}"
                if row is None:
                    report.differs(where, at, "row", "missing", "there should be one")
                    continue
                tally.windows += 1
                check_window(where, at, row, (kind, start, from_, end, total, reason), report, tally)
    for (end, window), rows in sites.items():
        key = ("province", clock(end).replace("+", ".000+"), window)
        recomputed = province(view, folder, end, rows)
        number, row = stated.pop(key, (0, None)) if recomputed else (0, None)
        at = f"row {number} province {window} {key[1]}"
        if recomputed and row is None:
            report.differs(where, at, "row", "missing", "there should be one")
        elif recomputed:
            tally.windows += 1
            check_province(where, at, row, recomputed, report, tally)
    for (scope, end, window), (number, _) in stated.items():
        report.differs(where, f"row {number} {scope} {window} {end}", "row", "present", "no such window")


def province(view, folder, end, rows):
    """(kind, from, energies, counted, sites) of the province; None where it has no such window."""
    # Hours before the exported range are not here.
    if len(rows) < 2 or any(row[3] is not None and folder.from_ is not None and row[3] < folder.from_ for row in rows):
        return None
    known = [row for row in rows if row[5] is None and row[4] is not None]
    if not known:
        return None
    from_ = min(row[3] for row in known)
    same = sorted((row for row in known if row[3] == from_), key=lambda row: (len(row[4]["excluded"]), row[0]))
    kind = next(row[2] for row in known if row[3] == from_)
    length = end - from_

    def left():
        return set().union(*(row[4]["excluded"] for row in same))

    while len(same) > 1 and (length - len(left()) * HOUR) * 100 < 95 * length:
        same.pop()
    out = frozenset(left())
    energies = {"facility": 0, "it": 0}
    for _, trees, _, _, total, _ in same:
        over = total if total["excluded"] == out else Window(view, from_, end).sum(trees, out)
        for side in energies:
            energies[side] += over[side]
    return kind, from_, energies, length - len(out) * HOUR, length, " ".join(sorted(row[0] for row in same))


def check_province(where, at, row, recomputed, report, tally):
    kind, from_, energies, counted, length, sites = recomputed
    report.compare(where, at, "kind", row["kind"], kind)
    report.compare(where, at, "from", instant(row["from"]), from_)
    for side in ("facility", "it"):
        value = millijoules(row[side + "_j"])
        if value is not None:
            tally.largest = max(tally.largest, abs(value - energies[side]))
        report.compare(where, at, side + " (mJ)", value, energies[side])
    report.compare(where, at, "counted_ms", row["counted_ms"], str(counted))
    report.compare(where, at, "length_ms", row["length_ms"], str(length))
    report.compare(where, at, "sites", row["sites"], sites)
    pue = ratio(energies) if energies["it"] > 0 else None
    if row["pue"] != pue:
        tally.pue_equal = False
        report.differs(where, at, "pue", row["pue"] or row["reason"], pue)


def check_window(where, at, row, recomputed, report, tally):
    kind, start, from_, end, total, reason = recomputed
    report.compare(where, at, "kind", row["kind"], kind)
    report.compare(where, at, "start", instant(row["start"]), start)
    report.compare(where, at, "from", instant(row["from"]), from_)
    pue = None
    if total is None:
        for column in ("facility_j", "it_j", "counted_ms", "length_ms", "coverage"):
            report.compare(where, at, column, row[column], None)
    else:
        length = end - from_
        for side in ("facility", "it"):
            value = millijoules(row[side + "_j"])
            if value is not None:
                tally.largest = max(tally.largest, abs(value - total[side]))
            report.compare(where, at, side + " (mJ)", value, total[side])
        report.compare(where, at, "counted_ms", row["counted_ms"], str(total["counted"]))
        report.compare(where, at, "length_ms", row["length_ms"], str(length))
        if row["coverage"] is None or not near(row["coverage"], coverage_of(total, length), Fraction(1, 10**6)):
            report.differs(where, at, "coverage", row["coverage"], float(coverage_of(total, length)))
        pue = ratio(total) if reason is None else None
    if (row["pue"], row["reason"]) != (pue, reason):
        tally.pue_equal = False
        report.differs(where, at, "pue", row["pue"] or row["reason"], pue or reason)


def said_of_pue(tally):
    if tally.windows == 0:
        return say("没有可重算的窗口", "no window was recomputed")
    return say("一致", "equal") if tally.pue_equal else say("不一致", "DIFFERENT")


def verify(path):
    report, tally = Report(), Tally()
    folder = Folder(path, report)
    ledger = Ledger(folder, report)
    closed, events = check_events(folder, ledger, report)
    bodies = check_chain(folder, report, tally)
    hashes = {row["month"]: row["hash"] for _, row in folder.rows("closings")}
    check_closed_events(folder, bodies, hashes, closed, report)
    check_after_close(folder, ledger, bodies, report)
    inside = [
        (at, body)
        for at, body in bodies
        if (folder.from_ is None or body["from"] >= folder.from_) and (folder.to is None or body["to"] <= folder.to)
    ]
    for at, body in inside:
        check_closing(folder, ledger, at, body, events, report, tally)
    check_late(folder, ledger, inside, report)
    check_windows(folder, ledger, report, tally)
    if report.count > MOST_SHOWN:
        print(say(f"……另有 {report.count - MOST_SHOWN} 处", f"... and {report.count - MOST_SHOWN} more"))
    lines = (
        (say("文件哈希", "files hashed"), len(folder.manifest["files"])),
        (say("结账月份", "closings"), tally.closings),
        (say("哈希链", "chain"), say("完好", "ok") if tally.chain else say("断裂", "BROKEN")),
        (say("重算月份", "months recomputed"), f"{tally.recomputed} of {len(inside)}"),
        (say("重算窗口", "windows recomputed"), tally.windows),
        ("PUE", said_of_pue(tally)),
        (say("最大差值", "largest difference"), f"{tally.largest} mJ"),
        (say("不符之处", "differences"), report.count),
    )
    for name, value in lines:
        print(f"{name}: {value}")
    return 1 if report.count else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__)
        sys.exit(2)
    try:
        sys.exit(verify(sys.argv[1]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(say(f"无法核对 {sys.argv[1]}：{error!r}", f"{sys.argv[1]} cannot be checked: {error!r}"))
        sys.exit(2)
