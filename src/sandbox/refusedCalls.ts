/** The system calls that a confined process is refused, by their numbers on x86-64 and on arm64 (null: not there). */

/** What a refused call gets back: `EPERM`, or what makes a library fall back to a call that is let through. */
export const errno = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;

/**
 * What one argument must be, by its low 32 bits: one of the values, none of them, or a number with one of their bits.
 */
export interface ArgumentTest {
  readonly argument: number;
  readonly is: 'oneOf' | 'noneOf' | 'withBitOf';
  readonly values: readonly [number, ...number[]];
}

/** A refused call; with `when` only where all tests of one of these hold. */
export interface RefusedCall {
  readonly name: string;
  readonly x64: number | null;
  readonly arm64: number | null;
  readonly errno: number;
  readonly when?: readonly (readonly ArgumentTest[])[];
}

/** Characters pushed into a terminal's input, which whoever reads it next would obey. */
const pushing = { argument: 1, is: 'oneOf', values: [0x5412 /* TIOCSTI */, 0x541c /* TIOCLINUX */] } as const;
/** CLONE_NEW…: NS, CGROUP, UTS, IPC, USER, PID, NET. NEWTIME shares its bit with clone's signal. */
const namespaces = 0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000;
const cloning = { argument: 0, is: 'withBitOf', values: [namespaces] } as const;
const unsharing = { argument: 0, is: 'withBitOf', values: [namespaces | 0x80] } as const;
const otherPersonality = { argument: 0, is: 'noneOf', values: [0, 0xffff_ffff] } as const;
/** All but UNIX, INET, INET6 and NETLINK: no packets, no virtual machine's host, no kernel cryptography. */
const otherFamily = { argument: 0, is: 'noneOf', values: [1, 2, 10, 16] } as const;
/** Of netlink all but routes, which getaddrinfo and `ip` ask for. */
const otherNetlink = [
  { argument: 0, is: 'oneOf', values: [16] },
  { argument: 2, is: 'noneOf', values: [0] },
] as const;

/** S_ISUID and S_ISGID in a mode: a program with them would run outside with the rights of whoever owns the sandbox. */
const identity = (argument: number): ArgumentTest => ({ argument, is: 'withBitOf', values: [0o6000] });
/** Without O_CREAT or O_TMPFILE a mode is not read, and holds anything. */
const creating = (argument: number): ArgumentTest => ({ argument, is: 'withBitOf', values: [0o100 | 0o20000000] });

const withIdentity: readonly (readonly [name: string, x64: number | null, arm64: number | null, mode: number])[] = [
  ['chmod', 90, null, 1],
  ['fchmod', 91, 52, 1],
  ['fchmodat', 268, 53, 2],
  ['fchmodat2', 452, 452, 2],
  ['mkdir', 83, null, 1],
  ['mkdirat', 258, 34, 2],
  ['mknod', 133, null, 1],
  ['mknodat', 259, 33, 2],
  ['creat', 85, null, 1],
];

const always: readonly (readonly [name: string, x64: number | null, arm64: number | null])[] = [
  // Other namespaces and mounts, with which what is hidden could be shown again.
  ['setns', 308, 268],
  ['mount', 165, 40],
  ['umount2', 166, 39],
  ['pivot_root', 155, 41],
  ['chroot', 161, 51],
  ['open_tree', 428, 428],
  ['move_mount', 429, 429],
  ['fsopen', 430, 430],
  ['fsconfig', 431, 431],
  ['fsmount', 432, 432],
  ['fspick', 433, 433],
  ['mount_setattr', 442, 442],
  ['open_tree_attr', 467, 467],
  // Other processes' memory and descriptors.
  ['ptrace', 101, 117],
  ['process_vm_readv', 310, 270],
  ['process_vm_writev', 311, 271],
  ['kcmp', 312, 272],
  ['pidfd_getfd', 438, 438],
  ['migrate_pages', 256, 238],
  ['move_pages', 279, 239],
  // Files by their number instead of their path.
  ['name_to_handle_at', 303, 264],
  ['open_by_handle_at', 304, 265],
  // Keys, which namespaces do not keep apart.
  ['add_key', 248, 217],
  ['request_key', 249, 218],
  ['keyctl', 250, 219],
  // Parts of the kernel in which its holes have been.
  ['bpf', 321, 280],
  ['perf_event_open', 298, 241],
  ['userfaultfd', 323, 282],
  ['modify_ldt', 154, null],
  ['lookup_dcookie', 212, 18],
  // The machine itself.
  ['kexec_load', 246, 104],
  ['kexec_file_load', 320, 294],
  ['create_module', 174, null],
  ['init_module', 175, 105],
  ['finit_module', 313, 273],
  ['delete_module', 176, 106],
  ['acct', 163, 89],
  ['swapon', 167, 224],
  ['swapoff', 168, 225],
  ['reboot', 169, 142],
  ['quotactl', 179, 60],
  ['quotactl_fd', 443, 443],
  ['nfsservctl', 180, 42],
  ['syslog', 103, 116],
  ['vhangup', 153, 58],
  ['settimeofday', 164, 170],
  ['clock_settime', 227, 112],
  ['sethostname', 170, 161],
  ['setdomainname', 171, 162],
  ['uselib', 134, null],
  ['_sysctl', 156, null],
  ['iopl', 172, null],
  ['ioperm', 173, null],
];

const { EPERM, ENOSYS, EAFNOSUPPORT } = errno;

/** All of them. */
export const refusedCalls: readonly RefusedCall[] = [
  ...always.map(([name, x64, arm64]) => ({ name, x64, arm64, errno: EPERM })),
  ...withIdentity.map(([name, x64, arm64, mode]) => ({ name, x64, arm64, errno: EPERM, when: [[identity(mode)]] })),
  { name: 'open', x64: 2, arm64: null, errno: EPERM, when: [[creating(1), identity(2)]] },
  { name: 'openat', x64: 257, arm64: 56, errno: EPERM, when: [[creating(2), identity(3)]] },
  // Its mode lies in memory, which a filter can't read; libraries fall back to openat.
  { name: 'openat2', x64: 437, arm64: 437, errno: ENOSYS },
  { name: 'ioctl', x64: 16, arm64: 29, errno: EPERM, when: [[pushing]] },
  { name: 'unshare', x64: 272, arm64: 97, errno: EPERM, when: [[unsharing]] },
  { name: 'clone', x64: 56, arm64: 220, errno: EPERM, when: [[cloning]] },
  { name: 'personality', x64: 135, arm64: 92, errno: EPERM, when: [[otherPersonality]] },
  { name: 'socket', x64: 41, arm64: 198, errno: EAFNOSUPPORT, when: [[otherFamily], otherNetlink] },
  { name: 'socketpair', x64: 53, arm64: 199, errno: EAFNOSUPPORT, when: [[otherFamily], otherNetlink] },
  // Its flags lie in memory, which a filter can't read; libraries fall back to clone.
  { name: 'clone3', x64: 435, arm64: 435, errno: ENOSYS },
  { name: 'io_uring_setup', x64: 425, arm64: 425, errno: ENOSYS },
  { name: 'io_uring_enter', x64: 426, arm64: 426, errno: ENOSYS },
  { name: 'io_uring_register', x64: 427, arm64: 427, errno: ENOSYS },
  { name: 'vmsplice', x64: 278, arm64: 75, errno: ENOSYS },
];
