/** How each limit is kept on this machine, and what to do where it is not. */
import { release } from 'node:os';
import { makeControlGroup, type Controller } from './controlGroup.ts';
import { addressSpaceBytes, type Limits } from './limits.ts';
import { limitsProcessesInside } from './startLine.ts';

interface LimitFinding {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly remedy?: string;
}

/** Who runs, and what a group would bound. */
export interface Machine {
  readonly user: number;
  readonly kernel: string;
  readonly controls: ReadonlySet<Controller>;
}

const remedy =
  'A control group bounds it, where one may be made: in a systemd session of yours with the controllers memory and pids delegated (systemctl status user@UID.service), or in a container with a writable /sys/fs/cgroup.';

/** Makes a control group to see whether that can be done, and removes it. */
export async function reportLimits(limits: Limits): Promise<readonly LimitFinding[]> {
  const { controls, remove } = await makeControlGroup(limits);
  await remove();
  return limitFindings(limits, { user: process.getuid?.() ?? 0, kernel: release(), controls });
}

/** One a limit, chosen or not. */
export function limitFindings(limits: Limits, machine: Machine): readonly LimitFinding[] {
  const { cpuSeconds, fileBytes, openFiles } = limits;
  const simple = (name: string, value: string | undefined): LimitFinding => ({
    name: `limit of ${name}`,
    ok: true,
    found: value ?? 'none was chosen',
  });
  return [
    memory(limits.memoryBytes, machine),
    processes(limits, machine),
    simple('processor time', cpuSeconds === undefined ? undefined : `${cpuSeconds} s of each process`),
    simple('file size', fileBytes === undefined ? undefined : `${inMiB(fileBytes)} of each file`),
    simple('open files', openFiles === undefined ? undefined : `${openFiles} of each process`),
  ];
}

function memory(bytes: number | undefined, { controls }: Machine): LimitFinding {
  const name = 'limit of memory';
  if (bytes === undefined) return { name, ok: true, found: 'none was chosen' };
  if (controls.has('memory')) return { name, ok: true, found: `${inMiB(bytes)} of all processes, by a control group` };
  const instead = inMiB(addressSpaceBytes(bytes));
  const found = `${inMiB(bytes)} of all processes cannot be kept; each may reserve ${instead} of addresses`;
  return { name, ok: false, found, remedy };
}

function processes(limits: Limits, machine: Machine): LimitFinding {
  const name = 'limit of processes';
  const { processes: count } = limits;
  if (count === undefined) return { name, ok: true, found: 'none was chosen' };
  if (machine.controls.has('pids')) return { name, ok: true, found: `${count}, by a control group` };
  const group = { controls: machine.controls, members: [] };
  if (limitsProcessesInside({ limits, group }, machine)) {
    return { name, ok: true, found: `${count} of each sandbox, by the kernel's count for its user` };
  }
  const why =
    machine.user === 0 ? 'the kernel does not count for root' : `Linux ${machine.kernel} counts no sandbox apart`;
  return { name, ok: false, found: `${count} cannot be kept: ${why}`, remedy };
}

function inMiB(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
