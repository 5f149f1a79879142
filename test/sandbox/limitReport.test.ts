import assert from 'node:assert/strict';
import { defaultLimits } from '../../src/sandbox/limits.ts';
import { limitFindings, reportLimits, type Machine } from '../../src/sandbox/limitReport.ts';

const root: Machine = { user: 0, kernel: '6.1.0', controls: new Set() };
const named = (findings: ReturnType<typeof limitFindings>, name: string) =>
  findings.find((finding) => finding.name === `limit of ${name}`);

describe('limitFindings', () => {
  it('says what a group keeps', () => {
    const findings = limitFindings(defaultLimits, { ...root, controls: new Set(['memory', 'pids']) });
    assert.ok(findings.every(({ ok }) => ok));
    assert.match(named(findings, 'memory')?.found ?? '', /8192 MiB of all processes, by a control group/);
    assert.match(named(findings, 'processes')?.found ?? '', /512, by a control group/);
  });

  it('says what cannot be kept, why, and what to do', () => {
    const findings = limitFindings(defaultLimits, root);
    const [memory, processes] = [named(findings, 'memory'), named(findings, 'processes')];
    assert.deepEqual([memory?.ok, processes?.ok], [false, false]);
    assert.match(memory?.found ?? '', /cannot be kept; each may reserve 12288 MiB/);
    assert.match(processes?.found ?? '', /does not count for root/);
    assert.match(processes?.remedy ?? '', /control group/);
  });

  it('counts on the kernel for an ordinary user, where it is new enough', () => {
    const found = (kernel: string) => named(limitFindings(defaultLimits, { ...root, user: 1000, kernel }), 'processes');
    assert.equal(found('6.1.0')?.ok, true);
    assert.match(found('5.4.0-42')?.found ?? '', /Linux 5\.4\.0-42 counts no sandbox apart/);
  });

  it('has nothing against limits that nobody chose', () => {
    assert.ok(limitFindings({}, root).every(({ ok, found }) => ok && found === 'none was chosen'));
  });
});

describe('reportLimits', () => {
  it('looks at this machine', async () => {
    assert.deepEqual(
      (await reportLimits(defaultLimits)).map(({ name }) => name),
      ['memory', 'processes', 'processor time', 'file size', 'open files'].map((name) => `limit of ${name}`),
    );
  });
});
