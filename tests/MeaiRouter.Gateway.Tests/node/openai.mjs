// npm's openai: chat completions, models and embeddings.
import OpenAI, { APIError } from 'openai';
import { image, leave, loop, schema, serve, weather, weatherSchema } from './serve.mjs';

const open = ({ baseUrl, key, retries = 0 }) => new OpenAI({ baseURL: baseUrl, apiKey: key, maxRetries: retries });
const user = content => [{ role: 'user', content }];
const tools = [{ type: 'function', function: { name: 'weather', parameters: weatherSchema } }];

async function ask(asked, messages, more = {}) {
  const client = open(asked);
  const body = { model: asked.model, messages, ...more };
  if (!asked.streaming)
    return seen(await client.chat.completions.create(body));

  // Reasoning is not in OpenAI's own shape: the client hands it out with each chunk, and does not put it together.
  const stream = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
  let reasoning = '';
  const details = [];
  stream.on('chunk', ({ choices: [choice] }) => {
    reasoning += choice?.delta.reasoning ?? '';
    details.push(...choice?.delta.reasoning_details ?? []);
  });
  const completion = await stream.finalChatCompletion();
  Object.assign(completion.choices[0].message, { reasoning: reasoning || undefined, reasoning_details: details.length ? details : undefined });
  return seen(completion);
}

function seen({ id, model, provider, usage, choices: [{ message, finish_reason }] }) {
  const { role, content, tool_calls, reasoning, reasoning_details } = message;
  return {
    id, model, provider, text: content, reasoning, finish: finish_reason, cost: usage.cost,
    usage: {
      input: usage.prompt_tokens, cached: usage.prompt_tokens_details.cached_tokens,
      output: usage.completion_tokens, reasoning: usage.completion_tokens_details.reasoning_tokens, total: usage.total_tokens,
    },
    calls: (tool_calls ?? []).map(({ id, function: { name, arguments: json } }) => ({ id, name, arguments: JSON.parse(json) })),
    raw: { role, content, tool_calls, reasoning_details, ...(!reasoning_details && { reasoning }) },
  };
}

await serve({
  plain: async asked => ({ ...await ask(asked, user('Hi'), asked.more), raw: undefined }),

  tools: asked => loop(messages => ask(asked, messages, { tools }), user('Hi'), (raw, calls) => [
    raw, ...calls.map(call => ({ role: 'tool', tool_call_id: call.id, content: weather(call.arguments) }))]),

  structured: async asked => JSON.parse(
    (await ask(asked, user('Hi'), { response_format: { type: 'json_schema', json_schema: { name: 'weather', strict: true, schema } } })).text),

  image: async asked => (await ask(asked, user([
    { type: 'text', text: 'What is it?' }, { type: 'image_url', image_url: { url: image.address } },
    { type: 'image_url', image_url: { url: `data:${image.mediaType};base64,${image.data}` } }]))).text,

  reasoning: async asked => (await ask(asked, user('Hi'), { reasoning_effort: 'low' })).reasoning,

  leave: asked => leave(async signal =>
    texts(await open(asked).chat.completions.create({ model: asked.model, messages: user('Hi'), stream: true }, { signal }))),

  chunks: async asked => {
    const chunks = [];
    for await (const chunk of await open(asked).chat.completions.create({ model: asked.model, messages: user('Hi'), stream: true }))
      chunks.push(chunk);
    return chunks;
  },

  models: async asked => {
    const models = [];
    for await (const { id, owned_by, object, created } of open(asked).models.list())
      models.push({ id, owned_by, object, created });
    return models;
  },

  model: async asked => (await open(asked).models.retrieve(asked.model)).id,

  embeddings: async asked => {
    const { object, model, data, usage } = await open(asked).embeddings.create({ model: asked.model, ...asked.body });
    return { object, model, data, tokens: usage.total_tokens, cost: usage.cost };
  },
}, error => error instanceof APIError && {
  name: error.constructor.name, status: error.status, message: error.message, wait: error.headers?.get('retry-after') ?? undefined,
  previous: error.error?.metadata?.previous_errors,
});

async function* texts(chunks) {
  for await (const { choices: [choice] } of chunks)
    yield choice?.delta.content;
}
