/** Attempts to get out of a sandbox, as data. `{name}` stands for a thing of the world: see world.ts. */
export interface Attempt {
  readonly name: string;
  /** Bash, run by run_command. */
  readonly run?: string;
  /** Python, run by run_python_code. */
  readonly python?: string;
  /** What the output has to match: how the attempt failed. */
  readonly shows?: RegExp;
  /** A second command that runs behind the first one. */
  readonly then?: string;
  /**
   * Whether the attempt reaches its goal without a sandbox: it is shown to, which proves that it is one. `false` where that
   * would hurt the machine, or needs rights or programs that a machine may not have.
   */
  readonly control: boolean;
  /** The call is ended by a limit: it need not come to its end. */
  readonly ends?: 'early';
}

/** Python that calls the kernel by number: `call(NUMBER, …)` prints `refused` or `done`. */
export const kernel = `import ctypes, errno, os, platform
libc = ctypes.CDLL(None, use_errno=True)
ARM = platform.machine() == "aarch64"
def call(x86, arm, *arguments):
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(ctypes.c_long(arm if ARM else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    code = ctypes.get_errno()
    print("done" if result >= 0 else "refused " + errno.errorcode.get(code, str(code)))
    return result
`;
