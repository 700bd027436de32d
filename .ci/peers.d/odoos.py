"""A real Odoo of the testbed's, and how it is asked things."""
import os
import socket
import subprocess
import time
import xmlrpc.client

import harness

TESTBED = os.path.join(harness.ROOT, ".ci", "testbed", "odoo.sh")


class Odoo:
    """The testbed's, and what a person would ask it."""

    def __init__(self, scratch, release, workers=2):
        self.release = release
        self.environment = dict(os.environ, PORT=str(self.free_ports()), PGPORT=str(harness.free_port()),
                                WORKERS=str(workers))
        scratch.endings.append(self.stop)

    @staticmethod
    def free_ports():
        """The first of two that are free."""
        while True:
            port = harness.free_port()
            try:
                with socket.socket() as other:
                    other.bind(("127.0.0.1", port + 1))
                    return port
            except OSError:
                continue

    def start(self):
        subprocess.run([TESTBED, "install", self.release], env=self.environment, check=True)
        told = subprocess.run([TESTBED, "start", self.release], env=self.environment, check=True, stdout=subprocess.PIPE,
                              text=True).stdout
        self.told = dict(line.split("=", 1) for line in told.splitlines())
        currency = self.call("res.currency", "search", [[["name", "=", "NZD"]]], context={"active_test": False})
        self.call("res.currency", "write", [currency, {"active": True}])
        # the hub's tax is that of the sum; 14 rounds that of each line unless it is told
        self.call("res.company", "write", [[1], {"tax_calculation_rounding_method": "round_globally"}])
        return self

    def stop(self):
        subprocess.run([TESTBED, "stop", self.release], env=self.environment, check=True)

    def rows(self, query):
        """What its database says, where its API says less."""
        told = subprocess.run([TESTBED, "sql", self.release, query], env=self.environment, check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        return told.splitlines()

    def call(self, model, method, arguments, **named):
        """As a client that tries again: workers are killed under it, too."""
        for attempt in range(40):
            try:
                proxy = xmlrpc.client.ServerProxy(self.told["URL"] + "/xmlrpc/2/object")
                # a key costs it a hundredth of what a password does
                return proxy.execute_kw(self.told["DATABASE"], 2, self.told["KEY"], model, method, arguments, named)
            except (OSError, xmlrpc.client.ProtocolError, xmlrpc.client.ResponseError):
                if attempt == 39:
                    raise
                time.sleep(0.25)
        raise AssertionError("unreachable")

    def committed(self, issuer):
        return self.call("account.move", "search_count", [[["ref", "=like", issuer + ":%"], ["state", "=", "posted"]]])

    def calls_of(self, caller):
        """Of a process's calls in flight its own ports: each call has a connection of its own."""
        return {row[1].rpartition(":")[2] for row in self.connections(caller) if row[2].endswith(self.port())}

    def serving(self, caller):
        """The workers that answer a process's calls."""
        ports = self.calls_of(caller)
        return [one for one in self.workers() if any(
            row[1].endswith(self.port()) and row[2].rpartition(":")[2] in ports for row in self.connections(one))]

    def port(self):
        return ":%04X" % int(self.told["URL"].rsplit(":", 1)[1])

    @staticmethod
    def connections(process):
        """Rows of the established ones of a process."""
        try:
            ours = {os.readlink("/proc/%d/fd/%s" % (process, fd)) for fd in os.listdir("/proc/%d/fd" % process)}
        except OSError:
            return []
        rows = []
        # Java speaks to IPv4 addresses by IPv6 sockets
        for table in ("/proc/net/tcp", "/proc/net/tcp6"):
            with open(table) as lines:
                rows += [line.split() for line in lines]
        # 01 is ESTABLISHED
        return [row for row in rows if row[3] == "01" and "socket:[%s]" % row[9] in ours]

    def workers(self):
        """The processes that answer calls: children of the first, without the one that serves live connections."""
        children = subprocess.run(["pgrep", "-P", self.told["PID"]], capture_output=True, text=True).stdout.split()
        return [int(child) for child in children if "gevent" not in self.command(child)]

    @staticmethod
    def command(process):
        try:
            with open("/proc/%s/cmdline" % process) as line:
                return line.read()
        except OSError:
            return "gevent"

    def processor_seconds(self):
        """What its processes and those of its database have used so far, of those that live."""
        root, ticks = os.readlink("/proc/%s/root" % self.told["PID"]), 0
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink("/proc/%s/root" % process) == root:
                    with open("/proc/%s/stat" % process) as stat:
                        # behind the name, which may hold blanks
                        fields = stat.read().rpartition(")")[2].split()
                    ticks += int(fields[11]) + int(fields[12])
            except OSError:
                continue
        return ticks / os.sysconf("SC_CLK_TCK")

    def settings(self, transport):
        secret = "password=" + self.told["PASSWORD"] if self.release == "14" else "apiKey=" + self.told["KEY"]
        return ["camel.kamelet.openerp-sink." + setting for setting in (
            "url=" + self.told["URL"], "database=" + self.told["DATABASE"], "user=" + self.told["USER"], secret,
            "transport=" + transport)]
