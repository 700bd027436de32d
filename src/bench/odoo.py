#!/usr/bin/python3
"""Invoices a second into a real Odoo: the hub's, from the outbox on, beside Odoo's own best batch rate, in turns.

  src/bench/run.sh odoo [--release 14] [--invoices 120] [--lines 10] [--batch 40] [--turns 3]

Prints one JSON line. What is measured is told in docs/performance.md.
"""
import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, ".ci", "peers.d"))
import harness  # noqa: E402
import odoos  # noqa: E402

HEAD = ["id", "move_type", "journal_id/.id", "currency_id/.id", "partner_id/.id", "ref", "invoice_date", "invoice_date_due"]
LINE = ["invoice_line_ids/" + name for name in ("sequence", "display_type", "name", "quantity", "price_unit", "tax_ids/.id")]


class Raw:
    """A client that does nothing but what Odoo needs: records made in batches and posted, by the leanest transport it has."""

    def __init__(self, odoo, partners):
        self.odoo, self.partners = odoo, partners
        self.currency = odoo.call("res.currency", "search", [[["name", "=", "NZD"]]])[0]
        self.journal = odoo.call("account.journal", "search", [[["type", "=", "sale"]]])[0]
        self.made = 0

    def rpc(self, model, method, positional, named):
        told = self.odoo.told
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {"service": "object", "method": "execute_kw", "args": [
            told["DATABASE"], 2, told["PASSWORD"], model, method, positional, named]}}
        request = urllib.request.Request(told["URL"] + "/jsonrpc", data=json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=600) as answer:
            told = json.load(answer)
        if "error" in told:
            raise RuntimeError(told["error"])
        return told["result"]

    def run(self, way, invoices, lines, batch):
        """Invoices a second by create or by load."""
        begin = time.monotonic()
        for first in range(0, invoices, batch):
            count = min(batch, invoices - first)
            ids = self.create(count, lines) if way == "create" else self.load(count, lines)
            self.rpc("account.move", "action_post", [ids], {})
        return invoices / (time.monotonic() - begin)

    def next(self):
        self.made += 1
        return self.made, self.partners[self.made % len(self.partners)]

    def create(self, count, lines):
        kind = {} if self.odoo.release == "14" else {"display_type": "product"}
        moves = []
        for _ in range(count):
            number, partner = self.next()
            moves.append({
                "move_type": "out_invoice", "partner_id": partner, "journal_id": self.journal, "currency_id": self.currency,
                "ref": "raw %d" % number, "invoice_date": "2026-10-31", "invoice_date_due": "2026-11-30",
                "invoice_line_ids": [[0, 0, dict(kind, sequence=i, name="line %d of it" % i, quantity=1, price_unit=i + 0.25,
                                                 tax_ids=[[6, 0, []]])] for i in range(1, lines + 1)]})
        return self.rpc("account.move", "create", [moves], {})

    def load(self, count, lines):
        rows = []
        kind = "" if self.odoo.release == "14" else "product"
        for _ in range(count):
            number, partner = self.next()
            head = ["raw.move_%d" % number, "out_invoice", str(self.journal), str(self.currency), str(partner),
                    "raw %d" % number, "2026-10-31", "2026-11-30"]
            for i in range(1, lines + 1):
                rows.append((head if i == 1 else [""] * len(head))
                            + [str(i), kind, "line %d of it" % i, "1", "%d.25" % i, ""])
        answer = self.rpc("account.move", "load", [HEAD + LINE, rows], {})
        if not answer["ids"]:
            raise RuntimeError(answer["messages"])
        return answer["ids"]


def usage(path, tenants, lines):
    with open(path, "w") as out:
        for tenant in range(tenants):
            for line in range(lines):
                out.write(json.dumps({
                    "tenant": "bench-%03d" % tenant, "datacenter": "d1", "resource": "vm-%d-%d" % (tenant, line),
                    "meter": "product.%d" % line, "quantity": line + 1, "unit": "hour",
                    "begin": "2026-10-05T00:00:00Z", "end": "2026-10-05T01:00:00Z"}) + "\n")
    return path


