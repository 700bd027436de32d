#!/usr/bin/python3
"""From a new user to billed usage: the subscription process against a running hub and Keystone, each call as a portal makes it.

    examples/subscription-process.py --data DIR --caravan http://127.0.0.1:9534 --keystone http://127.0.0.1:5000/v3 \\
        --admin-password PASSWORD

Twice: once with single calls, where the portal makes the projects itself, and once with one order that the hub's worker
carries out (?provision=true). It needs what a portal has: a user of Keystone's that may make users, projects and roles; the
operator's key in DIR for the merchant, its plan and its key. The hub needs a meter `instance` with `pricing: plan`.

Only Python's own library. Last line: N passed, M failed.
"""
import argparse
import base64
import datetime
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PRICE = "0.05"
QUANTITY = "10"
COSTS = "0.50"


class Checks:
    """Counts what is as it should be."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def equal(self, what, actual, expected):
        if actual == expected:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED %s: %r, expected %r" % (what, actual, expected), flush=True)
        return actual


class Server:
    """JSON over HTTP."""

    def __init__(self, url, headers=None):
        self.url = url.rstrip("/")
        self.headers = headers or {}

    def call(self, method, path, body=None, headers=None):
        """Status, headers and JSON of the answer."""
        request = urllib.request.Request(self.url + path, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        for name, value in dict(self.headers, **(headers or {})).items():
            request.add_header(name, value)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.headers, self.read(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, error.headers, self.read(error.read())

    @staticmethod
    def read(text):
        try:
            return json.loads(text) if text else None
        except ValueError:
            return text.decode(errors="replace")

    def expect(self, status, method, path, body=None, headers=None):
        found, answered, said = self.call(method, path, body, headers)
        if found != status:
            raise RuntimeError("%s %s%s: %s, expected %d: %s" % (method, self.url, path, found, status, said))
        return answered, said


class Keystone:
    """What the portal asks of Keystone, with a user of its own."""

    def __init__(self, url, user, password, project):
        self.server = Server(url)
        token = self.log_in({"name": user, "domain": {"name": "Default"}, "password": password},
                            {"project": {"name": project, "domain": {"name": "Default"}}})
        self.admin = Server(url, {"X-Auth-Token": token})

    def log_in(self, user, scope):
        answered, _ = self.server.expect(201, "POST", "/auth/tokens", {"auth": {"identity": {
            "methods": ["password"], "password": {"user": user}}, "scope": scope}})
        return answered["X-Subject-Token"]

    def scoped(self, token, project):
        answered, _ = self.server.expect(201, "POST", "/auth/tokens", {"auth": {"identity": {
            "methods": ["token"], "token": {"id": token}}, "scope": {"project": {"id": project}}}})
        return answered["X-Subject-Token"]

    def role(self, name):
        _, said = self.admin.expect(200, "GET", "/roles?name=" + urllib.parse.quote(name))
        if not said["roles"]:
            _, said = self.admin.expect(201, "POST", "/roles", {"role": {"name": name}})
            return said["role"]["id"]
        return said["roles"][0]["id"]

    def project(self, name, description):
        _, said = self.admin.expect(201, "POST", "/projects", {"project": {
            "name": name, "domain_id": "default", "description": description, "enabled": True}})
        return said["project"]["id"]

    def named(self, name):
        _, said = self.admin.expect(200, "GET", "/projects?name=" + urllib.parse.quote(name))
        return said["projects"][0] if said["projects"] else None

    def grant(self, project, user, role):
        self.admin.expect(204, "PUT", "/projects/%s/users/%s/roles/%s" % (project, user, role))

    def roles(self, project, user):
        _, said = self.admin.expect(200, "GET", "/role_assignments?include_names=true&scope.project.id=" + project)
        return sorted(one["role"]["name"] for one in said["role_assignments"] if one["user"]["id"] == user)


def say(text):
    print("# " + text, flush=True)


def merchant(options):
    """A merchant with product and plan, as an operator makes them; answers the server that its portal asks, and ids."""
    with open(os.path.join(options.data, "operator.key")) as file:
        operator = Server(options.caravan, {"X-Auth-Token": file.read().strip()})
    for path, name in (("/currencies", options.currency), ("/languages", "en")):
        if operator.call("GET", "%s/%s" % (path, name))[0] == 404:
            operator.expect(202, "POST", path, {"name": name})
    name = "merchant-" + uuid.uuid4().hex[:8]
    _, made = operator.expect(202, "POST", "/merchants", {
        "name": name, "title": "A merchant", "currency": options.currency, "language": "en"})
    told = subprocess.run([os.path.join(HOME, "caravan"), "key", "create", "--merchant", name, "--json", "--data",
                           options.data], check=True, stdout=subprocess.PIPE, text=True)
    key = json.loads(told.stdout)
    basic = base64.b64encode(("%s:%s" % (key["key"], key["secret"])).encode()).decode()
    portal = Server(options.caravan + "/merchants/" + made["id"], {"Authorization": "Basic " + basic})
    _, product = portal.expect(202, "POST", "/products", {
        "name": "instance", "title": "Instance hours", "properties": {"measure": "hour"}})
    _, plan = portal.expect(202, "POST", "/plans", {"name": "plan.xs", "title": "Plan XS"})
    portal.expect(200, "PUT", "/plans/%s/items/%s" % (plan["id"], product["id"]), {
        "pricing": [{"type": "volume", "mode": "graduated", "tiers": [
            {"from": None, "to": "100", "price": PRICE}, {"from": "100", "to": None, "price": "0.04"}]}]})
    return name, portal, product["id"]


def single_calls(checks, keystone, portal, roles):
    """Steps 1 to 11, each a call of its own."""
    name = "ann-" + uuid.uuid4().hex[:8]
    say("1 register, 2 log in")
    _, said = keystone.admin.expect(201, "POST", "/users", {"user": {
        "name": name, "password": "secret-of-" + name, "email": name + "@example.org", "domain_id": "default",
        "enabled": True}})
    user = said["user"]["id"]
    token = keystone.log_in({"id": user, "password": "secret-of-" + name}, "unscoped")
    say("3 list plans, 4 create the customer")
    _, plans = portal.expect(200, "GET", "/plans")
    checks.equal("the plan on offer", [plan["name"] for plan in plans], ["plan.xs"])
    _, customer = portal.expect(202, "POST", "/customers", {"name": name, "title": "Ann"})
    say("5 the customer's project, 6 its roles, 7 a token for it")
    project = keystone.project("bs-customer-" + customer["id"], "customer " + name)
    for role in roles.values():
        keystone.grant(project, user, role)
    scoped = keystone.scoped(token, project)
    checks.equal("a token for the customer's project", bool(scoped), True)
    say("8 the subscription, 9 its project, 10 the role on it, 11 the tie")
    _, subscription = portal.expect(202, "POST", "/subscriptions", {
        "customer_id": customer["id"], "plan_id": plans[0]["id"], "billing_day": 15})
    checks.equal("not tied yet", subscription["resource_id"], None)
    tenant = keystone.project("bs-subscription-" + subscription["id"], name + "-plan.xs")
    keystone.grant(tenant, user, roles["member"])
    _, tied = portal.expect(200, "PATCH", "/subscriptions/" + subscription["id"], {
        "resource_id": tenant, "resource_type": "tenant"})
    checks.equal("tied to its project", (tied["resource_id"], tied["resource_type"]), (tenant, "tenant"))
    return name, tied


def one_order(checks, keystone, portal, seconds):
    """Steps 4 to 11 by the hub."""
    name = "bob-" + uuid.uuid4().hex[:8]
    _, said = keystone.admin.expect(201, "POST", "/users", {"user": {
        "name": name, "password": "secret-of-" + name, "domain_id": "default", "enabled": True}})
    user = said["user"]["id"]
    _, plans = portal.expect(200, "GET", "/plans")
    _, customer = portal.expect(202, "POST", "/customers", {"name": name, "title": "Bob"})
    order = {"customer_id": customer["id"], "plan_id": plans[0]["id"], "user_id": user, "billing_day": 15}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    _, subscription = portal.expect(202, "POST", "/subscriptions?provision=true", order, key)
    _, again = portal.expect(202, "POST", "/subscriptions?provision=true", order, key)
    checks.equal("the same order is the same subscription", again["id"], subscription["id"])
    for _ in range(seconds * 2):
        _, now = portal.expect(200, "GET", "/subscriptions/" + subscription["id"])
        if now["provisioning_state"] in ("active", "failed"):
            break
        time.sleep(0.5)
    checks.equal("its projects are made", now["provisioning_state"], "active")
    of_customer = keystone.named("bs-customer-" + customer["id"])
    own = keystone.named("bs-subscription-" + subscription["id"])
    checks.equal("tied to its project", now["resource_id"], own and own["id"])
    checks.equal("roles on the customer's project", keystone.roles(of_customer["id"], user), ["bs-admin", "member"])
    checks.equal("roles on its own", keystone.roles(own["id"], user), ["member"])
    return name, now


def bill(checks, options, portal, product, name, merchant_name, subscription):
    """Usage of the new subscription, and what it comes to."""
    begin = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0) + datetime.timedelta(seconds=1)
    stamp = "%Y-%m-%dT%H:%M:%S"
    _, used = portal.expect(202, "POST", "/usage", {
        "subscription_id": subscription["id"], "product_id": product, "measure": "hour", "value": QUANTITY,
        "start_timestamp": begin.strftime(stamp),
        "end_timestamp": (begin + datetime.timedelta(minutes=10)).strftime(stamp)})
    checks.equal("usage of " + name, float(used["value"]), float(QUANTITY))
    told = subprocess.run([os.path.join(HOME, "caravan"), "months", begin.strftime("%Y-%m"), "--json", "--data",
                           options.data] + [word for setting in options.set for word in ("--set", setting)],
                          check=True, stdout=subprocess.PIPE, text=True)
    accounts = {one["account"]: one for one in json.loads(told.stdout)["accounts"]}
    account = accounts.get("%s/%s" % (merchant_name, name), {})
    checks.equal("what the account of %s comes to" % name, account.get("total"), COSTS)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="where the hub keeps its ledger")
    parser.add_argument("--caravan", default="http://127.0.0.1:9534", help="where the hub serves its APIs")
    parser.add_argument("--keystone", required=True, help="Keystone v3, such as http://127.0.0.1:5000/v3")
    parser.add_argument("--admin-user", default="admin")
    parser.add_argument("--admin-password", required=True)
    parser.add_argument("--admin-project", default="admin")
    parser.add_argument("--currency", default="eur", help="the ledger's")
    parser.add_argument("--seconds", type=int, default=120, help="longest wait for the hub's worker")
    parser.add_argument("--set", action="append", default=[], help="setting=value for caravan months, as the hub has it")
    options = parser.parse_args()
    checks = Checks()
    keystone = Keystone(options.keystone, options.admin_user, options.admin_password, options.admin_project)
    roles = {name: keystone.role(name) for name in ("member", "bs-admin")}
    name, portal, product = merchant(options)
    for what, step in (("with single calls", lambda: single_calls(checks, keystone, portal, roles)),
                       ("with one order", lambda: one_order(checks, keystone, portal, options.seconds))):
        say(what)
        customer, subscription = step()
        say("12 usage of project %s is billed" % subscription["resource_id"])
        bill(checks, options, portal, product, customer, name, subscription)
    print("%d passed, %d failed" % (checks.passed, checks.failed), flush=True)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
