/** The models of the settings that see and hear. */
import { describePicture, transcribe } from '../model/media.ts';
import type { MediaHelpers } from '../tools/web/mediaWords.ts';
import type { HelperEndpoint, WebSurroundings } from './surroundings.ts';

/** `baseUrl`: of the run's own server, where a helper that names none is. */
export function mediaHelpers({ vision, speech }: WebSurroundings, baseUrl: string | undefined): MediaHelpers {
  const [eyes, ears] = [endpointOf(vision, baseUrl), endpointOf(speech, baseUrl)];
  return {
    ...(eyes && { describe: (picture, wanted, signal) => describePicture(eyes, picture, wanted, signal) }),
    ...(ears && { transcribe: (sound, signal) => transcribe(ears, sound, signal) }),
  };
}

function endpointOf(helper: HelperEndpoint | undefined, baseUrl: string | undefined): HelperEndpoint | undefined {
  const address = (helper?.baseUrl || baseUrl) ?? '';
  return helper && address !== '' ? { ...helper, baseUrl: address } : undefined;
}
