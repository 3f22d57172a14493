// Does what the scenario given by its name says, with Anthropic's official client, and prints what the caller sees as one line of JSON.
import Anthropic, { APIError, APIUserAbortError } from '@anthropic-ai/sdk';

const [scenario, mode] = process.argv.slice(2);
const client = new Anthropic({ baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY, maxRetries: 0 });
const question = { model: 'acme/small', max_tokens: 2000, messages: [{ role: 'user', content: 'Hi' }] };
const tools = [{ name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } }];

async function ask(body) {
  return mode === 'streamed' ? await client.messages.stream(body).finalMessage() : await client.messages.create(body);
}

const scenarios = {
  plain: async () => await ask(question),

  tools: async () => {
    const messages = [...question.messages];
    const turns = [];
    for (;;) {
      const message = await ask({ ...question, messages, tools });
      turns.push({ content: message.content, stop_reason: message.stop_reason });
      if (message.stop_reason !== 'tool_use')
        return turns;
      messages.push({ role: 'assistant', content: message.content });
      messages.push({
        role: 'user',
        content: message.content.filter(block => block.type === 'tool_use')
          .map(({ id, input }) => ({ type: 'tool_result', tool_use_id: id, content: `It rains in ${input.city}.` })),
      });
    }
  },

  count: async () => await client.messages.countTokens({ model: question.model, messages: question.messages }),

  abort: async () => {
    const stream = client.messages.stream(question);
    stream.on('text', () => stream.abort());
    return await stream.finalMessage();
  },
};

try {
  console.log(JSON.stringify({ result: await scenarios[scenario]() }));
} catch (error) {
  if (!(error instanceof APIError))
    throw error;
  const { status, requestID, error: body } = error;
  console.log(JSON.stringify({ error: { name: error.constructor.name, aborted: error instanceof APIUserAbortError, status, requestID, type: body?.error?.type } }));
}
