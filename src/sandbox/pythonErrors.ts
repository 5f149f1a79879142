/**
 * How the Python side tells an error: the frames of the code itself with their lines, stretches of library frames and
 * recursion in one line each, chained exceptions one after the other, long messages and values cut; at most 4,000
 * characters, of which the end matters most (agent-protocol: result truncation).
 */
export const pythonErrors = String.raw`
import os as _os, traceback as _traceback

_stdlib = _os.path.dirname(_os.__file__) + "/"

def _cut(text, limit, head):
    if len(text) <= limit:
        return text
    first = int(limit * head)
    return "%s\n\u2026 %d characters left out \u2026\n%s" % (text[:first], len(text) - limit, text[first - limit:])

def _short_lines(text):
    return "\n".join(l if len(l) <= 400 else l[:280] + " \u2026 " + l[-100:] for l in text.split("\n"))

def _library(path):
    """The library that a file belongs to, as a folder of it; None for the code's own files."""
    for folder in ("/site-packages/", "/dist-packages/"):
        if folder in path:
            inside = path.rsplit(folder, 1)[1].split("/")
            return "/".join(inside[:-1][:2]) or inside[0]
    if path.startswith("<frozen "):
        return path[8:-1]
    return path[len(_stdlib):].split("/")[0] if path.startswith(_stdlib) else None

def _left_out(frames):
    names = list(dict.fromkeys(name for name in (_library(frame.filename) for frame in frames) if name))
    where = " in " + ", ".join(names[:3]) if names else ""
    return "  \u2026 %d %sframes%s \u2026\n" % (len(frames), "repeating " if _repeats(frames) else "", where)

def _repeats(frames):
    return len(set((frame.filename, frame.lineno) for frame in frames)) * 3 < len(frames)

def _stack(trace, own):
    """Its lines: of more than four library frames in a row the first and the last two, about 20 in all."""
    groups = []
    for frame in _traceback.StackSummary.extract(_traceback.walk_tb(trace), lookup_lines=False):
        if frame.filename == own:
            continue
        library = _library(frame.filename) is not None
        if groups and library and groups[-1][0]:
            groups[-1][1].append(frame)
        else:
            groups.append((library, [frame]))
    shown = []
    for library, frames in groups:
        shown.extend([frames[0], frames[1:-2]] + frames[-2:] if len(frames) > 4 else frames)
    if len(shown) > 20:
        flat = lambda parts: [frame for part in parts for frame in (part if type(part) is list else [part])]
        first, last = (3, -3) if _repeats(flat(shown[5:-8])) else (5, -8)
        shown[first:last] = [flat(shown[first:last])]
    return "".join(
        _left_out(part) if type(part) is list else "".join(_traceback.StackSummary.from_list([part]).format())
        for part in shown
    )

def _one(error, own, depth=0):
    stack = _stack(error.__traceback__, own)
    said = _cut(_short_lines("".join(_traceback.format_exception_only(type(error), error))), 2000, 0.6)
    parts = list(getattr(error, "exceptions", ())) if depth < 3 and hasattr(error, "derive") else []
    for number, part in enumerate(parts[:5], 1):
        said += "  %d of %d:\n" % (number, len(parts))
        said += "".join("    " + line + "\n" for line in _cut(_one(part, own, depth + 1), 700, 0.3).rstrip().split("\n"))
    return "Traceback (most recent call last):\n" + _short_lines(stack) + said if stack else said

def _report(error, own, limit=4000):
    chain, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        following, link = error.__cause__, "\nThe above exception was the direct cause of the following exception:\n\n"
        if following is None and not error.__suppress_context__:
            following = error.__context__
            link = "\nDuring handling of the above exception, another exception occurred:\n\n"
        chain.append((error, link))
        error = following
    dropped = len(chain) - 4
    if dropped > 0:
        chain[3:-1] = []
    told = ""
    for index in range(len(chain) - 1, -1, -1):
        each, link = chain[index]
        first = index == len(chain) - 1
        if dropped > 0 and index == 2:
            told += "\n\u2026 %d more exceptions \u2026\n" % dropped
        told += ("" if first else link) + _cut(_one(each, own), 1000 if index else 3000, 0.2)
    return _cut(told.rstrip(), limit - 60, 0.25)
`;
