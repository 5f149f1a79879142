/** What a run goes on with: a run keeps what it was started with, except for what a person chose on purpose since then. */
import { normalBaseUrl } from '../model/baseUrl.ts';
import { embeddedModel, type RunChoice } from '../runs/choice.ts';
import type { Trajectory } from '../shared/trajectory.ts';

type Endpoint = Pick<Trajectory, 'baseUrl' | 'model'>;

/**
 * The choice for a run that goes on, from the present settings: what they let runs do, since safety is never what it was, a
 * window that was set by hand, and the model where another one was connected meanwhile.
 */
export function goOnChoice(present: RunChoice): (before: Endpoint) => RunChoice {
  const { contextWindow } = present;
  const same = { ...sameChoice(present), ...(contextWindow && { contextWindow }) };
  return (before) => (isConnected(before, present) ? same : modelChoice(present));
}

/** As it was, whatever is connected now; what it may do is what the present settings say. */
export function sameChoice({ approval, envelope, network, domains, workspace }: RunChoice): RunChoice {
  return {
    ...(approval && { approval }),
    ...(envelope && { envelope }),
    ...(network && { network }),
    ...(domains && { domains }),
    ...(workspace && { workspace }),
  };
}

/** The model that is connected now, and all else as it was. */
export function modelChoice(present: RunChoice): RunChoice {
  const { contextWindow } = present;
  return { ...sameChoice(present), ...modelOf(present), ...(contextWindow && { contextWindow }) };
}

function modelOf({ baseUrl, model, toolFormat, toolFormats }: RunChoice): RunChoice {
  return {
    ...(baseUrl !== undefined && { baseUrl }),
    ...(model !== undefined && { model }),
    ...(toolFormat !== undefined && { toolFormat }),
    ...(toolFormats && { toolFormats }),
  };
}

/** Whether the settings still mean what the run used. Without a named model they mean any of the server's. */
function isConnected(before: Endpoint, { baseUrl, model }: RunChoice): boolean {
  if (model === embeddedModel || !before.baseUrl) return model === embeddedModel && !before.baseUrl;
  if (baseUrl !== undefined && normalBaseUrl(baseUrl) !== before.baseUrl) return false;
  return !model || tagged(model) === tagged(before.model);
}

/** Ollama lists `name:latest` for what people call `name`. */
function tagged(model: string): string {
  return model.replace(/:latest$/, '');
}
