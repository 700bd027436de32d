"""What the tests against peers have in common: a hub of their own, checks that are counted, everything ended at the end."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def packages(*names):
    """Installs Debian packages that are not there."""
    missing = [name for name in names
               if subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", name], capture_output=True,
                                 text=True).stdout != "installed"]
    if not missing:
        return
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    say("installing " + " ".join(missing))
    subprocess.run(["apt-get", "-qq", "update"], check=True, env=environment, stdout=subprocess.DEVNULL)
    subprocess.run(["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600", "install", "-y", "--no-install-recommends"]
                   + missing, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def say(text):
    print("# " + text, flush=True)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Checks:
    """Counts what holds and what does not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, what, holds, detail=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED %s%s" % (what, ": " + str(detail)[:2000] if detail != "" else ""), flush=True)
        return holds

    def equal(self, what, actual, expected):
        return self.that(what, actual == expected, "%r, expected %r" % (actual, expected))

    def run(self, what, step, *arguments):
        """Runs a step; one that ends in an exception is a failed check, and the next ones go on."""
        try:
            return step(*arguments)
        except Exception as error:  # whatever it is, it is told and counted
            self.that(what, False, "%s\n%s" % (error, traceback.format_exc(limit=4)))
            return None

    def end(self):
        print("%d passed, %d failed" % (self.passed, self.failed), flush=True)
        return 1 if self.failed else 0


class Scratch:
    """A directory that is gone at the end, and what has to be ended before that, last thing first."""

    def __init__(self):
        self.endings = []

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="caravan-peers-")
        os.chmod(self.path, 0o755)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        return self

    def __exit__(self, *_):
        for ending in reversed(self.endings):
            try:
                ending()
            except Exception as error:  # the others have to be ended all the same
                print("# could not be ended: %s" % error, flush=True)
        shutil.rmtree(self.path, ignore_errors=True)

    def directory(self, name):
        path = os.path.join(self.path, name)
        os.makedirs(path, exist_ok=True)
        return path


def caravan(*arguments, **options):
    """Runs a command of Caravan's to its end; options as subprocess.run has them."""
    return subprocess.run([os.path.join(ROOT, "caravan")] + list(arguments), capture_output=True, text=True, **options)


class Hub:
    """`./caravan run` on a throw-away ledger and ports of its own."""

    def __init__(self, scratch, *settings, environment=None, port=None):
        self.data = scratch.directory("data")
        self.inbox = scratch.directory("inbox")
        self.log = os.path.join(scratch.path, "hub.log")
        self.port = port or free_port()
        self.url = "http://127.0.0.1:%d" % self.port
        self.settings = ["caravan.api.port=%d" % self.port, "caravan.management.port=0", "caravan.close.auto=false",
                         "caravan.inbox=" + self.inbox, "caravan.inbox.rest=1s", "caravan.inbox.poll=500ms",
                         "caravan.out=" + scratch.directory("out"),
                         # the examples' month, whatever the clock of the machine says
                         "caravan.record.maxSkew=3660d"] + list(settings)
        self.environment = environment
        self.process = None
        scratch.endings.append(self.stop)

    def arguments(self):
        return ["--data", self.data] + [word for setting in self.settings for word in ("--set", setting)]

    def start(self):
        built = caravan("--version")
        if built.returncode:
            raise RuntimeError("Caravan can't be built: " + built.stderr[-2000:])
        self.launch()
        return self.ready()

    def ready(self):
        """Waits until it is well."""
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError("the hub ended with %d:\n%s" % (self.process.returncode, self.tail()))
            if self.get("/healthcheck")[0] == 200:
                return self
            time.sleep(0.2)
        raise RuntimeError("the hub did not answer within 2 minutes:\n" + self.tail())

    def launch(self):
        """Starts the process and waits for nothing."""
        with open(self.log, "a") as log:
            self.process = subprocess.Popen([os.path.join(ROOT, "caravan"), "run"] + self.arguments(), stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                                            env=dict(os.environ, **(self.environment or {})))

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(90)
        except subprocess.TimeoutExpired:
            # its own group: nobody else is in it
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def tail(self, characters=3000):
        with open(self.log, errors="replace") as log:
            return log.read()[-characters:]

    def request(self, method, path, body=None, token=None, headers=None):
        """Status, headers and text of an answer; redirects are not followed. Status 0: no answer."""
        request = urllib.request.Request(self.url + path, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        for name, value in dict(headers or {}, **({"X-Auth-Token": token} if token else {})).items():
            request.add_header(name, value)
        try:
            with urllib.request.build_opener(NoRedirects).open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()
        except OSError as error:
            return 0, {}, str(error)

    def get(self, path, token=None):
        return self.request("GET", path, token=token)

    def take_in(self, path, seconds=300):
        """Puts a usage file into the inbox and waits until it was read."""
        name = os.path.basename(path)
        part = os.path.join(self.inbox, "." + name)
        shutil.copyfile(path, part)
        os.rename(part, os.path.join(self.inbox, name))
        for _ in range(seconds * 2):
            if os.path.exists(os.path.join(self.inbox, ".done", name)):
                return
            if os.path.exists(os.path.join(self.inbox, ".failed", name)):
                raise RuntimeError("the hub refused %s:\n%s" % (name, self.tail()))
            time.sleep(0.5)
        raise RuntimeError("%s was not taken in within %d seconds:\n%s" % (name, seconds, self.tail()))


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None
