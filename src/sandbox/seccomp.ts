/** The filter of system calls that bubblewrap loads: a program for the kernel's classic BPF machine (seccomp(2)). */
import { errno, refusedCalls, type ArgumentTest, type RefusedCall } from './refusedCalls.ts';

/** Processors for which there is a filter. */
type FilteredArch = 'x64' | 'arm64';

interface Instruction {
  readonly code: number;
  /** How many instructions are skipped when a test holds, and when not. */
  readonly jt?: number;
  readonly jf?: number;
  readonly k: number;
}

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64. */
const auditArch = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
/** Calls of x32 share x86-64's name for the architecture and have this bit. */
const x32Bit = 0x4000_0000;

const load = 0x20;
const [jumpEqual, jumpAtLeast, jumpBits] = [0x15, 0x35, 0x45];
/** Offsets within struct seccomp_data; the low half of an argument comes first on both processors. */
const [callOffset, archOffset, argumentOffset] = [0, 4, 16];
const allow: Instruction = { code: 0x06, k: 0x7fff_0000 };

/** The filter's bytes; undefined for a processor of which the calls' numbers are not known here. */
export function seccompFilter(arch: string = process.arch): Buffer | undefined {
  return arch === 'x64' || arch === 'arm64' ? encode(instructions(arch)) : undefined;
}

function instructions(arch: FilteredArch): readonly Instruction[] {
  return [
    { code: load, k: archOffset },
    // Calls of another architecture (32 bits) have other numbers: all are refused.
    { code: jumpEqual, jt: 1, k: auditArch[arch] },
    refuse(errno.EPERM),
    { code: load, k: callOffset },
    ...(arch === 'x64' ? [{ code: jumpAtLeast, jf: 1, k: x32Bit }, refuse(errno.ENOSYS)] : []),
    ...refusedCalls.flatMap((call) => refusal(call, call[arch])),
    allow,
  ];
}

/** Skipped unless it is that call; otherwise it always ends the program. */
function refusal(call: RefusedCall, number: number | null): readonly Instruction[] {
  if (number === null) return [];
  const body = call.when
    ? [...call.when.flatMap((tests) => unlessAll(tests, call.errno)), allow]
    : [refuse(call.errno)];
  return [{ code: jumpEqual, jf: body.length, k: number }, ...body];
}

/** Refuses where all tests hold; goes on behind itself otherwise. */
function unlessAll(tests: readonly ArgumentTest[], error: number): readonly Instruction[] {
  return tests.reduceRight<readonly Instruction[]>(
    (rest, test) => [...argumentTest(test, rest.length), ...rest],
    [refuse(error)],
  );
}

/** Goes on behind itself where it holds, and skips so many more instructions where not. */
function argumentTest({ argument, is, values }: ArgumentTest, skipped: number): readonly Instruction[] {
  const tests = values.map((value, index): Instruction => {
    const following = values.length - 1 - index;
    if (is === 'noneOf') return { code: jumpEqual, jt: following + skipped, k: value };
    const code = is === 'oneOf' ? jumpEqual : jumpBits;
    return { code, jt: following, jf: following === 0 ? skipped : 0, k: value };
  });
  return [{ code: load, k: argumentOffset + 8 * argument }, ...tests];
}

function refuse(error: number): Instruction {
  return { code: 0x06, k: 0x0005_0000 | error };
}

/** struct sock_filter, one after the other. */
function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(({ code, jt = 0, jf = 0, k }, index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jt, index * 8 + 2);
    bytes.writeUInt8(jf, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  });
  return bytes;
}
