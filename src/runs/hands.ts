/** What a run acts with: its tools, and the shell behind some of them. */
import type { Tool } from '../agent/tool.ts';
import { domainAllowed } from '../agent/domains.ts';
import type { RunSettings } from '../shared/runSettings.ts';
import { probeConfinement } from '../sandbox/confinement.ts';
import { sweepLeftovers } from '../sandbox/leftovers.ts';
import { refuseMissingOverlay } from '../sandbox/overlay.ts';
import { readOnlyPaths } from '../sandbox/readOnlyPaths.ts';
import { download } from '../network/download.ts';
import { SandboxShell } from '../sandbox/shell.ts';
import { refuseUnsafeRoots } from '../sandbox/unsafeRoots.ts';
import { downloadFromInternetTool } from '../tools/downloadFromInternet.ts';
import { copyTools, sandboxTools, workspaceTools } from '../tools/index.ts';
import { readOutputTool } from '../tools/readOutput.ts';
import { openWorkspace } from '../tools/workspace.ts';
import { makeFinding } from './finding.ts';
import type { FindingParts } from './findingParts.ts';
import { runOutputs, type RunOutputs } from './outputs.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Lives as long as its run. */
export interface Hands {
  readonly tools: readonly Tool[];
  readonly shell: SandboxShell;
  readonly outputs: Pick<RunOutputs, 'follow'>;
  /** Ends every process. */
  readonly dispose: () => Promise<void>;
}

/** What a run's hands may use beside its surroundings. */
export interface HandsOptions extends Partial<Pick<FindingParts, 'model' | 'baseUrl' | 'caller'>> {
  readonly nested?: boolean;
}

/**
 * Throws UserError when the workspace is one that must not be worked in (a home, `/`, a system folder) or a setting of the
 * sandbox asks for what cannot be. Where the workspace is read-only there are no tools that write. A nested run gets only
 * what needs nobody's word: tools that read, and the sandbox where it confines.
 */
export async function makeHands(
  settings: Pick<RunSettings, 'network' | 'domains' | 'workspace' | 'web' | 'plan'>,
  around: RunSurroundings,
  { nested = false, ...beside }: HandsOptions = {},
): Promise<Hands> {
  const { network, domains, workspace: access } = settings;
  const roots = around.roots.map((root) => root.path);
  await refuseUnsafeRoots(roots);
  const { runsFolder, sandbox, ripgrepPath, documents } = around;
  await readOnlyPaths(sandbox.readOnlyPaths, { runsFolder });
  const [workspace, confinement] = await Promise.all([
    openWorkspace(roots, {
      ripgrepPaths: ripgrepPath === undefined ? [] : [ripgrepPath],
      ...(documents && { documents }),
    }),
    probeConfinement(),
    sweepLeftovers().catch(around.report),
  ]);
  refuseMissingOverlay(access, confinement);
  const reach = { allowed: (host: string, port: number) => network === 'on' || domainAllowed(domains, host, port) };
  const shell = new SandboxShell({ roots, runsFolder, network, reach, workspace: access, ...sandbox, confinement });
  const executing = sandboxTools(shell);
  const outputs = runOutputs();
  const finding = await makeFinding({ settings, around, workspace, model: undefined, nested, ...beside });
  const reading = readOutputTool(outputs, workspace);
  const fetching = (url: string, signal: AbortSignal) => download(url, reach, signal);
  const confined = confinement.kind === 'works';
  const downloading = confined && network !== 'off' ? [downloadFromInternetTool(shell, fetching)] : [];
  const copying = confined ? copyTools(workspace, shell) : [];
  const working = [...copying, ...workspaceTools(workspace)].filter(
    ({ effect }) => access !== 'read-only' || effect === 'read',
  );
  const tools = nested
    ? [
        ...(confined ? [...executing, ...downloading] : []),
        reading,
        ...working.filter(({ effect }) => effect === 'read'),
        ...finding.tools,
      ]
    : [...executing, ...downloading, reading, ...working, ...finding.tools];
  return {
    tools,
    shell,
    outputs: {
      follow: (runFolder, events) => {
        outputs.follow(runFolder, events);
        finding.follow(runFolder, events);
      },
    },
    dispose: async () => {
      await Promise.all([finding.dispose(), shell.dispose()]);
    },
  };
}
