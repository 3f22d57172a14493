// Does what the scenario given by its name says, with the official client, and prints what the caller sees as one line of JSON.
import OpenAI, { APIError, APIUserAbortError } from 'openai';

const [scenario, mode] = process.argv.slice(2);
const stream = mode === 'streamed';
const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY, maxRetries: 0 });
const question = { model: 'acme/small', messages: [{ role: 'user', content: 'Hi' }] };

const tools = [{
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}];

async function ask(body) {
  if (!stream)
    return await client.chat.completions.create(body);
  return await client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }).finalChatCompletion();
}

function seen(completion) {
  const { message, finish_reason } = completion.choices[0];
  return {
    id: completion.id, model: completion.model, provider: completion.provider, content: message.content, reasoning: message.reasoning,
    finish_reason, usage: completion.usage,
    tool_calls: (message.tool_calls ?? []).map(({ id, type, function: { name, arguments: args } }) => ({ id, type, name, arguments: args })),
  };
}

const scenarios = {
  plain: async () => seen(await ask(question)),

  chunks: async () => {
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({ ...question, stream: true }))
      chunks.push(chunk);
    return chunks;
  },

  tools: async () => {
    const messages = [...question.messages];
    const turns = [];
    for (;;) {
      const completion = await ask({ ...question, messages, tools });
      turns.push(seen(completion));
      if (completion.choices[0].finish_reason !== 'tool_calls')
        return turns;
      const { role, content, tool_calls } = completion.choices[0].message;
      messages.push({ role, content, tool_calls });
      for (const call of tool_calls)
        messages.push({ role: 'tool', tool_call_id: call.id, content: `It rains in ${JSON.parse(call.function.arguments).city}.` });
    }
  },

  models: async () => {
    const models = [];
    for await (const model of client.models.list())
      models.push({ id: model.id, owned_by: model.owned_by, object: model.object });
    return models;
  },

  abort: async () => {
    const controller = new AbortController();
    let read = '';
    try {
      for await (const chunk of await client.chat.completions.create({ ...question, stream: true }, { signal: controller.signal })) {
        read += chunk.choices[0].delta.content ?? '';
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
  const { status, code, message, headers } = error;
  console.log(JSON.stringify({
    error: { name: error.constructor.name, status, code, message, error: error.error, retry_after: headers?.get('retry-after') },
  }));
}

// Alive until told otherwise: a connection that is closed from here on was closed by the client, not by its end.
for await (const _ of process.stdin);
