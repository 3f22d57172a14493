// Does what the scenario given by its name says, with the Responses API of the official client, and prints what the caller sees as one line of JSON.
import OpenAI, { APIError, APIUserAbortError } from 'openai';

const [scenario, mode] = process.argv.slice(2);
const stream = mode === 'streamed';
const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY, maxRetries: 0 });
const question = { model: 'acme/small', input: 'Hi', store: false };

const tools = [{
  type: 'function', name: 'weather', strict: false,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}];

// Of a stream the answer that the client puts together from the events, which it checks strictly, and the one of the last event.
async function ask(body) {
  if (!stream)
    return await client.responses.create(body);
  const running = client.responses.stream(body);
  let last;
  for await (const event of running)
    last = event.response;
  const { output_parsed, output_text, ...final } = await running.finalResponse();
  const unparsed = { ...final, output: final.output.map(({ parsed_arguments, ...item }) => item.type !== 'message' ? item
    : { ...item, content: item.content.map(({ parsed, ...part }) => part) }) };
  if (JSON.stringify(unparsed) !== JSON.stringify(last))
    throw new Error(`The events add up to ${JSON.stringify(unparsed)}, the last one says ${JSON.stringify(last)}`);
  return { ...last, output_text };
}

const scenarios = {
  plain: async () => {
    const { id, status, model, output_text, usage, provider, output } = await ask(question);
    return { id, status, model, provider, output_text, usage, types: output.map(({ type }) => type) };
  },

  tools: async () => {
    const input = [{ role: 'user', content: 'Hi' }];
    for (;;) {
      const response = await ask({ ...question, input, tools });
      const calls = response.output.filter(({ type }) => type === 'function_call');
      if (calls.length === 0)
        return response.output_text;
      input.push(...response.output);
      for (const call of calls)
        input.push({ type: 'function_call_output', call_id: call.call_id, output: `It rains in ${JSON.parse(call.arguments).city}.` });
    }
  },

  structured: async () => {
    const schema = { type: 'object', properties: { degrees: { type: 'integer' } }, required: ['degrees'], additionalProperties: false };
    const response = await client.responses.parse({ ...question, text: { format: { type: 'json_schema', name: 'weather', strict: true, schema } } });
    return JSON.parse(response.output_text);
  },

  image: async () => (await ask({ ...question, input: [{ role: 'user', content: [
    { type: 'input_text', text: 'What is it?' }, { type: 'input_image', image_url: 'https://example.com/cat.png', detail: 'low' }] }] })).output_text,

  broken: async () => {
    const types = [];
    for await (const event of await client.responses.create({ ...question, stream: true }))
      types.push(event.type === 'error' ? `${event.type} ${event.code}` : event.response ? `${event.type} ${event.response.status}` : event.type);
    return types.slice(-2);
  },

  abort: async () => {
    const controller = new AbortController();
    let read = '';
    try {
      for await (const event of await client.responses.create({ ...question, stream: true }, { signal: controller.signal })) {
        read += event.type === 'response.output_text.delta' ? event.delta : '';
        if (read)
          controller.abort();
      }
    } catch (error) {
      if (!(error instanceof APIUserAbortError))
        throw error;
    }
    return read;
  },
};

try {
  console.log(JSON.stringify({ result: await scenarios[scenario]() }));
} catch (error) {
  if (!(error instanceof APIError))
    throw error;
  const { status, code, type, message, headers } = error;
  console.log(JSON.stringify({ error: { name: error.constructor.name, status, code, type, message, retry_after: headers?.get('retry-after') } }));
}

// Alive until told otherwise: a connection that is closed from here on was closed by the client, not by its end.
for await (const _ of process.stdin);
