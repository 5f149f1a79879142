/** Which calls ask a person first. */
import type { ApprovalPolicy } from '../shared/runSettings.ts';
import type { Tool } from './tool.ts';

/**
 * Why a call asks first where no rule speaks of it; undefined when it does not. `ask`: everything that writes or executes.
 * `write`: what executes. `sandbox`: what is foreign; what is confined to the workspace runs by itself. `auto`: nothing.
 */
export function approvalReason(tool: Tool, policy: ApprovalPolicy): string | undefined {
  if (tool.effect === 'read' || policy === 'auto') return undefined;
  if (policy === 'sandbox' && tool.foreign !== true) return undefined;
  if (policy === 'write' && tool.effect === 'write') return undefined;
  if (tool.asks !== undefined) return tool.asks;
  return tool.effect === 'write' ? 'It changes files in the workspace.' : 'It runs code in the sandbox.';
}
