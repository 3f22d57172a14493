// npm's openai: the Responses API.
import OpenAI, { APIError } from 'openai';
import { image, leave, loop, schema, serve, weather, weatherSchema } from './serve.mjs';

const open = ({ baseUrl, key }) => new OpenAI({ baseURL: baseUrl, apiKey: key, maxRetries: 0 });
const user = content => [{ role: 'user', content }];
const tools = [{ type: 'function', name: 'weather', strict: false, parameters: weatherSchema }];

// Of a stream the answer that the client puts together from the events, which it checks strictly, and the one of the last event.
async function ask(asked, input, more = {}) {
  const client = open(asked);
  const body = { model: asked.model, store: false, input, ...more };
  if (!asked.streaming)
    return seen(await client.responses.create(body));

  const running = client.responses.stream(body);
  let last;
  for await (const event of running)
    last = event.response;
  const { output_parsed, output_text, ...final } = await running.finalResponse();
  const unparsed = { ...final, output: final.output.map(({ parsed_arguments, ...item }) => item.type !== 'message' ? item
    : { ...item, content: item.content.map(({ parsed, ...part }) => part) }) };
  if (JSON.stringify(unparsed) !== JSON.stringify(last))
    throw new Error(`The events add up to ${JSON.stringify(unparsed)}, the last one says ${JSON.stringify(last)}`);
  return seen({ ...last, output_text });
}

function seen({ id, model, provider, status, usage, output, output_text }) {
  return {
    id, model, provider, text: output_text, finish: status, cost: usage.cost,
    reasoning: output.filter(({ type }) => type === 'reasoning').map(item => [...item.summary, ...item.content ?? []].map(({ text }) => text).join('')).join('') || undefined,
    usage: {
      input: usage.input_tokens, cached: usage.input_tokens_details.cached_tokens,
      output: usage.output_tokens, reasoning: usage.output_tokens_details.reasoning_tokens, total: usage.total_tokens,
    },
    calls: output.filter(({ type }) => type === 'function_call').map(({ call_id, name, arguments: json }) => ({ id: call_id, name, arguments: JSON.parse(json) })),
    raw: output,
  };
}

await serve({
  plain: async asked => ({ ...await ask(asked, user('Hi'), asked.more), raw: undefined }),

  tools: asked => loop(input => ask(asked, input, { tools, include: ['reasoning.encrypted_content'] }), user('Hi'), (raw, calls) => [
    ...raw, ...calls.map(call => ({ type: 'function_call_output', call_id: call.id, output: weather(call.arguments) }))]),

  structured: async asked => JSON.parse((await ask(asked, user('Hi'), { text: { format: { type: 'json_schema', name: 'weather', strict: true, schema } } })).text),

  image: async asked => (await ask(asked, user([
    { type: 'input_text', text: 'What is it?' }, { type: 'input_image', image_url: image.address, detail: 'auto' },
    { type: 'input_image', image_url: `data:${image.mediaType};base64,${image.data}`, detail: 'auto' }]))).text,

  reasoning: async asked => (await ask(asked, user('Hi'), { reasoning: { effort: 'low', summary: 'auto' } })).reasoning,

  broken: async asked => {
    const types = [];
    for await (const event of await open(asked).responses.create({ model: asked.model, input: 'Hi', stream: true }))
      types.push(event.type === 'error' ? `${event.type} ${event.code}` : event.response ? `${event.type} ${event.response.status}` : event.type);
    return types.slice(-2);
  },

  leave: asked => leave(async signal => texts(await open(asked).responses.create({ model: asked.model, input: 'Hi', stream: true }, { signal }))),
}, error => error instanceof APIError || error.type === 'error' ? {
  name: error.constructor.name, status: error.status, message: error.message, wait: error.headers?.get('retry-after') ?? undefined,
  code: error.code, type: error.type,
} : undefined);

async function* texts(events) {
  for await (const event of events)
    yield event.type === 'response.output_text.delta' ? event.delta : '';
}
