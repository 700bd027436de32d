#!/usr/bin/python3
"""Invoices a second into a real Odoo: a running hub's, by its outbox, beside Odoo's own best batch rate, in turns.

  src/bench/run.sh odoo [--release 14|19] [--invoices 200] [--lines 10] [--pairs 3]

Prints one JSON line. What is measured is told in docs/performance.md.
"""
import argparse
import concurrent.futures
import datetime
import json
import os
import statistics
import sys
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, ".ci", "peers.d"))
import harness  # noqa: E402
import odoos  # noqa: E402

FIRST_MONTH = datetime.date(2025, 1, 1)
HEAD = ("id", "move_type", "journal_id/.id", "currency_id/.id", "partner_id/.id", "ref", "invoice_date", "invoice_date_due",
        "invoice_origin")
LINE = tuple("invoice_line_ids/" + name for name in ("sequence", "display_type", "name", "quantity", "price_unit", "tax_ids/.id"))


class Raw:
    """A client that does nothing but what Odoo needs: moves like the hub's, made in batches and posted, by the leanest transport."""

    def __init__(self, odoo, lines):
        self.odoo, self.lines, self.made = odoo, lines, 0
        self.currency = odoo.call("res.currency", "search", [[["name", "=", "NZD"]]])[0]
        self.journal = odoo.call("account.journal", "search", [[["type", "=", "sale"]]])[0]
        self.partners = []

    def rpc(self, model, method, ids, named, positional=None):
        """Some methods of 14's want their argument by its place."""
        told = self.odoo.told
        if self.odoo.release == "14":
            path, bearer = "/jsonrpc", {}
            body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {"service": "object", "method": "execute_kw", "args": [
                told["DATABASE"], 2, told["KEY"], model, method, *([[positional], {}] if positional else
                                                                   [[] if ids is None else [ids], named])]}}
        else:
            path, bearer = "/json/2/%s/%s" % (model, method), {"Authorization": "bearer " + told["KEY"]}
            body = named if ids is None else dict(named, ids=ids)
        request = urllib.request.Request(told["URL"] + path, data=json.dumps(body).encode(),
                                         headers=dict(bearer, **{"Content-Type": "application/json"}))
        with urllib.request.urlopen(request, timeout=600) as answer:
            told = json.load(answer)
        if self.odoo.release != "14":
            return told
        if "error" in told:
            raise RuntimeError(told["error"])
        return told["result"]

    def run(self, way, batch, connections, invoices):
        """Seconds for so many."""
        sizes = [min(batch, invoices - first) for first in range(0, invoices, batch)]
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(connections) as pool:
            list(pool.map(lambda moves: self.bring(way, moves), [self.moves(size) for size in sizes]))
        return time.monotonic() - begin

    def moves(self, count):
        self.made += count
        return range(self.made - count, self.made)

    def bring(self, way, moves):
        ids = self.create(moves) if way == "create" else self.load(moves)
        self.rpc("account.move", "action_post", ids, {})

    def texts(self):
        """Type, text and price of each line: a section and as many lines as the hub's documents have."""
        yield "line_section", "Datacenter d1", None
        for line in range(self.lines):
            yield "" if self.odoo.release == "14" else "product", "product.%d: %d hour at 1.25" % (line, line + 1), 1.25 * (line + 1)

    def create(self, moves):
        values = []
        for number in moves:
            lines = []
            for i, (kind, text, price) in enumerate(self.texts()):
                line = {"sequence": i + 1, "name": text, "tax_ids": [[6, 0, []]]}
                if kind:
                    line["display_type"] = kind
                lines.append([0, 0, line if price is None else dict(line, quantity=1, price_unit=price)])
            values.append({
                "move_type": "out_invoice", "partner_id": self.partners[number % len(self.partners)], "journal_id": self.journal,
                "currency_id": self.currency, "ref": "raw:%d" % number, "invoice_date": "2026-10-31",
                "invoice_date_due": "2026-11-30", "invoice_origin": "RAW-%d" % number, "invoice_line_ids": lines})
        return self.rpc("account.move", "create", None, {"vals_list": values}, values)

    def load(self, moves):
        rows = []
        for number in moves:
            head = ["raw.move_%d" % number, "out_invoice", str(self.journal), str(self.currency),
                    str(self.partners[number % len(self.partners)]), "raw:%d" % number, "2026-10-31", "2026-11-30", "RAW-%d" % number]
            for i, (kind, text, price) in enumerate(self.texts()):
                rows.append((head if i == 0 else [""] * len(head))
                            + [str(i + 1), kind, text] + (["", ""] if price is None else ["1", "%.2f" % price]) + [""])
        answer = self.rpc("account.move", "load", None, {"fields": HEAD + LINE, "data": rows})
        if not answer["ids"]:
            raise RuntimeError(answer["messages"])
        return answer["ids"]

    def best(self, invoices):
        """The fastest of what may be done, each tried once; a way that Odoo gives up on is out."""
        tried = {}
        for way, batch, connections in [("create", 20, 1), ("create", 40, 1), ("create", 80, 1), ("create", 200, 1), ("load", 40, 1),
                                        ("load", 80, 1), ("create", 40, 2), ("create", 100, 2)]:
            if batch * connections > invoices:
                continue
            try:
                seconds = self.run(way, batch, connections, invoices)
            except (RuntimeError, OSError) as error:
                harness.say("%s by %d on %d connections: %s" % (way, batch, connections, str(error)[-200:]))
                continue
            tried[way, batch, connections] = invoices / seconds
            harness.say("%s by %d on %d connections: %.2f/s" % (way, batch, connections, invoices / seconds))
        return max(tried, key=tried.get), tried


