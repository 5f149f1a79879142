/** What `doctor` says of the sandbox: whether it confines, what it keeps, and what commands find in it. */
import { messageOf } from '../agent/errors.ts';
import { probeConfinement } from '../sandbox/confinement.ts';
import { reportLimits } from '../sandbox/limitReport.ts';
import { hasOverlay } from '../sandbox/overlay.ts';
import { makePlace } from '../sandbox/place.ts';
import { readOnlyPaths } from '../sandbox/readOnlyPaths.ts';
import type { Confinement } from '../sandbox/results.ts';
import type { Call } from './arguments.ts';
import type { Finding } from './finding.ts';

/** One that confines, and others that nothing depends on. */
export async function sandboxFindings(call: Call, runsFolder: string): Promise<readonly Finding[]> {
  const confinement = await probeConfinement();
  if (confinement.kind !== 'works') {
    return [{ name: 'sandbox', ok: false, found: confinement.message, remedy: confinement.remedy }];
  }
  return [
    { name: 'sandbox', ok: true, found: `${nameOf(confinement)} confines commands` },
    ...(confinement.by === 'bubblewrap' ? [filter(confinement)] : []),
    ...(await reportLimits(call.limits)).map((finding) => ({ ...finding, optional: true })),
    ...(confinement.by === 'bubblewrap' ? [overlay(confinement)] : []),
    ...(await toolchains(call, runsFolder)),
    await python(call, runsFolder, confinement),
  ];
}

type Working = Extract<Confinement, { kind: 'works' }>;

function nameOf({ by, version }: Working): string {
  return by === 'seatbelt' ? 'Seatbelt' : `bubblewrap ${version}`;
}

function filter({ filtered }: Working): Finding {
  const name = 'system calls';
  if (filtered) return { name, ok: true, found: 'those that lead out of a sandbox are refused (seccomp)' };
  return {
    name,
    ok: false,
    found: `they are not filtered: this kernel takes no filter, or there is none for ${process.arch}`,
    remedy: 'Use a kernel with CONFIG_SECCOMP_FILTER on x86-64 or arm64. Commands are confined by namespaces alone.',
    optional: true,
  };
}

function overlay({ version }: Working): Finding {
  const name = 'overlay';
  if (hasOverlay(version)) return { name, ok: true, found: 'the workspace can be one' };
  return {
    name,
    ok: false,
    found: `the workspace cannot be one: that needs bubblewrap 0.11 or newer, here is ${version}`,
    remedy: 'Install a newer bubblewrap, or use the workspace read-write or read-only.',
    optional: true,
  };
}

async function toolchains({ readOnlyPaths: named }: Call, runsFolder: string): Promise<readonly Finding[]> {
  if (named.length === 0) return [];
  const name = 'read-only paths';
  try {
    const { shown, missing } = await readOnlyPaths(named, { runsFolder });
    const there = { name, ok: true, found: shown.join(', ') || 'none' };
    if (missing.length === 0) return [there];
    const remedy = 'They are left out. Correct or remove them in mirothinker.sandbox.readOnlyPaths.';
    return [there, { name, ok: false, found: `not there: ${missing.join(', ')}`, remedy, optional: true }];
  } catch (error) {
    return [{ name, ok: false, found: messageOf(error) }];
  }
}

async function python(call: Call, runsFolder: string, confinement: Working): Promise<Finding> {
  const name = 'Python';
  try {
    const { workspace, python: setting, readOnlyPaths: named } = call;
    const place = await makePlace({
      ...{ roots: [workspace], runsFolder, network: 'off', readOnlyPaths: named, python: setting, confinement },
      workspace: 'read-only',
    });
    await place.state.remove();
    if (!('missing' in place.python)) return { name, ok: true, found: place.python.words.join(' ') };
    const remedy = 'Install python3, or name one: mirothinker.sandbox.python, --python.';
    return { name, ok: false, found: place.python.missing, remedy, optional: true };
  } catch (error) {
    return { name, ok: false, found: messageOf(error), optional: true };
  }
}
