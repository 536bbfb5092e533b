"""In place of the package `docker`, which the SDK's tests import: a Docker without containers."""

from types import SimpleNamespace


class errors:
    class DockerException(Exception):
        pass


def from_env() -> SimpleNamespace:
    nothing = SimpleNamespace(list=lambda **_: [])
    return SimpleNamespace(containers=nothing, networks=nothing, volumes=nothing)


class DockerClient:
    pass
