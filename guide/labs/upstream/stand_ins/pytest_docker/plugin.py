"""What the SDK's conftest takes from pytest-docker."""

containers_scope = "session"


class DockerComposeExecutor:
    def __init__(self, *settings: object) -> None:
        pass

    def execute(self, command: str) -> None:
        pass


class Services:
    def __init__(self, executor: DockerComposeExecutor) -> None:
        self._docker_compose = executor

    def wait_until_responsive(self, **settings: object) -> None:
        pass
