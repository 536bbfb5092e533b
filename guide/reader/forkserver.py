"""Python processes that start warm: what they import is loaded already. warm.py starts this file as a program.

Nothing else changes for the process: a module that is loaded stays hidden until the program imports it. Then it
appears together with what its own import brings along (other modules, attributes of packages, loggers), no more.
"""

# ruff: noqa: E402 - what is imported after the spy is there is hidden, and has to come after it
import atexit
import builtins
import sys

VISIBLE = set(sys.modules)  # all further modules are hidden, those that this file imports too
del sys.path[0]  # the folder of this file, whose modules have names of others

# Not ydb_sqlalchemy.alembic: its import registers YDBImpl, and a project that forgets the import must fail.
LOADED = ("alembic.config", "logging.config", "asyncio", "sqlalchemy.orm", "ydb", "ydb_dbapi", "ydb_sqlalchemy")


class Spy:
    """Notes what each module's import brings along: the names of modules and of loggers, by the module's name."""

    def __init__(self):
        self.modules, self.loggers = {}, {}
        self.original = builtins.__import__
        builtins.__import__ = self.import_module
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        builtins.__import__ = self.original
        sys.meta_path.remove(self)

    def note(self, notes: dict[str, list[str]], name: str) -> None:
        """Note a name for the module that is being imported, seen from the code that runs."""
        frame = sys._getframe(1)
        while frame and not getattr(frame.f_globals.get("__spec__"), "_initializing", False):
            frame = frame.f_back
        if frame:
            notes.setdefault(frame.f_globals["__name__"], []).append(name)

    def find_spec(self, name, *_):
        self.note(self.modules, name)  # what an extension module imports comes only here

    def import_module(self, name, globals=None, locals=None, fromlist=(), level=0):
        module = self.original(name, globals, locals, fromlist, level)
        if level:
            package = globals["__package__"].rsplit(".", level - 1)[0]
            name = f"{package}.{name}" if name else package
        for each in (name, *(f"{name}.{part}" for part in fromlist or ())):
            if each in sys.modules:
                self.note(self.modules, each)
        return module


spy = Spy()
import copy
import gc
import logging
import marshal
import os
import select
import signal
import socket
import threading
import types
from importlib.machinery import SourceFileLoader


class Hidden:
    """The loaded modules, out of sight. Finds them for the import system."""

    def __init__(self, spy: Spy):
        self.spy, self.loggers = spy, logging.Logger.manager.loggerDict.copy()
        logging.Logger.manager.loggerDict.clear()
        self.modules = {name: module for name, module in sys.modules.items() if name not in VISIBLE}
        self.kept = [self, *self.modules.values()]  # a cycle, which is never collected: see gc.freeze below
        self.specs = {name: copy.copy(getattr(module, "__spec__", None)) for name, module in self.modules.items()}
        for spec in filter(None, self.specs.values()):
            spec.loader = self
        # A module that another one makes, and registers itself, has no spec: it belongs to the next that is complete.
        made = []
        for name in self.modules:
            del sys.modules[name]
            if self.specs[name]:
                spy.modules.setdefault(name, []).extend(made)
                made = []
            else:
                made.append(name)
        self.attributes = set()
        for name, module in self.modules.items():
            package, _, last = name.rpartition(".")
            parent = self.modules.get(package) or sys.modules.get(package)
            if parent and vars(parent).get(last) is module:
                self.attributes.add(name)
                delattr(parent, last)

    def reveal(self, name: str) -> None:
        if name not in self.modules:
            return
        package, _, last = name.rpartition(".")
        self.reveal(package)
        if not (module := self.modules.pop(name, None)):
            return  # the package's own import has brought it
        sys.modules[name] = module
        for each in self.spy.modules.get(name, ()):
            self.reveal(each)
        if name in self.attributes:
            setattr(sys.modules[package], last, module)
        for each in self.spy.loggers.get(name, ()):
            self.reveal_logger(each)

    def reveal_logger(self, name: str) -> None:
        """As Manager.getLogger does with a new logger."""
        manager, logger = logging.Logger.manager, self.loggers[name]
        known = manager.loggerDict.get(name)
        if isinstance(known, logging.Logger):  # the program has asked for it before
            known.level = known.level or logger.level
            logger.__dict__ = known.__dict__
            return
        manager.loggerDict[name] = logger
        if known:
            manager._fixupChildren(known, logger)
        manager._fixupParents(logger)

    def spare(self) -> None:
        """Leave the loaded modules as they are when Python ends: to take them apart would touch, and so copy, them."""
        for name in [name for name in sys.modules if name in self.specs]:
            del sys.modules[name]

    def find_spec(self, name, *_):
        return self.specs.get(name) if name in self.modules else None

    def create_module(self, spec):
        module = self.modules[spec.name]
        self.reveal(spec.name)
        self.spec = module.__spec__
        return module

    def exec_module(self, module):
        module.__spec__ = self.spec  # the import system has set its own


