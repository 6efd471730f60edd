"""A mail server for tests, made of aiosmtpd: STARTTLS or TLS from the first byte, AUTH by PLAIN, LOGIN and CRAM-MD5.

Its one argument is JSON: the certificate and its key, the user, and the servers with their port, kind of TLS and mechanism.
Prints "ready", then each mail that it takes as one line of JSON.
"""
import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

MECHANISMS = {"PLAIN", "LOGIN", "CRAM-MD5"}
settings = json.loads(sys.argv[1])
user, password = settings["user"].encode(), settings["password"].encode()


class Mailbox:
    def __init__(self, name):
        self.name = name
        self.used = ""

    async def auth_CRAM__MD5(self, server, args):
        challenge = f"<{secrets.token_hex(8)}@mail.test>".encode()
        answer = await server.challenge_auth(challenge)
        if not isinstance(answer, bytes):
            return AuthResult(success=False, handled=True)
        name, _, digest = answer.rpartition(b" ")
        expected = hmac.new(password, challenge, hashlib.md5).hexdigest().encode()
        ok = name == user and hmac.compare_digest(digest, expected)
        self.used = "CRAM-MD5"
        return AuthResult(success=ok, handled=False, auth_data=LoginPassword(name, b""))

    def authenticate(self, server, session, envelope, mechanism, data):
        if mechanism == "CRAM-MD5":
            return AuthResult(success=True)
        self.used = mechanism
        return AuthResult(success=data.login == user and data.password == password, handled=False)

    async def handle_DATA(self, server, session, envelope):
        # One write a line: every server has a thread of its own, and print() writes the end of the line by itself.
        sys.stdout.write(json.dumps({
            "server": self.name, "mechanism": self.used, "hello": session.host_name, "tls": server.transport.get_extra_info("sslcontext") is not None,
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "mail": base64.b64encode(envelope.content).decode(),
        }) + "\n")
        sys.stdout.flush()
        return "250 2.0.0 taken"


def start(server):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings["certificate"], settings["key"])
    mailbox = Mailbox(server["name"])
    implicit = server["tls"] == "implicit"
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=server["port"], ssl_context=context if implicit else None,
        tls_context=context if server["tls"] == "starttls" else None, require_starttls=server["tls"] == "starttls",
        auth_required=True, auth_require_tls=server["tls"] == "starttls",
        auth_exclude_mechanism=sorted(MECHANISMS - {server["mechanism"]}), authenticator=mailbox.authenticate)
    controller.start()


for each in settings["servers"]:
    start(each)
print("ready", flush=True)
asyncio.new_event_loop().run_forever()
