/**
 * The other end of the proxy, inside a sandbox: it listens on the loopback of the sandbox's own network and passes every
 * connection on to the bound socket. It is started in the command's place, listens, and becomes the command; what serves is a
 * child of it that has no terminal, so that it neither holds one open nor is asked by its signals.
 */

/** Where the proxy is reached from inside. */
export const forwarderPort = 3128;

/** Arguments: the socket's path, the port, then the program and its arguments. For `python3 -I -S`. */
export const forwarder = String.raw`
import os, selectors, signal, socket, sys

path, port, program = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", port))
server.listen(128)
if os.fork():
    server.close()
    os.execvp(program[0], program)

os.setsid()
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE):
    signal.signal(number, signal.SIG_IGN)
empty = os.open("/dev/null", os.O_RDWR)
for fd in (0, 1, 2):
    os.dup2(empty, fd)
os.closerange(3, server.fileno())
os.closerange(server.fileno() + 1, 4096)

choose = selectors.DefaultSelector()
server.setblocking(False)
choose.register(server, selectors.EVENT_READ)
pairs, waiting = {}, {}

def watch(one):
    events = selectors.EVENT_READ if len(waiting[pairs[one]]) < 1 << 20 and one not in ended else 0
    if waiting[one] or one in closing:
        events |= selectors.EVENT_WRITE
    known = one in choose.get_map()
    if events and known:
        choose.modify(one, events)
    elif events:
        choose.register(one, events)
    elif known:
        choose.unregister(one)

ended, closing = set(), set()

def drop(one):
    for each in (one, pairs.pop(one)):
        pairs.pop(each, None)
        waiting.pop(each, None)
        ended.discard(each)
        closing.discard(each)
        if each in choose.get_map():
            choose.unregister(each)
        each.close()

def accept():
    client, _ = server.accept()
    far = socket.socket(socket.AF_UNIX)
    try:
        far.connect(path)
    except OSError:
        client.close()
        far.close()
        return
    for one in (client, far):
        one.setblocking(False)
        waiting[one] = bytearray()
    pairs[client], pairs[far] = far, client
    watch(client)
    watch(far)

def move(one, mask):
    other = pairs[one]
    if mask & selectors.EVENT_WRITE:
        if waiting[one]:
            del waiting[one][: one.send(waiting[one])]
        if not waiting[one] and one in closing:
            closing.discard(one)
            one.shutdown(socket.SHUT_WR)
    if mask & selectors.EVENT_READ:
        data = one.recv(65536)
        if data:
            waiting[other] += data
        else:
            ended.add(one)
            closing.add(other)
    if one in ended and other in ended and not waiting[one] and not waiting[other]:
        return drop(one)
    watch(one)
    watch(other)

while True:
    for key, mask in choose.select():
        one = key.fileobj
        if one is server:
            try:
                accept()
            except OSError:
                pass
        elif one in pairs:
            try:
                move(one, mask)
            except BlockingIOError:
                pass
            except OSError:
                drop(one)
`;
