/**
 * The Python side of a long-lived interpreter. It reads requests from descriptor 3, one JSON object a line
 * ({"code", "mark"}), and answers each on descriptor 4 ({"exitCode", "error"}) after writing the mark to its standard
 * output and error, so that the reader knows where a call's output ends. Descriptors 1 and 2 are the code's own.
 * The code's globals live on; the value of a last expression is printed, as a notebook does.
 */
export const pythonDriver = String.raw`
def _drive():
    import ast, json, linecache, os, signal, sys, traceback, types

    own = _drive.__code__.co_filename
    requests, replies = os.fdopen(3, "rb"), os.fdopen(4, "wb", 0)
    for fd in (3, 4):
        os.set_inheritable(fd, False)
    outputs = {1: os.dup(1), 2: os.dup(2)}
    streams = sys.stdin, sys.stdout, sys.stderr
    for stream in streams[1:]:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    driver = os.getpid()
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    space = main.__dict__
    sys.argv = [""]

    def report(error):
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == own:
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and trace is not None and trace.tb_frame.f_code.co_filename == ast.__file__:
            trace = None
        return "".join(traceback.format_exception(type(error), error, trace)).rstrip()

    def run(code, name):
        tree = ast.parse(code, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec", dont_inherit=True), space)
        if last is None:
            return
        value = eval(compile(ast.Expression(last.value), name, "eval", dont_inherit=True), space)
        if value is not None:
            space["_"] = value
            print(repr(value))

    def attempt(code, name):
        try:
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                run(code, name)
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
            return 0, None
        except SystemExit as leaving:
            if leaving.code is None or isinstance(leaving.code, int):
                return (leaving.code or 0) & 255, None
            return 1, str(leaving.code)
        except BaseException as error:
            try:
                return 1, report(error)
            except BaseException:
                return 1, type(error).__name__

    def finish(mark):
        for stream in (sys.stdout, sys.stderr) + streams[1:]:
            try:
                stream.flush()
            except BaseException:
                pass
        sys.stdin, sys.stdout, sys.stderr = streams
        for fd, saved in outputs.items():
            os.dup2(saved, fd)
            rest = mark
            while rest:
                rest = rest[os.write(saved, rest):]

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    count = 0
    for line in requests:
        request = json.loads(line)
        count += 1
        name, code = "<cell %d>" % count, request["code"]
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
        status, error = attempt(code, name)
        if os.getpid() != driver:
            os._exit(status)
        finish(request["mark"].encode())
        replies.write(json.dumps({"exitCode": status, "error": error}).encode() + b"\n")


_drive()
`;
