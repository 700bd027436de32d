"""Usage billed at the prices that a real Odoo keeps: products and price lists, and what happens where a price is missing."""
import json
import os

import harness

MONTH = "2026-10"
# product, datacenter in the usage, sales price, unit; the price list has 0.25 for the first one and a tenth off the others
PRODUCTS = (("NZ-WLG-2.m1.small", "nz_wlg_2", 0.3, "hour"), ("nz-por-1.b1.standard", "nz-por-1", 0.000349, "gigabyte"))
LATER = ("nz-por-1.m1.large", "nz-por-1", 1.5, "hour")


def product(odoo, name, price, unit):
    return odoo.call("product.product", "create", [{"name": name, "lst_price": price, "default_code": unit, "sale_ok": True}])


def item(odoo, price_list, **values):
    odoo.call("product.pricelist.item", "create", [dict(values, pricelist_id=price_list)])


def prepare(odoo):
    """Prices of six digits, products, and a price list in the company's currency; answers the currency."""
    digits = odoo.call("decimal.precision", "search", [[["name", "=", "Product Price"]]])
    odoo.call("decimal.precision", "write", [digits, {"digits": 6}])
    currency = odoo.call("res.company", "read", [[1]], fields=["currency_id"])[0]["currency_id"]
    price_list = odoo.call("product.pricelist", "create", [{"name": "Cloud", "currency_id": currency[0]}])
    ids = [product(odoo, name, price, unit) for name, _, price, unit in PRODUCTS]
    item(odoo, price_list, applied_on="0_product_variant", product_id=ids[0], compute_price="fixed", fixed_price=0.25)
    item(odoo, price_list, applied_on="0_product_variant", product_id=ids[0], compute_price="fixed", fixed_price=0.01,
         min_quantity=100)
    item(odoo, price_list, applied_on="0_product_variant", product_id=ids[0], compute_price="fixed", fixed_price=0.02,
         date_end="2026-09-30")
    item(odoo, price_list, applied_on="3_global", compute_price="percentage", percent_price=10)
    return currency[1]


def usage(path):
    """744 hours and 14,880 gigabytes of one account, an hour of another at a product that has no price yet."""
    rows = [("acme", "nz_wlg_2", "vm-1", "instance", 744, "hour", "m1.small"),
            ("acme", "nz-por-1", "vol-1", "volume", 14880, "gigabyte", "b1.standard"),
            ("zen", "nz-por-1", "vm-2", "instance", 2, "hour", "m1.large")]
    with open(path, "w") as out:
        for tenant, datacenter, resource, meter, quantity, unit, kind in rows:
            out.write(json.dumps({
                "tenant": tenant, "datacenter": datacenter, "resource": resource, "meter": meter, "quantity": quantity, "unit": unit,
                "begin": MONTH + "-05T00:00:00Z", "end": MONTH + "-05T01:00:00Z", "metadata": {"kind": kind}}) + "\n")
    return path


def configured(place, odoo, currency, name, *more):
    """Settings of a ledger that bills at cost, on the disk of its own."""
    directory = os.path.join(place, name)
    os.makedirs(directory)
    with open(os.path.join(directory, "meters.yaml"), "w") as out:
        out.write('meters:\n  instance: {product: "{kind}", unit: hour, pricing: cost}\n'
                  '  volume: {product: "{kind}", unit: gigabyte, pricing: cost}\n')
    with open(os.path.join(directory, "tariff.yaml"), "w") as out:
        # nothing is priced as it comes in
        out.write("currency: %s\nservices: {}\n" % currency)
    settings = ["caravan.cost.connector=openerp", "caravan.cost.recheck=0s",
                "caravan.meters=" + os.path.join(directory, "meters.yaml"), "caravan.record.maxSkew=3660d",
                "camel.kamelet.openerp-sink.regions=nz_wlg_2=NZ-WLG-2", "caravan.tariff=" + os.path.join(directory, "tariff.yaml")] + list(more)
    return ["--data", os.path.join(directory, "data"), "--json"] + [
        word for setting in settings + odoo.settings("xmlrpc") for word in ("--set", setting)]


def lines(arguments, account):
    """Product, unit price and amount of each line of an account's one document; empty where there is none."""
    listed = json.loads(harness.caravan("invoices", MONTH, *arguments).stdout)["documents"]
    found = [one["number"] for one in listed if one["account"] == account]
    if len(found) != 1:
        return found
    shown = json.loads(harness.caravan("invoices", "show", found[0], *arguments).stdout)
    return sorted([line["product"], line["unitPrice"], line["amount"]] for line in shown["lines"])


def priced(scratch, checks, odoo):
    what = "Odoo %s, prices: " % odoo.release
    currency = prepare(odoo)
    place = scratch.directory("prices-" + odoo.release)
    records = usage(os.path.join(place, "usage.jsonl"))
    expected = {"sales": [["b1.standard", "0.000349", "5.19"], ["m1.small", "0.3", "223.20"]],
                # 0.000349 less a tenth, to six digits
                "listed": [["b1.standard", "0.000314", "4.67"], ["m1.small", "0.25", "186.00"]]}
    ledgers = {"sales": configured(place, odoo, currency, "sales"),
               "listed": configured(place, odoo, currency, "listed", "camel.kamelet.openerp-sink.priceList=Cloud")}
    for name, arguments in ledgers.items():
        done = harness.caravan("bill", MONTH, "--usage", records, "--tariff", os.path.join(place, name, "tariff.yaml"),
                               "--out", os.path.join(place, name), *arguments)
        checks.that(what + name + ": a month is billed but for what has no price", done.returncode in (0, 1), done.stderr)
        checks.equal(what + name + ": unit prices and amounts", lines(arguments, "acme"), expected[name])
        checks.equal(what + name + ": without a price nothing is billed", lines(arguments, "zen"), [])
        held = harness.caravan("months", *arguments)
        checks.that(what + name + ": what is missing is named with its remedy",
                    LATER[0] in held.stdout and "that can be sold" in held.stdout, held.stdout + held.stderr)
    product(odoo, LATER[0], LATER[2], LATER[3])
    for (name, arguments), price in zip(ledgers.items(), ("1.5", "1.35")):
        harness.caravan("close", MONTH, "--force", *arguments)
        checks.equal(what + name + ": billed once there is one", lines(arguments, "zen"),
                     [["m1.large", price, "%.2f" % (2 * float(price))]])
