import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { probeConfinement } from '../../src/sandbox/confinement.ts';
import { errno, refusedCalls } from '../../src/sandbox/refusedCalls.ts';
import { seccompFilter } from '../../src/sandbox/seccomp.ts';
import { makeSandbox, noSignal, type TestSandbox } from './sandbox.ts';

const headers = { x64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h', arm64: '/usr/include/asm-generic/unistd.h' };
/** Newer than the headers of many systems. */
const newer = ['open_tree_attr', 'fchmodat2'];

/** Makes calls with the numbers given as `number, arguments…` and prints what came of each: `result errno`. */
const driver = `
import ctypes, json, sys
libc = ctypes.CDLL(None, use_errno=True)
for call in json.loads(sys.argv[1]):
    ctypes.set_errno(0)
    result = libc.syscall(*[ctypes.c_ulong(each) for each in call])
    print(result, ctypes.get_errno())
`;

type Case = readonly [name: string, args: readonly number[], expected: string];
const refused = (error: number) => `-1 ${error}`;
const { EPERM, ENOSYS, EAFNOSUPPORT } = errno;

/** Calls that are refused for some arguments only, on both sides of the border. */
const cases: readonly Case[] = [
  ['ioctl', [0, 0x5412, 0], refused(EPERM)],
  ['ioctl', [0, 0x5412 + 2 ** 32, 0], refused(EPERM)],
  ['ioctl', [0, 0x541c, 0], refused(EPERM)],
  ['unshare', [0x1000_0000], refused(EPERM)],
  ['unshare', [0x0002_0000], refused(EPERM)],
  ['unshare', [0x80], refused(EPERM)],
  ['unshare', [0x400], '0 0'],
  ['clone', [0x1000_0011, 0, 0, 0, 0], refused(EPERM)],
  ['clone', [0x4000_0011, 0, 0, 0, 0], refused(EPERM)],
  ['personality', [0x0004_0000], refused(EPERM)],
  ['personality', [0xffff_ffff], '0 0'],
  ['socket', [17, 3, 0], refused(EAFNOSUPPORT)],
  ['socket', [38, 5, 0], refused(EAFNOSUPPORT)],
  ['socket', [40, 1, 0], refused(EAFNOSUPPORT)],
  ['socket', [16, 3, 9], refused(EAFNOSUPPORT)],
  ['socket', [16, 3, 0], '3 0'],
  ['socket', [1, 1, 0], '4 0'],
  ['socketpair', [40, 1, 0, 0], refused(EAFNOSUPPORT)],
];

describe('seccompFilter', () => {
  let test: TestSandbox;
  const numberOf = (name: string) => {
    const call = refusedCalls.find((each) => each.name === name);
    return call?.[process.arch === 'arm64' ? 'arm64' : 'x64'] ?? 0;
  };
  const make = async (calls: readonly (readonly number[])[]) => {
    const result = await test.command(`/usr/bin/python3 -c '${driver}' '${JSON.stringify(calls)}'`);
    assert.equal(result.exitCode, 0, result.output);
    return result.output.trim().split('\n');
  };

  before(async () => {
    test = await makeSandbox();
  });
  after(() => test.dispose());

  it('is a program that the kernel takes, for both processors', async () => {
    const confinement = await probeConfinement();
    assert.ok(confinement.kind === 'works' && confinement.filtered);
    for (const arch of ['x64', 'arm64']) {
      const length = seccompFilter(arch)?.length ?? 0;
      assert.ok(length > 0 && length % 8 === 0 && length / 8 < 4096);
    }
    assert.equal(seccompFilter('riscv64'), undefined);
  });

  for (const arch of ['x64', 'arm64'] as const) {
    it(`has the numbers that the kernel's headers name for ${arch}`, function () {
      if (!existsSync(headers[arch])) this.skip();
      const numbers = new Map(
        [...readFileSync(headers[arch], 'utf8').matchAll(/^#define\s+__NR(?:3264)?_(\w+)\s+(\d+)/gm)].map((match) => [
          match[1],
          Number(match[2]),
        ]),
      );
      const expected = refusedCalls.filter(({ name }) => numbers.has(name) || !newer.includes(name));
      assert.deepEqual(
        expected.map((call) => [call.name, call[arch]]),
        expected.map(({ name }) => [name, numbers.get(name) ?? null]),
      );
    });
  }

  it('refuses every call that is never let through', async () => {
    const always = refusedCalls.filter(({ name, when }) => !when && numberOf(name) !== 0);
    const said = await make(always.map(({ name }) => [numberOf(name), 0, 0, 0, 0, 0, 0]));
    assert.deepEqual(
      always.map(({ name }, index) => `${name} ${said[index]}`),
      always.map(({ name, errno: error }) => `${name} ${refused(error)}`),
    );
  });

  it('refuses others by their arguments, of which the upper half counts for nothing', async () => {
    const said = await make(cases.map(([name, args]) => [numberOf(name), ...args]));
    assert.deepEqual(
      cases.map(([name, args], index) => `${name}(${args.join()}) ${said[index]}`),
      cases.map(([name, args, expected]) => `${name}(${args.join()}) ${expected}`),
    );
  });

  it('is what refuses them: without it the kernel lets them through', async () => {
    const confinement = await probeConfinement();
    assert.ok(confinement.kind === 'works');
    const shell = await test.another({ confinement: { ...confinement, filtered: false } });
    const calls = JSON.stringify([
      [numberOf('ptrace'), 0, 0, 0, 0],
      [numberOf('unshare'), 0x1000_0000],
      [numberOf('keyctl'), 0, -3, 1],
    ]);
    const command = `/usr/bin/python3 -c '${driver}' '${calls}'`;
    const { output } = await shell.runCommand({ command, callId: 'open', unconfined: false }, noSignal);
    assert.match(output, /^0 0\r?\n0 0\r?\n\d+ 0/);
  });

  it('refuses the calls of x32', async function () {
    if (process.arch !== 'x64') this.skip();
    assert.deepEqual(await make([[0x4000_0000 + 39]]), [refused(ENOSYS)]);
  });

  it('refuses them to Python and to children of children as well', async () => {
    const { stdout } = await test.python(
      `import subprocess; print(subprocess.run("sh -c 'unshare -U true'", shell=True, capture_output=True, text=True).stderr)`,
    );
    assert.match(stdout, /unshare failed: Operation not permitted/);
  });

  it('lets threads, children, pipes, sockets between processes and names of hosts work', async () => {
    const { stdout, error } = await test.python(
      [
        'import threading, subprocess, socket, multiprocessing',
        'thread = threading.Thread(target=print, args=("thread",)); thread.start(); thread.join()',
        'print(subprocess.run("echo piped | cat", shell=True, capture_output=True, text=True).stdout)',
        'left, right = socket.socketpair(); left.send(b"x"); print(right.recv(1))',
        'print(socket.getaddrinfo("localhost", 80)[0][4])',
      ].join('\n'),
    );
    assert.equal(error, undefined);
    for (const word of ['thread', 'piped', "b'x'", '127.0.0.1']) assert.ok(stdout.includes(word), stdout);
  });

  it('lets node start, with its threads and children', async () => {
    const result = await test.command(
      `/usr/bin/node -e 'const {Worker}=require("worker_threads"); new Worker("console.log(1)",{eval:true}).on("exit",()=>console.log(require("child_process").execSync("echo child")+""))' || [ ! -x /usr/bin/node ]`,
    );
    assert.equal(result.exitCode, 0, result.output);
  });
});
