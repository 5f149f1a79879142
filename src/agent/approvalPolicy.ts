/** Which calls ask a person first. */
import type { ApprovalPolicy } from '../shared/runSettings.ts';
import type { Tool } from './tool.ts';

/**
 * Why a call asks first; undefined when it does not. What would run without confinement asks whatever the policy says.
 * `ask`: everything that writes or executes. `sandbox` and `auto`: what is confined to the workspace runs by itself.
 */
export function approvalReason(tool: Tool, policy: ApprovalPolicy): string | undefined {
  const unconfined = tool.unconfined?.();
  if (unconfined !== undefined) return unconfined;
  if (tool.effect === 'read' || policy !== 'ask') return undefined;
  if (tool.asks !== undefined) return tool.asks;
  return tool.effect === 'write' ? 'It changes files in the workspace.' : 'It runs code in the sandbox.';
}
