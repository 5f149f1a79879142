import type { ModelRequest } from '../../src/agent/ports.ts';

/** A request for a reply to one question, with members of its own. */
export function plain(request: Partial<ModelRequest> = {}): ModelRequest {
  return {
    messages: [{ role: 'user', content: 'question' }],
    tools: [],
    toolFormat: 'mcp-xml',
    mayCall: true,
    maxTokens: 16_384,
    onPreview: () => undefined,
    ...request,
  };
}
