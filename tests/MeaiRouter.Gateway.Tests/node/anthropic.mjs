// npm's @anthropic-ai/sdk: the Messages API.
import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { image, leave, loop, schema, serve, weather, weatherSchema } from './serve.mjs';

const open = ({ baseUrl, key }) => new Anthropic({ baseURL: baseUrl, apiKey: key, maxRetries: 0 });
const user = content => [{ role: 'user', content }];
const tools = [{ name: 'weather', input_schema: weatherSchema }];

async function ask(asked, messages, more = {}) {
  const body = { model: asked.model, max_tokens: 2000, messages, ...more };
  return seen(asked.streaming ? await open(asked).messages.stream(body).finalMessage() : await open(asked).messages.create(body));
}

function seen({ id, model, provider, stop_reason, usage, content }) {
  const joined = (type, field = type) => content.filter(block => block.type === type).map(block => block[field]).join('');
  const input = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens;
  return {
    id, model, provider, text: joined('text'), reasoning: joined('thinking') || undefined, finish: stop_reason, cost: usage.cost,
    usage: {
      input, cached: usage.cache_read_input_tokens, output: usage.output_tokens, reasoning: usage.output_tokens_details.thinking_tokens,
      total: input + usage.output_tokens,
    },
    calls: content.filter(({ type }) => type === 'tool_use').map(({ id, name, input }) => ({ id, name, arguments: input })),
    raw: { role: 'assistant', content },
  };
}

await serve({
  plain: async asked => ({ ...await ask(asked, user('Hi'), asked.more), raw: undefined }),

  blocks: async asked => (await ask(asked, user('Hi'))).raw.content,

  tools: asked => loop(messages => ask(asked, messages, { tools }), user('Hi'), (raw, calls) => [
    raw, ...user(calls.map(call => ({ type: 'tool_result', tool_use_id: call.id, content: weather(call.arguments) })))]),

  structured: async asked => JSON.parse((await ask(asked, user('Hi'), { output_config: { format: { type: 'json_schema', schema } } })).text),

  image: async asked => (await ask(asked, user([
    { type: 'text', text: 'What is it?' }, { type: 'image', source: { type: 'url', url: image.address } },
    { type: 'image', source: { type: 'base64', media_type: image.mediaType, data: image.data } }]))).text,

  reasoning: async asked => (await ask(asked, user('Hi'), { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } })).reasoning,

  leave: asked => leave(async signal => texts(await open(asked).messages.create({ model: asked.model, max_tokens: 9, messages: user('Hi'), stream: true }, { signal }))),

  count: async asked => (await open(asked).messages.countTokens({ model: asked.model, messages: user('Hi') })).input_tokens,

  models: async asked => {
    const models = [];
    for await (const { id, type, display_name, created_at } of open(asked).models.list())
      models.push({ id, type, display_name, created_at });
    return models;
  },
}, error => error instanceof APIError && {
  name: error.constructor.name, status: error.status, message: error.error?.error?.message ?? error.message, wait: error.headers?.get('retry-after') ?? undefined,
  type: error.error?.error?.type, request: error.requestID,
});

async function* texts(events) {
  for await (const event of events)
    yield event.delta?.text;
}
