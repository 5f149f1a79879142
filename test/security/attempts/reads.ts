import { kernel, type Attempt } from './attempt.ts';

/** Reading what is nobody's business. */
export const reads: readonly Attempt[] = [
  { name: 'a file outside', run: 'cat {outside}/secret.txt', control: true },
  { name: 'a file outside, through a link that stood there', run: 'cat linked-file linked/secret.txt', control: true },
  { name: 'SSH keys', run: 'cat {home}/.ssh/id_ed25519 ~/.ssh/* /root/.ssh/* /home/*/.ssh/*', control: true },
  {
    name: 'cloud credentials',
    run: 'cat {home}/.aws/credentials {home}/.config/gcloud/credentials.json {home}/.netrc',
    control: true,
  },
  {
    name: 'everything that can be found',
    run: 'find / -xdev \\( -name id_ed25519 -o -name secret.txt -o -name events.jsonl \\) -exec cat {} + 2>/dev/null',
    control: false,
  },
  { name: 'the runs', run: 'cat {runs}/*/events.jsonl', control: true },
  {
    name: "other sandboxes' homes",
    run: 'cat /tmp/mirothinker-*/*/sandbox-*/*/* /proc/self/root/tmp/mirothinker-*/*/*/*/*; ls -d /tmp/mirothinker-*',
    shows: /No such file/,
    control: false,
  },
  { name: 'its own environment', run: 'env; tr "\\0" "\\n" < /proc/self/environ', control: true },
  {
    name: 'tokens and sockets by their names',
    run: 'env | grep -E "TOKEN|SECRET|SSH_|VSCODE|AWS|DOCKER|DBUS|XDG_RUNTIME" && echo found',
    shows: /^(?!.*found)/s,
    control: false,
  },
  {
    name: "every process's environment",
    run: 'cat /proc/[0-9]*/environ | tr "\\0" "\\n"; cat /proc/{pid}/environ',
    control: true,
  },
  {
    name: "another process's memory",
    python: `import re
for line in open("/proc/{pid}/maps"):
    a, b = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line).groups() if " rw" in line else (0, 0)
    if a:
        with open("/proc/{pid}/mem", "rb") as f:
            f.seek(int(a, 16)); print(f.read(int(b, 16) - int(a, 16)).replace(bytes(1), b"").decode("latin-1"))`,
    control: false,
  },
  {
    name: 'process_vm_readv',
    python: `${kernel}\ncall(310, 270, {pid}, 0, 0, 0, 0, 0)`,
    shows: /refused/,
    control: false,
  },
  {
    name: 'System V shared memory',
    python: `import ctypes
libc = ctypes.CDLL(None); libc.shmat.restype = ctypes.c_void_p
p = libc.shmat({shm}, None, 0)
print(ctypes.string_at(p, 40) if p not in (None, ctypes.c_void_p(-1).value) else "refused")`,
    control: true,
  },
  {
    name: 'password hashes and keys of the machine',
    run: 'cat /etc/shadow /etc/gshadow /etc/ssh/*key /etc/sudoers /etc/ssl/private/* && echo found',
    shows: /^(?!.*found)/s,
    control: false,
  },
  {
    name: 'sockets of the machine',
    run: 'find / -xdev -type s 2>/dev/null; ls -A /run /var/run/ | grep -v mirothinker',
    shows: /^(?!.*(?:docker|sock|dbus|vscode))/s,
    control: false,
  },
  {
    name: 'disks and memory as devices',
    run: 'ls /dev; cat /dev/mem /dev/kmsg /dev/sda /dev/vda /dev/nvme0n1 | head -c 10',
    shows: /^(?!.*\b(?:sda|vda|nvme0|kmsg|mem|kvm|fuse)\b\n)/s,
    control: false,
  },
  {
    name: 'a file by its handle',
    python: `${kernel}\ncall(303, 264, -100, b"/", ctypes.create_string_buffer(256), ctypes.byref(ctypes.c_int()), 0)\ncall(304, 265, 3, ctypes.create_string_buffer(256), 0)`,
    shows: /refused[^]*refused/,
    control: false,
  },
  {
    name: 'the kernel log and its symbols',
    run: 'dmesg | head -3; head -c 100 /proc/kcore; head -3 /proc/kallsyms',
    shows: /^(?!.*[0-9a-f]*[1-9a-f][0-9a-f]{8,} [tT] )/s,
    control: false,
  },
  {
    name: "the machine's processes",
    run: 'ls /proc | grep -c "^[0-9]"; test -e /proc/{pid} && echo visible',
    shows: /^(?!.*visible)/s,
    control: false,
  },
  {
    name: "its keeper's descriptors and root",
    run: 'ls -l /proc/1/fd /proc/1/root /proc/1/cwd; cat /proc/1/root{outside}/secret.txt',
    control: false,
  },
];
