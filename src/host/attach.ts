/** Files for a question: chosen, dropped or mentioned. The view shows foreign text, so it names no file that a person did not. */
import { isAbsolute, join, relative } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { readAttachments, type FileToAttach } from '../runs/attachments.ts';
import type { AskedQuestion } from '../runs/liveRun.ts';
import type { AttachedFile } from '../shared/protocol.ts';
import type { Desk } from './desk.ts';
import { setting } from './settings.ts';
import { splitMentions } from './splitMentions.ts';
import { apiKeySecret, workspaceRoots } from './surroundings.ts';
import { webSurroundings } from './webSurroundings.ts';

/** A question as it was typed. */
export interface TypedQuestion {
  readonly text: string;
  readonly mentions: readonly string[];
  readonly attached?: readonly AttachedFile[] | undefined;
}

/** Paths that a person chose in this window's picker. */
const chosen = new Set<string>();

/** Lets a person choose files for the next question; `given` are chosen already. */
export async function attachFiles(desk: Desk, given: readonly vscode.Uri[]): Promise<void> {
  const uris =
    given.length > 0
      ? given
      : await vscode.window.showOpenDialog({
          canSelectMany: true,
          openLabel: 'Attach',
          title: 'Attach files to the question',
        });
  if (!uris || uris.length === 0) return;
  const files = uris.map(({ fsPath }) => fsPath);
  for (const path of files) chosen.add(path);
  await desk.attach(files.map((path) => ({ kind: 'path', path, name: nameOf(path) })));
}

/** The question with its files read. Throws UserError where one cannot be, or where the person wants it kept back. */
export async function withAttachments(
  { secrets }: Pick<vscode.ExtensionContext, 'secrets'>,
  question: TypedQuestion,
): Promise<AskedQuestion> {
  const { text, mentions, attached = [] } = question;
  const { kept, documents } = splitMentions(mentions);
  const files: FileToAttach[] = [];
  for (const file of attached) {
    if (file.kind === 'bytes') files.push({ name: file.name, bytes: Buffer.from(file.base64, 'base64') });
    else files.push({ path: await allowedPath(file.path) });
  }
  for (const path of documents) files.push({ path: inWorkspace(path) });
  if (files.length === 0) return { text, mentions };
  const web = await webSurroundings(secrets, await secrets.get(apiKeySecret));
  const around = { roots: workspaceRoots(), signal: AbortSignal.timeout(readMs), web };
  const reading = vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'MiroThinker reads the attached files' },
    () => readAttachments(files, around, { text, baseUrl: setting('baseUrl') }),
  );
  return { text, mentions: kept, attachments: await reading };
}

/** However many and large they are, and however slow the models that see and hear. */
const readMs = 900_000;

/** What was chosen, or lies in the workspace; of anything else a person is asked. */
async function allowedPath(given: string): Promise<string> {
  const uri = /^[a-z][a-z0-9+.-]+:\/\//i.test(given) ? vscode.Uri.parse(given) : vscode.Uri.file(given);
  if (uri.scheme !== 'file' && uri.scheme !== 'vscode-remote') {
    throw new UserError(`${given} cannot be attached: it is no file of this machine.`);
  }
  const path = uri.fsPath;
  const own = workspaceRoots().some((root) => isInside(root.path, path));
  if (own || chosen.has(path)) return path;
  const attach = 'Attach';
  const answer = await vscode.window.showWarningMessage(
    `Attach ${path}? It is outside the workspace, and the model server gets its text.`,
    { modal: true },
    attach,
  );
  if (answer !== attach) throw new UserError(`${nameOf(path)} was not attached. Take it off, or ask again.`);
  chosen.add(path);
  return path;
}

/** A mentioned path as files are opened: in the root that it names, or in the only one. */
function inWorkspace(path: string): string {
  const roots = workspaceRoots();
  const named = roots.length > 1 ? roots.find((root) => path.startsWith(`${root.name}/`)) : undefined;
  const [first] = roots;
  const root = named ?? first;
  const inside = named ? path.slice(named.name.length + 1) : path;
  const whole = root === undefined ? path : join(root.path, inside);
  if (root && isInside(root.path, whole)) return whole;
  throw new UserError(`${path} is not a file of this workspace.`);
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith('../') && !isAbsolute(path);
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
