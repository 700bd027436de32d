#!/usr/bin/python3
"""From the launcher's call to a hub whose routes run, on an existing ledger, and what it holds at rest.

  src/bench/run.sh start [--runs 5] [--rest 20] [--usage examples/october.csv]

Measures a hub with its own PostgreSQL and one with a server that is there already, in turns. Prints one JSON line; all
sizes in MiB, all times in seconds. CPU is user + system of the launcher, the virtual machine and what it has waited for.
"""
import argparse
import json
import os
import select
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CARAVAN = os.path.join(ROOT, "caravan")
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def cpu(pid, children=True):
    """Seconds of CPU of a process, and of the children that it has waited for."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            figures = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(figures[at]) for at in ((11, 12, 13, 14) if children else (11, 12))) / TICKS


def below(pid):
    """A process and all below it."""
    found = [pid]
    try:
        for task in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, task)) as file:
                for child in file.read().split():
                    found += below(int(child))
    except OSError:
        pass
    return found


def memory(pids):
    """Resident, and resident with what is shared counted once."""
    rss = pss = 0
    for pid in pids:
        try:
            with open("/proc/%d/smaps_rollup" % pid) as file:
                for line in file:
                    if line.startswith("Rss:"):
                        rss += int(line.split()[1])
                    elif line.startswith("Pss:"):
                        pss += int(line.split()[1])
        except OSError:
            pass
    return rss / 1024, pss / 1024


def server(data):
    """Process and port of the PostgreSQL that works in a data directory."""
    with open(os.path.join(data, "postgres", "postmaster.pid")) as file:
        lines = file.read().splitlines()
    return int(lines[0]), int(lines[3])


class Hub:
    """A hub that was called, and runs."""

    def __init__(self, data, external=None):
        command = [CARAVAN, "run", "--data", data, "--set", "caravan.api.port=%d" % free_port(),
                   "--set", "caravan.management.port=%d" % free_port(), "--set", "caravan.out=" + data + "-out"]
        if external:
            with open(os.path.join(external, "postgres.password")) as file:
                password = file.read().strip()
            command[2:4] = ["--set", "caravan.ledger.url=jdbc:postgresql://127.0.0.1:%d/postgres" % server(external)[1],
                            "--set", "caravan.ledger.user=caravan", "--set", "caravan.ledger.password=" + password]
        begun = time.monotonic()
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        said = b""
        while b"caravan: running as process" not in said:
            select.select([self.process.stderr], [], [], 120)
            more = os.read(self.process.stderr.fileno(), 65536)
            if not more:
                sys.exit("no hub: " + said.decode())
            said += more
        self.seconds = time.monotonic() - begun
        self.cpu = cpu(self.process.pid)

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.stderr.read()
        self.process.wait()


def measure(data, rest, external=None):
    hub = Hub(data, external)
    postgres = [] if external else below(server(data)[0])
    figures = {"seconds": hub.seconds, "cpu": hub.cpu, "postgresCpu": sum(cpu(pid) for pid in postgres)}
    time.sleep(rest / 2)
    before = cpu(hub.process.pid) + sum(cpu(pid) for pid in postgres)
    time.sleep(rest / 2)
    postgres = [] if external else below(server(data)[0])
    figures["restCpu"] = (cpu(hub.process.pid) + sum(cpu(pid) for pid in postgres) - before) / (rest / 2)
    rss, pss = memory([hub.process.pid])
    figures.update(jvmRss=rss, jvmPss=pss, threads=len(os.listdir("/proc/%d/task" % hub.process.pid)))
    if not external:
        rss, pss = memory(postgres)
        figures.update(postgresRss=rss, postgresPss=pss, postgresProcesses=len(postgres))
    hub.end()
    return figures


def told(runs):
    names = {name for run in runs for name in run}
    shape = {}
    for name in sorted(names):
        values = sorted(round(run[name], 3) for run in runs)
        shape[name] = {"min": values[0], "median": round(statistics.median(values), 3), "max": values[-1],
                       "runs": [round(run[name], 3) for run in runs]}
    return shape


def main():
    parse = argparse.ArgumentParser(prog="run.sh start")
    parse.add_argument("--runs", type=int, default=5)
    parse.add_argument("--rest", type=float, default=20, help="seconds from running to rest")
    parse.add_argument("--usage", default=os.path.join(ROOT, "examples", "october.csv"))
    asked = parse.parse_args()
    work = tempfile.mkdtemp(prefix="caravan-start-")
    data = os.path.join(work, "data")
    try:
        # some tenants' month waits for the one before, which is no fault here
        subprocess.run([CARAVAN, "bill", "2026-10", "--usage", asked.usage, "--tariff",
                        os.path.join(ROOT, "examples", "tariff.yaml"), "--out", os.path.join(work, "out"), "--data", data],
                       cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        embedded, external = [], []
        measure(data, 2)
        for _ in range(asked.runs):
            embedded.append(measure(data, asked.rest))
            # a hub that is killed leaves its server behind, which then is somebody else's
            Hub(data).end(signal.SIGKILL)
            external.append(measure(data, asked.rest, external=data))
            os.kill(server(data)[0], signal.SIGINT)
            while os.path.exists(os.path.join(data, "postgres", "postmaster.pid")):
                time.sleep(0.1)
        print(json.dumps({"bench": "start", "java": subprocess.run(
            ["java", "-version"], capture_output=True, text=True).stderr.splitlines()[0], "cpus": os.cpu_count(),
            "load": os.getloadavg(), "embedded": told(embedded), "external": told(external)}))
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
