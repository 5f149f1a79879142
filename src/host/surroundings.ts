/** What surrounds the runs of this window. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import type { RunSurroundings } from '../runs/surroundings.ts';
import { runsFolder } from '../store/folders.ts';
import { editorDocuments } from './documents.ts';
import { limits, setting } from './settings.ts';
import { webSurroundings } from './webSurroundings.ts';

/** The key's name in the secret storage. */
export const apiKeySecret = 'mirothinker.apiKey';

/** Servers in an editor are waited for this long: the person sees that the run waits and can stop it. */
const serverWaitMs = 24 * 60 * 60 * 1000;

/** The workspace's folders on this machine's file system. */
export function workspaceRoots(): RunSurroundings['roots'] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter((folder) => folder.uri.scheme === 'file').map(({ name, uri }) => ({ name, path: uri.fsPath }));
}

/** Throws UserError when no folder is open. */
export async function surroundings(
  context: vscode.ExtensionContext,
  signal: AbortSignal,
  report: (error: unknown) => void,
): Promise<RunSurroundings> {
  const roots = workspaceRoots();
  if (roots.length === 0)
    throw new UserError('No folder is open. Open the folder that the question is about, then ask again.');
  const apiKey = await context.secrets.get(apiKeySecret);
  return {
    roots,
    runsFolder: await runsFolder(
      roots.map((root) => root.path),
      setting('runsFolder') || undefined,
      process.env,
    ),
    apiKey,
    web: await webSurroundings(context.secrets, apiKey),
    signal,
    serverWaitMs,
    sandbox: {
      readOnlyPaths: setting('sandbox.readOnlyPaths'),
      python: setting('sandbox.python') || undefined,
      typing: true,
      limits: limits(),
      timeoutMs: setting('sandbox.timeoutSeconds') * 1000,
      inputWaitMs: setting('sandbox.inputWaitSeconds') * 1000,
    },
    checkpoints: setting('checkpoints.enabled')
      ? { maxFileBytes: setting('checkpoints.maxFileMB') * 1e6, maxBytes: setting('checkpoints.maxMB') * 1e6 }
      : undefined,
    ripgrepPath: setting('ripgrepPath') || undefined,
    documents: editorDocuments(),
    report,
  };
}

/** Throws UserError where nothing may run: in a workspace that is not trusted. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError(
    'This workspace is not trusted, so nothing runs here; past runs can be read. Trust it with "Workspaces: Manage Workspace Trust" to ask.',
  );
}