def tariff(path, lines):
    with open(path, "w") as out:
        json.dump({"currency": "NZD", "services": {
            "product.%d" % line: {"mappings": [{"type": "flat", "cost": "1.25"}]} for line in range(lines)}}, out)
    return path


class Ours:
    """The hub: a ledger with a document a tenant, which are then brought into Odoo as the outbox does it."""

    def __init__(self, scratch, odoo, turn, arguments):
        self.scratch, self.odoo, self.arguments = scratch, odoo, arguments
        self.data = os.path.join(scratch.directory("turn-%d" % turn), "data")
        accounts = os.path.join(scratch.path, "accounts.yaml")
        with open(accounts, "w") as out:
            out.write("defaults: {connectors: [openerp]}\n")
        self.settings = ["caravan.issuer=bench-%d" % turn, "caravan.accounts=" + accounts] + odoo.settings(
            arguments.transport or ("json2" if odoo.release == "19" else "jsonrpc"))

    def run(self):
        files = self.scratch.path
        done = harness.caravan(
            "bill", "2026-10", "--usage", usage(os.path.join(files, "usage.jsonl"), self.arguments.invoices, self.arguments.lines),
            "--tariff", tariff(os.path.join(files, "tariff.json"), self.arguments.lines), "--data", self.data,
            "--out", files, "--json",
            *[word for setting in self.settings for word in ("--set", setting)])
        if done.returncode:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
        return self.arguments.invoices / self.seconds()

    def seconds(self):
        """From the begin of the first attempt to the end of the last one, as the ledger has them."""
        times = []
        listed = json.loads(harness.caravan("invoices", "--json", "--data", self.data).stdout)["documents"]
        for number in (listed[0]["number"], listed[-1]["number"]):
            shown = json.loads(harness.caravan("deliveries", "show", number, "--json", "--data", self.data).stdout)
            for one in shown["attempts"]:
                times += [one["started"], one["ended"]]
        times = [datetime.datetime.fromisoformat(one.replace("Z", "+00:00")) for one in times]
        return (max(times) - min(times)).total_seconds()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--release", default="14", choices=("14", "19"))
    parser.add_argument("--invoices", type=int, default=120)
    parser.add_argument("--lines", type=int, default=10)
    parser.add_argument("--batch", type=int, default=40)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--transport", default="")
    arguments = parser.parse_args()
    rates = {"ours": [], "create": [], "load": []}
    with harness.Scratch() as scratch:
        odoo = odoos.Odoo(scratch, arguments.release).start()
        partners = odoo.call("res.partner", "create", [[{"name": "Raw %d" % i, "company_type": "company"}
                                                        for i in range(arguments.batch)]])
        raw = Raw(odoo, partners)
        raw.run("create", 4, arguments.lines, 4)
        for turn in range(arguments.turns):
            for way in ("create", "load"):
                rates[way].append(raw.run(way, arguments.invoices, arguments.lines, arguments.batch))
            rates["ours"].append(Ours(scratch, odoo, turn, arguments).run())
            harness.say("turn %d: %s" % (turn + 1, {way: round(rate[-1], 2) for way, rate in rates.items()}))
        issued = odoo.call("account.move", "search_count", [[["ref", "=like", "bench-%"], ["state", "=", "posted"]]])
        if issued != arguments.invoices * arguments.turns:
            raise RuntimeError("%d invoices in Odoo, not %d" % (issued, arguments.invoices * arguments.turns))
        odoo.stop()
    medians = {way: statistics.median(rate) for way, rate in rates.items()}
    best = max(medians["create"], medians["load"])
    ratios = [ours / max(create, load) for ours, create, load in zip(rates["ours"], rates["create"], rates["load"])]
    print(json.dumps({
        "bench": "odoo", "release": arguments.release, "invoices": arguments.invoices, "lines": arguments.lines,
        "batch": arguments.batch, "invoicesPerSecond": round(medians["ours"], 2),
        "odooCreatePerSecond": round(medians["create"], 2), "odooLoadPerSecond": round(medians["load"], 2),
        "odooBestPerSecond": round(best, 2), "ratioToBest": round(statistics.median(ratios), 2), "repeat": arguments.turns}))


if __name__ == "__main__":
    main()