def serve(listener: socket.socket) -> tuple:
    """Fork for each request, until standard input ends. Out, in a process that is to run a program: the request."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for supervisors
    while True:
        ready, _, _ = select.select([listener, 0], [], [])
        if 0 in ready:
            os._exit(0)
        connection, _ = listener.accept()
        if not os.fork():
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return supervise(connection)
        connection.close()


def supervise(connection: socket.socket) -> tuple:
    """Fork once more, pass signals on, answer with the wait status. The process ends when its launcher is gone."""
    message, streams, _, _ = socket.recv_fds(connection, 4, 3)
    size, request = int.from_bytes(message, "big"), b""
    while len(request) < size and (part := connection.recv(size - len(request))):
        request += part
    process = os.fork()
    if not process:
        connection.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        return marshal.loads(request)
    for stream in (0, 1, 2, *streams):
        os.close(stream)

    def wait() -> None:
        _, status = os.waitpid(process, 0)
        connection.sendall(status.to_bytes(4, "big"))
        os._exit(0)

    threading.Thread(target=wait).start()
    while number := connection.recv(1):
        os.kill(process, number[0])
    os.kill(process, signal.SIGKILL)
    os._exit(1)


def prepare(arguments: list[str], folder: str, umask: int, variables: dict[bytes, bytes]) -> types.ModuleType:
    """Make this process what `python FILE …` makes before it runs the file. Out: its module."""
    os.chdir(folder)
    os.umask(umask)
    os.environb.clear()
    os.environb.update(variables)
    sys.argv[:] = arguments
    sys.orig_argv[:] = [sys.executable, *arguments]
    file = os.path.join(folder, arguments[0])
    sys.path.insert(0, os.path.dirname(os.path.realpath(file)))
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    loader = SourceFileLoader("__main__", file)
    vars(main).update(__file__=file, __cached__=None, __loader__=loader, __builtins__=builtins, __annotations__={})
    return main


def load() -> None:
    """Import what is LOADED, noting loggers as well."""
    original = logging.Manager.getLogger

    def get_logger(manager: logging.Manager, name: str) -> logging.Logger:
        spy.note(spy.loggers, name)
        return original(manager, name)

    logging.Manager.getLogger = get_logger
    for name in LOADED:
        __import__(name)
    logging.Manager.getLogger = original
    spy.stop()


class End:
    """Ends the process when Python lets go of `sys`, the last module but one: nothing of the program runs after it.

    Python would go on and take apart what is loaded, which nobody sees, and which would copy it.
    """

    def __init__(self, status: int):
        self.status, self.exit, self.streams = status, os._exit, (sys.__stdout__, sys.__stderr__)

    def __del__(self):
        try:
            for stream in self.streams:
                stream.flush()
        except Exception:
            return  # Python has more to say about that
        self.exit(self.status)


load()
hidden = Hidden(spy)
sys.meta_path.insert(0, hidden)
atexit.register(hidden.spare)  # what is registered first comes last
gc.collect()
gc.freeze()  # a collection in a process that is forked would touch, and so copy, all that is loaded: 0.2 s each
main = prepare(*serve(socket.socket(fileno=int(sys.argv[1]))))
try:
    with open(main.__file__, "rb") as file:
        exec(compile(file.read(), main.__file__, "exec", dont_inherit=True), vars(main))
    sys._end = End(0)
except SystemExit as ended:
    if ended.code is None or type(ended.code) is int and 0 <= ended.code < 256:
        sys._end = End(ended.code or 0)
    raise
except BaseException as error:
    # As the interpreter does it, without this file in the traceback. It ends the process as the error asks for.
    sys.excepthook(type(error), error.with_traceback(error.__traceback__.tb_next), error.__traceback__)
    sys.excepthook = lambda *_: None
    raise
