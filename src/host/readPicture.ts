/** A picture of a call, read for the panel. The log may come from elsewhere: nothing of it is trusted. */
import { UserError, messageOf } from '../agent/errors.ts';
import { findCall } from '../shared/describeState.ts';
import type { FromWebview, ToWebview } from '../shared/protocol.ts';
import { readBlob } from '../store/blobs.ts';
import type { Session } from './session.ts';

/** What the panel names. */
export type AskedPicture = Pick<FromWebview & { type: 'showPicture' | 'openPicture' }, 'runId' | 'callId' | 'sha256'>;

const maxBytes = 5_000_000;

/** The message that shows a picture, or says why it cannot be shown. */
export async function pictureMessage(session: Session, asked: AskedPicture): Promise<ToWebview> {
  const { runId, sha256 } = asked;
  try {
    const { bytes, mimeType } = await readPicture(session, asked);
    const content = { kind: 'picture', mimeType, base64: bytes.toString('base64') } as const;
    return { type: 'picture', runId, sha256, content };
  } catch (error) {
    return { type: 'picture', runId, sha256, content: { kind: 'problem', message: messageOf(error) } };
  }
}

/** A picture of a call of the shown run. Throws UserError where there is none, or it is not what the log says. */
export async function readPicture({ shown, shownTrajectory }: Session, { runId, callId, sha256 }: AskedPicture) {
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
