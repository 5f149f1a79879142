import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';

const checkout = resolve(import.meta.dirname, '../..');
const sources = ['package.json', 'tsconfig.json', 'tsconfig.base.json', '.dependency-cruiser.cjs', 'src', 'webview'];

/** File → its text, and the rule that has to name it. */
const planted: readonly { file: string; text: string; rule: string }[] = [
  {
    file: 'src/shared/plantedNode.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
    rule: 'shared-knows-no-platform',
  },
  {
    file: 'src/shared/plantedAgent.ts',
    text: "export type { Tool } from '../agent/tool.ts';\n",
    rule: 'shared-is-pure',
  },
  {
    file: 'src/sandbox/planted.ts',
    text: 'export const planted = 1;\n',
    rule: '',
  },
  {
    file: 'src/tools/plantedSibling.ts',
    text: "import { planted } from '../sandbox/planted.ts';\nexport const a = planted;\n",
    rule: 'tools-stands-alone',
  },
  {
    file: 'src/agent/plantedNode.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
    rule: 'agent-does-no-io',
  },
  {
    file: 'webview/plantedAgent.ts',
    text: "import type { Tool } from '../src/agent/tool.ts';\nexport type A = Tool;\n",
    rule: 'webview-sees-shared',
  },
  {
    file: 'src/tools/plantedVsCode.ts',
    text: "import * as vscode from 'vscode';\nexport const a = vscode.version;\n",
    rule: 'vscode-below-host-only',
  },
  {
    file: 'src/tools/plantedVsCodeType.ts',
    text: "import type { Uri } from 'vscode';\nexport type A = Uri;\n",
    rule: 'vscode-below-host-only',
  },
  {
    file: 'src/store/plantedHere.ts',
    text: "import { there } from './plantedThere.ts';\nexport const here = (): unknown => there;\n",
    rule: 'no-circular',
  },
  {
    file: 'src/store/plantedThere.ts',
    text: "import { here } from './plantedHere.ts';\nexport const there = (): unknown => here;\n",
    rule: 'no-circular',
  },
];

const report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
    totalCruised: z.number(),
  }),
});

/** Violations as "rule file", and how many modules were looked at. */
function cruise(folder: string): { violations: string[]; modules: number } {
  const program = join(checkout, 'node_modules/.bin/depcruise');
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'webview'];
  const { stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64_000_000 });
  assert.equal(stderr, '');
  const { summary } = report.parse(JSON.parse(stdout));
  return {
    violations: summary.violations.map(({ rule, from }) => `${rule.name} ${from}`),
    modules: summary.totalCruised,
  };
}

describe('the layer rules', function () {
  this.timeout(120_000);
  const copy = { folder: '' };

  before(() => {
    copy.folder = mkdtempSync(join(tmpdir(), 'mirothinker-layers-'));
    for (const name of sources) cpSync(join(checkout, name), join(copy.folder, name), { recursive: true });
    symlinkSync(join(checkout, 'node_modules'), join(copy.folder, 'node_modules'));
  });
  after(() => rmSync(copy.folder, { recursive: true, force: true }));

  it('hold in the tree as it is', () => {
    const { violations, modules } = cruise(checkout);
    assert.deepEqual(violations, []);
    assert.ok(modules > 20, `${modules} modules were looked at`);
  });

  it('report every planted violation, under its rule and file', () => {
    for (const { file, text } of planted) {
      mkdirSync(dirname(join(copy.folder, file)), { recursive: true });
      writeFileSync(join(copy.folder, file), text);
    }
    const { violations } = cruise(copy.folder);
    const missing = planted
      .filter(({ rule }) => rule !== '')
      .map(({ rule, file }) => `${rule} ${file}`)
      .filter((wanted) => !violations.includes(wanted));
    // dependency-cruiser names a cycle once, at one of its files.
    assert.deepEqual(
      missing.filter((line) => !line.startsWith('no-circular')),
      [],
    );
    assert.ok(violations.some((line) => /^no-circular src\/store\/planted(Here|There)\.ts$/.test(line)));
  });

  it('leave no DOM to shared: its own type check does not know `document`', () => {
    const file = join(copy.folder, 'src/shared/plantedDom.ts');
    writeFileSync(file, 'export const title = (): unknown => document.title;\n');
    const program = join(checkout, 'node_modules/.bin/tsc');
    const { stdout } = spawnSync(program, ['-p', 'src/shared/tsconfig.json'], { cwd: copy.folder, encoding: 'utf8' });
    assert.match(stdout, /plantedDom\.ts\(1,\d+\): error TS2584: Cannot find name 'document'/);
  });
});
