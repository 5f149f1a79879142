/** The network of a sandbox that reaches listed domains: its own, empty but for a forwarder to our proxy. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { forwarder, forwarderPort } from './forwarder.ts';
import { startProxy } from './proxy.ts';
import type { NetworkRules } from '../../network/rules.ts';

/** What a confined process needs to reach it, and how it ends. */
export interface ListedNetwork {
  /** bubblewrap's arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A program that starts with the forwarder beside it. */
  readonly program: (program: readonly [string, ...string[]]) => readonly [string, ...string[]];
  /** What was refused since it was asked last, a sentence each. */
  readonly takeRefusals: () => readonly string[];
  readonly close: () => Promise<void>;
}

const insideFolder = '/run/mirothinker';
const address = `http://127.0.0.1:${forwarderPort}`;

/** The same for all that read one of them: curl, git, pip, npm, Node, wget, Go, R. */
const env = {
  ...{ http_proxy: address, https_proxy: address, all_proxy: address, no_proxy: 'localhost,127.0.0.1,::1' },
  ...{ HTTP_PROXY: address, HTTPS_PROXY: address, ALL_PROXY: address, NO_PROXY: 'localhost,127.0.0.1,::1' },
  NODE_USE_ENV_PROXY: '1',
};

/**
 * Starts the proxy. `base`: a private folder of ours, in which its socket stands under our process id, so that what a crash
 * leaves is removed with the rest. `python`: the interpreter that runs the forwarder, as seen from inside.
 */
export async function listedNetwork(rules: NetworkRules, base: string, python: string): Promise<ListedNetwork> {
  const folder = await mkdtemp(join(base, `${process.pid}-net-`));
  const name = 'proxy.sock';
  const proxy = await startProxy(join(folder, name), rules);
  return {
    args: ['--ro-bind', folder, insideFolder],
    env,
    program: (program) => {
      const words = ['-I', '-S', '-c', forwarder, join(insideFolder, name), String(forwarderPort)];
      return [python, ...words, ...program];
    },
    takeRefusals: proxy.takeRefusals,
    close: async () => {
      await proxy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
