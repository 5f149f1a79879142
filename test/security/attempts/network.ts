import { kernel, type Attempt } from './attempt.ts';

/** Reaching anything that listens. */
export const network: readonly Attempt[] = [
  { name: 'TCP to the loopback of the machine', run: 'exec 3<>/dev/tcp/127.0.0.1/{port} && cat <&3', control: true },
  { name: 'TCP over IPv6', run: 'exec 3<>/dev/tcp/::1/{port} && cat <&3', control: true },
  {
    name: "the machine's own address",
    python: 'import socket\ns = socket.create_connection(("{lan}", {port}), 2)\nprint(s.recv(99))',
    control: true,
  },
  {
    name: 'UDP',
    python:
      'import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.sendto(b"pwn", ("127.0.0.1", {udp}))\nimport time; time.sleep(0.2)',
    control: true,
  },
  {
    name: 'UDP to the whole network',
    python:
      'import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)\ns.sendto(b"pwn", ("255.255.255.255", {udp}))',
    shows: /unreachable/i,
    control: false,
  },
  {
    name: 'a name',
    python: 'import socket\nprint(socket.getaddrinfo("example.org", 80))',
    shows: /gaierror/,
    control: false,
  },
  {
    name: 'a name server, asked by hand',
    python:
      'import re, socket\nservers = re.findall(r"nameserver (\\S+)", open("/etc/resolv.conf").read()) or ["9.9.9.9"]\ns = socket.socket(socket.AF_INET6 if ":" in servers[0] else socket.AF_INET, socket.SOCK_DGRAM)\ns.sendto(b"x", (servers[0], 53))',
    shows: /unreachable/i,
    control: false,
  },
  {
    name: 'the metadata service',
    python: 'import socket\nsocket.create_connection(("169.254.169.254", 80), 2)',
    shows: /unreachable/i,
    control: false,
  },
  {
    name: 'an address of the internet',
    python: 'import socket\nsocket.create_connection(("192.0.2.1", 443), 2)',
    shows: /unreachable/i,
    control: false,
  },
  {
    name: 'a Unix socket by its path',
    python: 'import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect("{unix}")\nprint(s.recv(99))',
    control: true,
  },
  {
    name: 'a Unix socket through a link',
    python:
      'import os, socket\nos.symlink("{unix}", "s")\ns = socket.socket(socket.AF_UNIX)\ns.connect("s")\nprint(s.recv(99))',
    control: true,
  },
  {
    name: 'a Unix socket through the root of a process',
    python: 'import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect("/proc/1/root{unix}")\nprint(s.recv(99))',
    control: false,
  },
  {
    name: 'an abstract socket',
    python: 'import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect("\\0{abstract}")\nprint(s.recv(99))',
    control: true,
  },
  {
    name: 'raw packets',
    python: 'import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW, 768)',
    shows: /PermissionError|not permitted|not supported/,
    control: false,
  },
  {
    name: 'the machine behind a virtual one',
    python:
      'import socket\ns = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)\ns.settimeout(2)\ns.connect((2, 1024))',
    shows: /Error/,
    control: false,
  },
  {
    name: 'an interface of its own',
    run: 'ip link add pwn type dummy && echo done; ip link set lo down && echo done; ls /sys/class/net',
    shows: /^(?!.*done)/s,
    control: false,
  },
  {
    name: 'the network of another process',
    run: 'nsenter -t 1 -n true && echo done; nsenter --net=/proc/{pid}/ns/net true && echo done',
    shows: /^(?!.*done)/s,
    control: false,
  },
  {
    name: 'a namespace by its descriptor',
    python: `${kernel}\nfd = os.open("/proc/self/ns/net", os.O_RDONLY)\ncall(308, 268, fd, 0)`,
    shows: /refused/,
    control: false,
  },
  {
    name: 'an agent that listens for keys',
    run: 'SSH_AUTH_SOCK={unix} ssh-add -l; curl -s --max-time 2 --unix-socket {unix} http://x/',
    control: false,
  },
  {
    name: 'what the editor left in the environment',
    run: 'test -n "$VSCODE_IPC_HOOK_CLI$SSH_AUTH_SOCK" && echo found; ls -la {unix}',
    shows: /^(?!.*found)/s,
    control: false,
  },
];
