/**
 * The Python side of a long-lived interpreter. Its one argument is the folder for pictures. It reads requests from
 * descriptor 3, one JSON object a line ({"id", "code"}), writes a mark, NUL id NUL, to its standard output and error before
 * and after the code, so that the reader knows whose output it is, and answers on descriptor 4: a line for each picture,
 * then one with the end. Descriptors 1 and 2 are the code's own; the code's globals live on; the value of a last expression
 * is printed, and `await` works at the top, as in a notebook.
 */
import { pythonErrors } from './pythonErrors.ts';
import { pythonPictures } from './pythonPictures.ts';

const drive = String.raw`
def _drive():
    import __future__, ast, base64, builtins, faulthandler, fcntl, io, json, linecache, os, signal, sys, types
    try:
        import ctypes
        c_stdout = ctypes.c_void_p.in_dll(ctypes.CDLL(None), "__stdoutp" if sys.platform == "darwin" else "stdout")
        flush_c = lambda: ctypes.CDLL(None).fflush(c_stdout)
        flush_c()
    except Exception:
        flush_c = lambda: None

    own = _drive.__code__.co_filename

    def out_of_the_way(fd):
        for least in (1000, 200):
            try:
                return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, least)
            except OSError:
                pass
        return os.dup(fd)

    # Code that closes all descriptors that it knows of closes the low ones.
    requests, replies, outputs = out_of_the_way(3), out_of_the_way(4), {fd: out_of_the_way(fd) for fd in (0, 1, 2)}
    os.close(3)
    os.close(4)
    identity = lambda fd: (lambda state: (state.st_dev, state.st_ino))(os.fstat(fd))
    ours = {fd: identity(fd) for fd in (requests, replies, *outputs.values())}
    faulthandler.enable(outputs[2])

    def streams():
        """Closing one of them closes no descriptor."""
        writing = lambda fd: io.TextIOWrapper(
            io.BufferedWriter(io.FileIO(fd, "w", closefd=False)), "utf-8", "backslashreplace", line_buffering=True
        )
        return [io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8"), writing(1), writing(2)]

    current = streams()

    def use_streams():
        if any(stream.closed for stream in current):
            current[:] = streams()
        sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__ = current

    use_streams()
    real_input = builtins.input

    def no_input(prompt=""):
        if sys.stdin is not current[0]:
            return real_input(prompt)
        raise EOFError("input() was called, but nobody can type here. Put the value into the code.")

    builtins.input = no_input
    driver = os.getpid()
    start = os.getcwd()
    pictures = _Pictures(sys.argv[1])
    sys.argv = [""]
    sys.path.insert(0, start)
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    space = main.__dict__
    futures = 0
    for name in __future__.all_feature_names:
        futures |= getattr(__future__, name).compiler_flag
    await_here = getattr(ast, "PyCF_ALLOW_TOP_LEVEL_AWAIT", 0)
    state = {"flags": await_here, "loop": None}

    def evaluate(tree, name):
        code = compile(tree, name, "exec", state["flags"], True)
        state["flags"] |= code.co_flags & futures
        value = eval(code, space)
        if not code.co_flags & 0x80:  # CO_COROUTINE
            return
        import asyncio
        loop = state["loop"]
        if loop is None or loop.is_closed():
            loop = state["loop"] = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        task = loop.create_task(value)
        try:
            loop.run_until_complete(task)
        except BaseException:
            if not task.done():
                task.cancel()
                loop.run_until_complete(asyncio.wait([task]))
            raise

    def run(code, name):
        tree = compile(code, name, "exec", ast.PyCF_ONLY_AST | state["flags"], True)
        hidden = "<value>"
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = tree.body[-1]
            target = ast.copy_location(ast.Name(hidden, ast.Store()), last.value)
            tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
        evaluate(tree, name)
        value = space.pop(hidden, None)
        if value is not None:
            space["_"] = value
            print(repr(value))
            pictures.take_value(value)

    def attempt(code, name):
        try:
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                try:
                    run(code, name)
                finally:
                    if os.getpid() == driver:
                        pictures.take_open()
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
            return 0, None
        except SystemExit as leaving:
            if leaving.code is None or isinstance(leaving.code, int):
                return (leaving.code or 0) & 255, None
            return 1, _cut(str(leaving.code), 3900, 0.25)
        except BaseException as error:
            try:
                return 1, _report(error, own)
            except BaseException:
                return 1, type(error).__name__

    def ignore_interrupts():
        while True:
            try:
                return signal.signal(signal.SIGINT, signal.SIG_IGN)
            except KeyboardInterrupt:
                pass

    def write(fd, data):
        data = memoryview(data)
        while data:
            data = data[os.write(fd, data):]

    def check():
        try:
            if all(identity(fd) == known for fd, known in ours.items()):
                return
        except OSError:
            pass
        try:
            write(2, b"\nThe code closed or replaced the sandbox's own descriptors, so the interpreter ends.\n")
        finally:
            os._exit(1)

    def flush():
        for stream in (sys.stdout, sys.stderr, *current[1:]):
            try:
                stream.flush()
            except BaseException:
                pass
        flush_c()

    def finish(mark):
        check()
        use_streams()
        for fd, saved in outputs.items():
            os.dup2(saved, fd)
            if fd > 0:
                write(saved, mark)

    def reply(**values):
        write(replies, json.dumps(values).encode() + b"\n")

    def request():
        line = []
        while not line or not line[-1].endswith(b"\n"):
            data = os.read(requests, 1 << 20)
            if not data:
                os._exit(0)
            line.append(data)
        return json.loads(b"".join(line))

    ignore_interrupts()
    count = 0
    while True:
        asked = request()
        count += 1
        name, code, mark = "<cell %d>" % count, asked["code"], b"\0" + asked["id"].encode() + b"\0"
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
        moved = False
        try:
            os.getcwd()
        except OSError:
            os.chdir(start)
            moved = True
        for fd in (1, 2):
            write(outputs[fd], mark)
        status, error = attempt(code, name)
        ignore_interrupts()
        if os.getpid() != driver:
            if error is not None:
                print(error, file=sys.stderr)
            flush()
            os._exit(status)
        flush()
        finish(mark)
        taken, counts = pictures.give()
        for number, width, height, png, size in taken:
            data = None if png is None else base64.b64encode(png).decode()
            reply(id=asked["id"], picture={"number": number, "width": width, "height": height, "sizeBytes": size, "data": data})
        reply(id=asked["id"], exitCode=status, error=error, notes=dict(counts, moved=moved))


_drive()
`;

/** The name under which its frames stand in a stack. */
export const driverFile = '<sandbox>';

const source = `import sys\nsys.path[:] = [p for p in sys.path if p]\n${pythonErrors}${pythonPictures}${drive}`;

/** The program, for `python -c`. A JSON text is a Python text too. */
export const pythonDriver = `exec(compile(${JSON.stringify(source)}, "${driverFile}", "exec"))`;
