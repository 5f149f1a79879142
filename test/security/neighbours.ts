/** What listens and lives around a sandbox: servers that nobody inside should reach, and a process that nobody should touch. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';

/** A server that notes who comes, and tells them the secret. */
export async function listening(hits: string[], name: string, secret: string, where: object): Promise<Server> {
  const server = createServer((socket) => {
    hits.push(`${name} was reached`);
    socket.on('error', () => undefined);
    socket.end(`${secret}\n`);
  });
  server.listen(where);
  await once(server, 'listening');
  return server;
}

/** The same for datagrams. */
export async function udpListening(hits: string[]): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.on('message', () => hits.push('UDP was reached'));
  socket.bind(0, '0.0.0.0');
  await once(socket, 'listening');
  return socket;
}

/** A process outside. */
export interface Victim {
  readonly child: ChildProcess;
  /** The id of its System V shared memory, which holds the secret. */
  readonly shm: string;
  readonly isWell: () => boolean;
  readonly end: () => Promise<void>;
}

/** A process outside with the secret in its environment, its memory and its shared memory; signals show. */
export async function startVictim(secret: string): Promise<Victim> {
  const script = `import ctypes, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
secret = os.environ["SECRET"].encode()
kept = ctypes.create_string_buffer(secret)
shm = libc.shmget(0, 4096, 0o1666)
ctypes.memmove(libc.shmat(shm, None, 0), secret, len(secret))
def struck(number, frame):
    print("signal", number, flush=True)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGHUP, signal.SIGCONT):
    signal.signal(number, struck)
print(shm, hex(ctypes.addressof(kept)), flush=True)
for line in sys.stdin:
    pass
libc.shmctl(shm, 0, None)`;
  const child = spawn('python3', ['-c', script], {
    env: { PATH: '/usr/bin:/bin', SECRET: secret },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const first = await new Promise<string>((resolve) => lines.once('line', resolve));
  let well = true;
  lines.on('line', () => (well = false));
  child.on('exit', () => (well = false));
  return {
    child,
    shm: first.split(' ')[0] ?? '',
    isWell: () => {
      const was = well;
      if (child.exitCode === null && child.signalCode === null) well = true;
      return was;
    },
    end: async () => {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}

/** This machine's own address on its network, loopback where it has none. */
export function lanAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}
