/** The pictures of a run's calls, as the panel asks for them. The log may come from elsewhere: nothing of it is trusted. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { UserError, messageOf } from '../agent/errors.ts';
import { findCall } from '../shared/describeState.ts';
import type { FromWebview, ToWebview } from '../shared/protocol.ts';
import { readBlob } from '../store/blobs.ts';
import type { Session } from './session.ts';

type Asked = Pick<FromWebview & { type: 'showPicture' | 'openPicture' }, 'runId' | 'callId' | 'sha256'>;

/** What is shown as a picture, and how its file's name ends. */
const endings = { 'image/png': 'png', 'image/jpeg': 'jpg' } as const;
const maxBytes = 5_000_000;

/** The message that shows a picture, or says why it cannot be shown. */
export async function pictureMessage(session: Session, asked: Asked): Promise<ToWebview> {
  const { runId, sha256 } = asked;
  try {
    const { bytes, mimeType } = await read(session, asked);
    const content = { kind: 'picture', mimeType, base64: bytes.toString('base64') } as const;
    return { type: 'picture', runId, sha256, content };
  } catch (error) {
    return { type: 'picture', runId, sha256, content: { kind: 'problem', message: messageOf(error) } };
  }
}

/** Opens a picture in an editor tab, from a copy: the stored one stays what the log says. Throws UserError. */
export async function openPicture(session: Session, asked: Asked): Promise<void> {
  const { bytes, mimeType, path, folder } = await read(session, asked);
  const copies = join(folder, 'pictures');
  const name = basename(path, `.${endings[mimeType]}`)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 80);
  const copy = join(copies, `${name}-${asked.sha256.slice(0, 8)}.${endings[mimeType]}`);
  await mkdir(copies, { recursive: true, mode: 0o700 });
  await writeFile(copy, bytes, { mode: 0o600 });
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(copy), { preview: true });
}

async function read({ shown, shownTrajectory }: Session, { runId, callId, sha256 }: Asked) {
  const call = shown?.runId === runId && shownTrajectory ? findCall(shownTrajectory, callId) : undefined;
  const ref = call?.images?.find((image) => image.sha256 === sha256);
  if (!shown || !ref) throw new UserError('It is not in the run that is shown.');
  const { mimeType, path } = ref;
  if (mimeType !== 'image/png' && mimeType !== 'image/jpeg') throw new UserError(`It is no PNG or JPEG (${mimeType}).`);
  if (ref.sizeBytes > maxBytes) throw new UserError('It is larger than 5 MB.');
  const bytes = await readBlob(shown.folder, ref);
  if (bytes.length > maxBytes) throw new UserError('It is larger than 5 MB.');
  return { bytes, mimeType, path, folder: shown.folder } as const;
}
