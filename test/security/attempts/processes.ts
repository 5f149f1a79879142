import { kernel, type Attempt } from './attempt.ts';

const push = (text: string) =>
  `import fcntl, termios\nfor c in ${JSON.stringify(text)}:\n    try: fcntl.ioctl(0, termios.TIOCSTI, c.encode())\n    except OSError as e: print("refused", e.errno); break`;

/** Touching other processes, the terminal, the kernel and the rights of files. */
export const processes: readonly Attempt[] = [
  { name: 'a signal to a process outside', run: 'kill -USR1 {pid}; kill -9 {pid}', control: false },
  { name: 'a signal to all', run: 'trap "" TERM USR1; kill -USR1 -1; kill -TERM -1', control: false },
  {
    name: 'ptrace',
    python: `${kernel}\ncall(101, 117, 16, {pid}, 0, 0)\ncall(101, 117, 0x4206, {pid}, 0, 0)`,
    shows: /refused[^]*refused/,
    control: false,
  },
  {
    name: 'a descriptor of a process',
    python: `${kernel}\nfd = call(434, 434, {pid}, 0)\ncall(424, 424, fd, 10, 0, 0)\ncall(438, 438, fd, 0, 0)`,
    shows: /refused[^]*refused[^]*refused/,
    control: false,
  },
  {
    name: 'limits and priority of a process outside',
    run: 'prlimit --pid {pid} --nofile=0 && echo done; renice 19 -p {pid} && echo done; chrt -o -p 0 {pid} && echo done',
    shows: /^(?!.*done)/s,
    control: false,
  },
  {
    name: 'characters pushed into its terminal',
    run: `python3 -c '${push('echo pwn > notes.md\n')}'`,
    then: 'cat notes.md; grep -q pwn notes.md && echo p"w"ned',
    shows: /refused/,
    control: false,
  },
  {
    name: 'characters pushed through the descriptor of the terminal',
    run: `exec 0</dev/tty; python3 -c '${push('x')}'`,
    shows: /refused|No such device/,
    control: false,
  },
  {
    name: 'the console',
    run: 'echo pwn > /dev/console; echo pwn > /dev/tty0; echo pwn > /dev/tty1; python3 -c "import fcntl; fcntl.ioctl(0, 0x541C, b\'\\x02\')"',
    control: false,
  },
  {
    name: "another process's terminal",
    run: 'for t in /dev/pts/[0-9]*; do test "$t" = "$(tty)" || { echo pwn > $t && echo done; }; done',
    shows: /^(?!.*done)/s,
    control: false,
  },
  {
    name: 'a set-user-id program of its own',
    run: 'cp /bin/cat own; chmod 4755 own; chmod 2755 own; install -m 6755 /bin/cat own2; python3 -c "import os; os.chmod(\'own\', 0o4755)"',
    control: true,
  },
  {
    name: 'a set-user-id file from its beginning',
    python:
      'import os\nfor mode in (0o4755, 0o2755):\n    try: os.close(os.open("own%o" % mode, os.O_CREAT | os.O_WRONLY, mode))\n    except OSError as e: print(e)\nos.umask(0)\nos.close(os.open("own3", os.O_CREAT | os.O_WRONLY, 0o6777))',
    control: true,
  },
  {
    name: 'a set-user-id file by newer calls',
    python: `${kernel}\nopen("own", "w").close()\ncall(452, 452, -100, b"own", 0o4755, 0)\nhow = (ctypes.c_uint64 * 3)(0o101, 0o4755, 0)\ncall(437, 437, -100, b"own4", ctypes.byref(how), 24)\ncall(425, 425, 8, ctypes.byref((ctypes.c_char * 256)()))`,
    control: false,
  },
  {
    name: 'set-user-id programs of the system',
    run: 'su -c id root </dev/null; sudo -n id; pkexec id </dev/null; grep NoNewPrivs /proc/self/status',
    shows: /NoNewPrivs:\s*1/,
    control: false,
  },
  {
    name: 'file capabilities',
    run: 'cp /bin/cat own; setcap cap_dac_override+ep own && echo done',
    shows: /^(?!.*done)/s,
    control: false,
  },
  {
    name: 'capabilities',
    run: 'grep -E "Cap(Eff|Prm|Bnd|Amb)" /proc/self/status',
    shows: /CapEff:\s*0+\b/,
    control: false,
  },
  {
    name: 'kernel switches',
    run: 'for f in /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/vm/overcommit_memory /proc/sysrq-trigger /sys/kernel/uevent_helper; do echo h > $f && echo done; done',
    shows: /^(?!.*done)/s,
    control: false,
  },
  {
    name: 'control groups',
    run: 'mkdir -p cg; mount -t cgroup -o memory none cg && echo done; ls /sys/fs/cgroup && echo > /sys/fs/cgroup/release_agent && echo done',
    shows: /^(?!.*done)/s,
    control: false,
  },
  {
    name: 'BPF, performance events, keys',
    python: `${kernel}\ncall(321, 280, 0, 0, 0)\ncall(298, 241, 0, 0, -1, -1, 0)\ncall(250, 219, 0, -3, 0, 0, 0)\ncall(248, 217, b"user", b"k", b"v", 1, -3)`,
    shows: /(?:refused[^]*){4}/,
    control: false,
  },
  {
    name: 'userfaultfd and io_uring',
    python: `${kernel}\ncall(323, 282, 0)\ncall(425, 425, 8, ctypes.create_string_buffer(256))`,
    shows: /(?:refused[^]*){2}/,
    control: false,
  },
  {
    name: 'modules and kexec',
    python: `${kernel}\ncall(175, 105, 0, 0, b"")\ncall(313, 273, 0, b"", 0)\ncall(246, 104, 0, 0, 0, 0)`,
    shows: /(?:refused[^]*){3}/,
    control: false,
  },
  {
    name: 'namespaces by clone',
    python: `${kernel}\ncall(272, 97, 0x10000000)\ncall(272, 97, 0x00020000)\ncall(435, 435, ctypes.create_string_buffer(88), 88)`,
    shows: /(?:refused[^]*){3}/,
    control: false,
  },
  {
    name: 'the new mount calls',
    python: `${kernel}\ncall(428, 428, -100, b"/", 1)\ncall(430, 430, b"tmpfs", 0)\ncall(442, 442, -100, b"/", 0, 0, 0)`,
    shows: /(?:refused[^]*){3}/,
    control: false,
  },
  {
    name: 'calls of another architecture',
    python: `${kernel}\nif not ARM: call(0x40000000 + 39, 0)\nelse: print("refused")`,
    shows: /refused/,
    control: false,
  },
  {
    name: 'the clock and the name of the machine',
    run: 'date -s "2001-01-01" && echo done; hostname pwn && echo done',
    shows: /^(?!.*done$)/ms,
    control: false,
  },
];
