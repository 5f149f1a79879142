import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../src/agent/errors.ts';
import { isProtected } from '../../src/agent/protectedPaths.ts';
import { workspaceTools } from '../../src/tools/index.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool } from '../tools/workspaceFixture.ts';
import type { Attempt, Place } from './files/attempt.ts';
import { leadingOut } from './files/leadingOut.ts';
import { oddFiles } from './files/oddFiles.ts';
import { protectedNames } from './files/protectedNames.ts';
import { searches } from './files/searches.ts';
import { throughLinks } from './files/throughLinks.ts';

/** Everything in a folder that is no folder: path, mode and content. Links are not followed. */
async function snapshot(
  folder: string,
  only: (path: string) => boolean = () => true,
  below = '',
): Promise<readonly string[]> {
  const found: string[] = [];
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) found.push(...(await snapshot(folder, only, path)));
    else if (only(path)) found.push(`${path} ${await described(join(folder, path))}`);
  }
  return found;
}

async function described(path: string): Promise<string> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return readlink(path);
  const content = stats.isFile()
    ? createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
    : '';
  return `${stats.mode} ${content}`;
}

const attempts: readonly Attempt[] = [...leadingOut, ...throughLinks, ...searches, ...oddFiles, ...protectedNames];

describe('the file tools against', () => {
  let parent: string;
  let place: Place;
  beforeEach(async () => {
    parent = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-attempt-')));
    const [folder, outside] = [join(parent, 'workspace'), join(parent, 'outside')];
    place = { folder, outside, at: (path) => join(folder, path) };
    for (const path of ['sub', '.git', '.vscode']) await mkdir(join(folder, path), { recursive: true });
    await mkdir(join(outside, 'dir'), { recursive: true });
    await writeFile(join(folder, 'inside.txt'), 'inside\n');
    await writeFile(join(folder, 'sub/f.txt'), 'inside\n');
    await writeFile(join(folder, '.git/config'), '[core]\n');
    await writeFile(join(folder, '.vscode/settings.json'), '{"a": 1}\n');
    await writeFile(join(outside, 'secret.txt'), 'SECRET\n');
    await writeFile(join(outside, 'plain.txt'), 'plain\n');
    await writeFile(join(outside, 'dir/secret.txt'), 'SECRET\n');
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  async function attempt({ calls, ends }: Attempt): Promise<void> {
    const tools = workspaceTools(await openWorkspace([place.folder]));
    const made = calls(place);
    for (const [index, { tool: name, args }] of made.entries()) {
      const tool = tools.find((one) => one.name === name);
      assert.ok(tool, name);
      const result = await callTool(tool, args).catch((error: unknown) => {
        assert.ok(error instanceof ToolError, `${name}: ${String(error)}`);
        return error;
      });
      const said = result instanceof ToolError ? result.message : result.content;
      assert.doesNotMatch(said, /SECRET/, name);
      const isLast = index === made.length - 1;
      const refused = result instanceof ToolError;
      if ('refused' in ends) assert.ok(refused, `${name} was not refused: ${said}`);
      if (!isLast) continue;
      assert.equal(refused, !('harmless' in ends), said);
      const words = 'harmless' in ends ? ends.harmless : 'refused' in ends ? ends.refused : ends.lastRefused;
      assert.match(said, words);
    }
  }

  for (const one of attempts) {
    it(one.name, async function () {
      if (process.platform !== 'linux') this.skip();
      if (one.asRoot && process.getuid?.() !== 0) this.skip();
      await one.prepare?.(place);
      const before = [await snapshot(place.outside), await snapshot(place.folder, isProtected)];
      const env = one.env?.(place) ?? {};
      const old = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
      Object.assign(process.env, env);
      try {
        await attempt(one);
      } finally {
        for (const [name, value] of Object.entries(old)) {
          if (value === undefined) Reflect.deleteProperty(process.env, name);
          else process.env[name] = value;
        }
      }
      assert.deepEqual([await snapshot(place.outside), await snapshot(place.folder, isProtected)], before);
    });
  }
});