class Ours:
    """A running hub with usage of some months, whose documents are brought into Odoo as months close."""

    def __init__(self, scratch, odoo, arguments):
        self.scratch, self.odoo, self.arguments = scratch, odoo, arguments
        accounts = os.path.join(scratch.path, "accounts.yaml")
        with open(accounts, "w") as out:
            out.write("defaults: {connectors: [openerp]}\n")
        # the same credential that the bare client has
        settings = [one for one in odoo.settings("json2" if odoo.release != "14" else "jsonrpc") if ".password=" not in one]
        if not any(".apiKey=" in one for one in settings):
            settings.append("camel.kamelet.openerp-sink.apiKey=" + odoo.told["KEY"])
        self.hub = harness.Hub(scratch, "caravan.issuer=bench", "caravan.accounts=" + accounts, "caravan.tariff=" + self.tariff(),
                               *settings, *arguments.set)
        self.closed = []

    def start(self):
        self.hub.start()
        self.hub.take_in(self.usage())

    def tariff(self):
        path = os.path.join(self.scratch.path, "tariff.json")
        with open(path, "w") as out:
            json.dump({"currency": "NZD", "services": {
                "product.%d" % line: {"mappings": [{"type": "flat", "cost": "1.25"}]} for line in range(self.arguments.lines)}}, out)
        return path

    @staticmethod
    def month(number):
        return FIRST_MONTH.replace(year=FIRST_MONTH.year + number // 12, month=number % 12 + 1)

    def usage(self):
        """A month more than there are pairs: the first one warms up, and makes the partners."""
        path = os.path.join(self.scratch.path, "usage.jsonl")
        with open(path, "w") as out:
            for number in range(self.arguments.pairs + 1):
                day = self.month(number).isoformat()
                for tenant in range(self.arguments.invoices):
                    for line in range(self.arguments.lines):
                        out.write(json.dumps({
                            "tenant": "bench-%03d" % tenant, "datacenter": "d1", "resource": "vm-%d-%d" % (tenant, line),
                            "meter": "product.%d" % line, "quantity": line + 1, "unit": "hour",
                            "begin": day + "T00:00:00Z", "end": day + "T01:00:00Z"}) + "\n")
        return path

    def command(self, *arguments):
        done = harness.caravan(*arguments, "--json", *self.hub.arguments())
        if done.returncode:
            raise RuntimeError("%s: %s%s" % (arguments, done.stdout[-2000:], done.stderr[-2000:]))
        return json.loads(done.stdout)

    def run(self):
        """Seconds for a month: from the begin of the first attempt to the end of the last, as the ledger has them."""
        month = self.month(len(self.closed)).isoformat()[:7]
        self.closed.append(month)
        self.command("close", month, "--force")
        expected = self.arguments.invoices * len(self.closed)
        end = time.monotonic() + 900
        while self.odoo.committed("bench") < expected:
            if time.monotonic() > end:
                raise RuntimeError("not all was committed:\n" + self.hub.tail())
            time.sleep(2)
        numbers = [one["number"] for one in self.command("invoices", month)["documents"]]
        if len(numbers) != self.arguments.invoices:
            raise RuntimeError("%d documents of %s" % (len(numbers), month))
        begins, ends = [], []
        for _ in range(30):
            stories = self.command("deliveries", "show", "--connector", "openerp", *numbers)["deliveries"]
            if all(story["state"] == "committed" for story in stories):
                break
            time.sleep(1)
        for story in stories:
            events = [datetime.datetime.fromisoformat(event["at"].replace("Z", "+00:00")) for event in story["events"]]
            begins.append(min(events))
            ends.append(max(events))
        self.calls = len(set(begins))
        return (max(ends) - min(begins)).total_seconds()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--release", default="14", choices=("14", "19"))
    parser.add_argument("--invoices", type=int, default=200)
    parser.add_argument("--lines", type=int, default=10)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--way", default="", help="way,batch,connections of the bare client; it is found out unless said")
    parser.add_argument("--set", action="append", default=[], help="a setting of the hub's")
    arguments = parser.parse_args()
    ours, limits, ratios, tried, work = [], [], [], {}, {"ours": 0, "limit": 0}
    with harness.Scratch() as scratch:
        odoo = odoos.Odoo(scratch, arguments.release).start()
        hub, raw = Ours(scratch, odoo, arguments), Raw(odoo, arguments.lines)
        hub.start()
        harness.say("warm-up: %.1f s" % hub.run())
        raw.partners = odoo.call("res.partner", "search", [[["ref", "=like", "bench-%"]]])
        if len(raw.partners) != arguments.invoices:
            raise RuntimeError("%d partners" % len(raw.partners))
        raw.run("create", 10, 1, 10)
        if arguments.way:
            way, batch, connections = arguments.way.split(",")
            best = way, int(batch), int(connections)
        else:
            best, tried = raw.best(arguments.invoices)
        for pair in range(arguments.pairs):
            # whoever comes first in a pair
            for who in (("limit", "ours") if pair % 2 else ("ours", "limit")):
                before = odoo.processor_seconds()
                if who == "ours":
                    ours.append(hub.run())
                else:
                    limits.append(raw.run(*best, arguments.invoices))
                work[who] += odoo.processor_seconds() - before
            ratios.append(limits[-1] / ours[-1])
            harness.say("pair %d: ours %.1f s in %d calls, limit %.1f s, ratio %.3f" % (
                pair + 1, ours[-1], hub.calls, limits[-1], ratios[-1]))
        hub.hub.stop()
        odoo.stop()
    print(json.dumps({
        "bench": "odoo", "release": arguments.release, "invoices": arguments.invoices, "lines": arguments.lines,
        "seconds": round(statistics.median(ours), 2), "invoicesPerSecond": round(arguments.invoices / statistics.median(ours), 2),
        "limitSeconds": round(statistics.median(limits), 2),
        "limitInvoicesPerSecond": round(arguments.invoices / statistics.median(limits), 2),
        "limitIs": "%s by %d on %d connections" % best, "ratioToLimit": round(statistics.median(ratios), 3),
        "odooProcessorSeconds": round(work["ours"] / arguments.pairs, 2),
        "limitOdooProcessorSeconds": round(work["limit"] / arguments.pairs, 2),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "tried": {"%s by %d on %d" % way: round(rate, 2) for way, rate in tried.items()}, "pairs": arguments.pairs}))


if __name__ == "__main__":
    main()
