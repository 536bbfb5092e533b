"""Small local stand-ins of what a cloud has beside YDB: the metadata service, and the service that gives IAM tokens.

They speak the protocols of Yandex Cloud: en/compute/operations/vm-connect/auth-inside-vm.md and
en/iam/operations/iam-token/create-for-sa.md in yandex-cloud/docs, and yandex/cloud/iam/v1/iam_token_service.proto in
yandex-cloud/cloudapi.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import grpc
import jwt
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2

METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
TOKENS = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
"""What a signed request names as its audience."""
HOUR = 3600


@dataclass
class Metadata:
    """A metadata service. `answers` are sent one after the other, the last one again: a status and a body."""

    answers: list[tuple[int, str]]
    url: str = ""
    requests: list[tuple[str, str | None]] = field(default_factory=list)

    @classmethod
    def giving(cls, *tokens: str, expires_in: int = 12 * HOUR) -> Metadata:
        body = {"expires_in": expires_in, "token_type": "Bearer"}
        return cls([(200, json.dumps(body | {"access_token": token})) for token in tokens])


@contextmanager
def metadata_service(service: Metadata) -> Iterator[Metadata]:
    """Serve it on a free port of this machine; `requests` are the paths and the `Metadata-Flavor` that came."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            service.requests.append((self.path, self.headers["Metadata-Flavor"]))
            answers = service.answers
            status, body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_address[1]}{METADATA_PATH}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


def _messages() -> SimpleNamespace:
    """The two messages of IamTokenService.Create, as yandexcloud has them in iam_token_service_pb2."""
    file = descriptor_pb2.FileDescriptorProto(name="stand_in.proto", package="yandex.cloud.iam.v1", syntax="proto3")
    file.dependency.append(timestamp_pb2.DESCRIPTOR.name)
    text, message = descriptor_pb2.FieldDescriptorProto.TYPE_STRING, descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
    request = file.message_type.add(name="CreateIamTokenRequest")
    request.oneof_decl.add(name="identity")
    request.field.add(name="yandex_passport_oauth_token", number=1, type=text, label=1, oneof_index=0)
    request.field.add(name="jwt", number=2, type=text, label=1, oneof_index=0)
    response = file.message_type.add(name="CreateIamTokenResponse")
    response.field.add(name="iam_token", number=1, type=text, label=1)
    response.field.add(name="expires_at", number=2, type=message, label=1, type_name=".google.protobuf.Timestamp")
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    return SimpleNamespace(**{
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"yandex.cloud.iam.v1.{name}"))
        for name in ("CreateIamTokenRequest", "CreateIamTokenResponse")
    })  # fmt: skip


MESSAGES = _messages()
_METHOD = "/yandex.cloud.iam.v1.IamTokenService/Create"


class _Stub:
    """As yandexcloud has it in iam_token_service_pb2_grpc."""

    def __init__(self, channel: grpc.Channel):
        self.Create = channel.unary_unary(
            _METHOD, MESSAGES.CreateIamTokenRequest.SerializeToString, MESSAGES.CreateIamTokenResponse.FromString
        )


SERVICE = SimpleNamespace(IamTokenServiceStub=_Stub)


@dataclass
class Iam:
    """The service of IAM tokens: it gives `token` for what the key `key_id` of `account` has signed.

    `requests` are the claims that came, with a right signature or not.
    """

    token: str
    account: str
    key_id: str
    public_key: bytes
    endpoint: str = ""
    requests: list[dict] = field(default_factory=list)

    def refusal(self, text: str) -> str | None:
        """Why a request gets no token, or None."""
        self.requests.append(jwt.decode(text, options={"verify_signature": False}))
        header = jwt.get_unverified_header(text)
        if (header["typ"], header["alg"], header["kid"]) != ("JWT", "PS256", self.key_id):
            return "the key is not known"
        try:
            claims = jwt.decode(text, self.public_key, ["PS256"], audience=TOKENS, issuer=self.account)
        except jwt.InvalidTokenError as error:
            return str(error)
        return None if claims["exp"] - claims["iat"] <= HOUR else "more than an hour"


@contextmanager
def iam_service(iam: Iam, key: bytes, certificate: bytes) -> Iterator[Iam]:
    """Serve it over TLS, on a free port of this machine."""

    def create(request: Any, context: grpc.ServicerContext) -> object:
        refusal = iam.refusal(request.jwt)
        if refusal is not None:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, refusal)
        answer = MESSAGES.CreateIamTokenResponse(iam_token=iam.token)
        answer.expires_at.seconds = int(time.time()) + 12 * HOUR
        return answer

    handler = grpc.unary_unary_rpc_method_handler(
        create, MESSAGES.CreateIamTokenRequest.FromString, MESSAGES.CreateIamTokenResponse.SerializeToString
    )
    service, method = _METHOD.strip("/").split("/")
    with ThreadPoolExecutor(1) as threads:
        server = grpc.server(threads)
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(key, certificate)]))
        iam.endpoint = f"localhost:{port}"
        server.start()
        try:
            yield iam
        finally:
            server.stop(None).wait()
