/** `doctor`: what works on this machine, and what to do about the rest. */
import { access, constants } from 'node:fs/promises';
import { probe, probeServers } from '../model/probe.ts';
import { defaultBaseUrl } from '../runs/choice.ts';
import { makeFolder } from '../store/folders.ts';
import { findRipgrep } from '../tools/ripgrepProcess.ts';
import { messageOf } from '../agent/errors.ts';
import type { Call } from './arguments.ts';
import { mcpFindings } from './doctorMcp.ts';
import { sandboxFindings } from './doctorSandbox.ts';
import { searchFindings } from './doctorSearch.ts';
import type { Finding } from './finding.ts';

/** Prints a line for each finding; exit code 0 when all that runs need is well, else 1. */
export async function doctor(call: Call, runs: string, env: NodeJS.ProcessEnv): Promise<number> {
  const sandbox = await sandboxFindings(call, runs);
  const findings = [
    nodeVersion(),
    ...sandbox,
    await ripgrep(call.workspace),
    ...(await searchFindings(call, env)),
    await runsFolder(runs),
    ...(await mcpFindings(call, env)),
    await servers(env),
  ];
  if (call.json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else {
    for (const { name, ok, found, remedy } of findings) {
      process.stdout.write(`${ok ? 'ok  ' : 'no  '} ${name}: ${found}\n${remedy ? `     ${remedy}\n` : ''}`);
    }
  }
  return findings.every(({ ok, optional }) => ok || optional) ? 0 : 1;
}

function nodeVersion(): Finding {
  return { name: 'Node', ok: true, found: process.versions.node };
}

async function ripgrep(workspace: string): Promise<Finding> {
  try {
    return { name: 'search', ok: true, found: await findRipgrep([], [{ path: workspace }]) };
  } catch (error) {
    return {
      name: 'search',
      ok: false,
      found: messageOf(error),
      remedy: 'Install ripgrep, or set mirothinker.ripgrepPath.',
    };
  }
}

async function runsFolder(folder: string): Promise<Finding> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
    return { name: 'runs folder', ok: true, found: folder };
  } catch (error) {
    return {
      name: 'runs folder',
      ok: false,
      found: messageOf(error),
      remedy: 'Name another with --runs DIR or MIROTHINKER_RUNS_DIR.',
    };
  }
}

async function servers(env: NodeJS.ProcessEnv): Promise<Finding> {
  const signal = AbortSignal.timeout(10_000);
  const key = env['MIROTHINKER_API_KEY'];
  const usual = await probe(defaultBaseUrl, key, signal).catch(() => undefined);
  const local = await probeServers(signal);
  const found = [...new Map([...(usual ? [usual] : []), ...local].map((server) => [server.baseUrl, server])).values()];
  if (found.length === 0) {
    return {
      name: 'model server',
      ok: false,
      found: 'none answers at the usual local ports',
      remedy: 'Start one (README: Connecting a model server), or use --model embedded.',
      optional: true,
    };
  }
  const words = found.map(({ kind, baseUrl, models }) => {
    const names = models.map(({ id, contextWindow }) => (contextWindow ? `${id} (${contextWindow} tokens)` : id));
    return `${kind} at ${baseUrl}: ${names.join(', ') || 'no model'}`;
  });
  return { name: 'model server', ok: true, found: words.join('; ') };
}
