// npm's @openrouter/sdk, whose parser refuses what OpenRouter's description of its API does not allow: the Responses API.
import { OpenRouter } from '@openrouter/sdk';
import { OpenRouterError } from '@openrouter/sdk/models/errors';
import { image, leave, loop, schema, serve, weather, weatherSchema } from './serve.mjs';

const open = ({ baseUrl, key }) => new OpenRouter({ serverURL: baseUrl, apiKey: key, retryConfig: { strategy: 'none' } });
const user = content => [{ role: 'user', content }];
const tools = [{ type: 'function', name: 'weather', strict: false, parameters: weatherSchema }];

async function ask(asked, input, more = {}) {
  const responsesRequest = { model: asked.model, input, ...more };
  if (!asked.streaming)
    return seen(await open(asked).responses.send({ responsesRequest }));

  let text = '';
  let last;
  const done = [];
  for await (const event of await open(asked).responses.send({ responsesRequest: { ...responsesRequest, stream: true } })) {
    if (event.isUnknown)
      throw new Error(`The client does not know ${JSON.stringify(event.raw)}`);
    if (event.type === 'error' || event.type === 'response.failed')
      throw Object.assign(new Error(event.message ?? event.response.error.message), { inBand: event });
    text += event.type === 'response.output_text.delta' ? event.delta : '';
    if (event.type === 'response.output_item.done')
      done.push(event.item);
    last = event.response;
  }
  const answer = seen(last);
  if (answer.text !== text || JSON.stringify(done) !== JSON.stringify(last.output))
    throw new Error(`The events add up to ${text} ${JSON.stringify(done)}, the last one says ${JSON.stringify(last)}`);
  return answer;
}

function seen({ id, model, status, usage, output }) {
  const unknown = output.filter(({ isUnknown }) => isUnknown);
  if (unknown.length)
    throw new Error(`The client does not know ${JSON.stringify(unknown)}`);
  return {
    id, model, text: output.filter(({ type }) => type === 'message').flatMap(({ content }) => content).map(({ text }) => text).join(''),
    finish: status, cost: usage.cost,
    reasoning: output.filter(({ type }) => type === 'reasoning').map(item => [...item.summary, ...item.content ?? []].map(({ text }) => text).join('')).join('') || undefined,
    usage: {
      input: usage.inputTokens, cached: usage.inputTokensDetails.cachedTokens,
      output: usage.outputTokens, reasoning: usage.outputTokensDetails.reasoningTokens, total: usage.totalTokens,
    },
    calls: output.filter(({ type }) => type === 'function_call').map(({ callId, name, arguments: json }) => ({ id: callId, name, arguments: JSON.parse(json) })),
    raw: output,
  };
}

await serve({
  plain: async asked => ({ ...await ask(asked, user('Hi'), asked.more), raw: undefined }),

  tools: asked => loop(input => ask(asked, input, { tools, include: ['reasoning.encrypted_content'] }), user('Hi'), (raw, calls) => [
    ...raw, ...calls.map(call => ({ type: 'function_call_output', callId: call.id, output: weather(call.arguments) }))]),

  structured: async asked => JSON.parse((await ask(asked, user('Hi'), { text: { format: { type: 'json_schema', name: 'weather', strict: true, schema } } })).text),

  image: async asked => (await ask(asked, user([
    { type: 'input_text', text: 'What is it?' }, { type: 'input_image', imageUrl: image.address, detail: 'auto' },
    { type: 'input_image', imageUrl: `data:${image.mediaType};base64,${image.data}`, detail: 'auto' }]))).text,

  reasoning: async asked => (await ask(asked, user('Hi'), { reasoning: { effort: 'low', summary: 'auto' } })).reasoning,

  leave: asked => leave(async signal => texts(await open(asked).responses.send({ responsesRequest: { model: asked.model, input: 'Hi', stream: true } }, { signal }))),
}, error => error instanceof OpenRouterError ? {
  name: error.constructor.name, status: error.statusCode, message: error.error?.message ?? error.message, wait: error.headers.get('retry-after') ?? undefined,
  ...(error.cause && { cause: String(error.cause) }),
} : error.inBand && { name: 'in-band', message: error.message });

async function* texts(events) {
  for await (const event of events)
    yield event.type === 'response.output_text.delta' ? event.delta : '';
}
