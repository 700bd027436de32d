"""CloudKitty's command line client as Debian packages it, driven as a person drives it: one process a command."""
import importlib.metadata
import json
import os
import subprocess

PACKAGES = ("python3-cloudkittyclient", "python3-openstackclient", "python3-fixtures", "python3-testtools")


class Refused(Exception):
    """The client ended with an error, which is what it says."""


class Client:
    def __init__(self, environment, version="1", executable=("cloudkitty",)):
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("OS_")}
        self.environment.update(environment)
        self.version = version
        self.executable = list(executable)
        self.driven = set()

    @classmethod
    def without_authentication(cls, url, version="1"):
        return cls({"OS_AUTH_TYPE": "cloudkitty-noauth", "OS_ENDPOINT": url}, version)

    @classmethod
    def of_keystone(cls, auth_url, user, password, project, version="1", executable=("cloudkitty",)):
        return cls({"OS_AUTH_TYPE": "password", "OS_AUTH_URL": auth_url, "OS_USERNAME": user, "OS_PASSWORD": password,
                    "OS_PROJECT_NAME": project, "OS_USER_DOMAIN_NAME": "Default", "OS_PROJECT_DOMAIN_NAME": "Default",
                    "OS_IDENTITY_API_VERSION": "3", "OS_REGION_NAME": "RegionOne"}, version, executable)

    def text(self, command, *arguments):
        """What it prints."""
        words = self.executable + ["--os-rating-api-version", self.version] + command.split() + list(arguments)
        for _ in range(5):
            done = subprocess.run(words, env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                                  timeout=300)
            # uwsgi resets a connection now and then that the client keeps; the command has not begun then
            if "/auth/tokens: ('Connection aborted.'" not in done.stderr:
                break
        self.driven.add(command)
        if done.returncode:
            raise Refused("%s: %s" % (" ".join(words), done.stderr.strip()))
        return done.stdout

    def rows(self, command, *arguments):
        """What it lists, each row by its columns."""
        return json.loads(self.text(command, *arguments, "-f", "json"))

    def refused(self, command, *arguments):
        """What it says when it is refused; empty if it is not."""
        try:
            self.text(command, *arguments)
            return ""
        except Refused as error:
            return str(error)

    def commands(self):
        """All commands that this version has."""
        group = "cloudkittyclient_v" + self.version
        return {entry.name.replace("_", " ") for entry in importlib.metadata.entry_points()[group]}
