// npm's @langchain/openai: chat completions, or with the argument "responses" the Responses API; and embeddings.
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { APIError } from 'openai';
import { image, leave, loop, schema, serve, weather, weatherSchema } from './serve.mjs';

const useResponsesApi = process.argv[2] === 'responses';
const open = ({ baseUrl, key, model }, more) => new ChatOpenAI({ model, apiKey: key, configuration: { baseURL: baseUrl }, maxRetries: 0, useResponsesApi, ...more });
const tools = [tool(weather, { name: 'weather', description: 'Tells the weather.', schema: weatherSchema })];

class Cut extends Error {}

async function ask(asked, model, messages) {
  if (!asked.streaming)
    return seen(await model.invoke(messages));
  let message;
  for await (const chunk of await model.stream(messages))
    message = message?.concat(chunk) ?? chunk;
  if (!message.usage_metadata)
    throw new Cut('The answer has no end.');
  return seen(message);
}

function seen(message) {
  const { id, usage_metadata: usage, response_metadata: told, additional_kwargs: extra } = message;
  return {
    id, model: told.model_name, text: message.text, finish: told.finish_reason ?? told.status, cost: told.usage?.cost,
    reasoning: extra.reasoning && [...extra.reasoning.summary, ...extra.reasoning.content ?? []].map(({ text }) => text).join('') || undefined,
    usage: {
      input: usage.input_tokens, cached: usage.input_token_details.cache_read,
      output: usage.output_tokens, reasoning: usage.output_token_details.reasoning, total: usage.total_tokens,
    },
    calls: message.tool_calls.map(({ id, name, args }) => ({ id, name, arguments: args })),
    raw: message,
  };
}

const user = content => [new HumanMessage({ content })];

await serve({
  plain: async asked => ({ ...await ask(asked, open(asked), user('Hi')), raw: undefined }),

  tools: asked => {
    const model = open(asked).bindTools(tools);
    return loop(messages => ask(asked, model, messages), user('Hi'), (raw, calls) => [
      raw, ...calls.map(call => new ToolMessage({ tool_call_id: call.id, content: weather(call.arguments) }))]);
  },

  structured: async asked => {
    const model = open(asked).withStructuredOutput({ ...schema, title: 'weather' }, { method: 'jsonSchema', strict: true });
    // Of the Responses API its parser takes whole answers only.
    if (!asked.streaming || useResponsesApi)
      return await model.invoke(user('Hi'));
    let last;
    for await (const parsed of await model.stream(user('Hi')))
      last = parsed;
    return last;
  },

  image: async asked => (await ask(asked, open(asked), user([
    { type: 'text', text: 'What is it?' }, { type: 'image_url', image_url: { url: image.address } },
    { type: 'image_url', image_url: { url: `data:${image.mediaType};base64,${image.data}` } }]))).text,

  reasoning: async asked => (await ask(asked, open(asked, { modelKwargs: { reasoning: { effort: 'low' } } }), user('Hi'))).reasoning,

  leave: asked => leave(async signal => texts(await open(asked).stream(user('Hi'), { signal }))),

  embeddings: async asked => {
    const embeddings = new OpenAIEmbeddings({
      model: asked.model, apiKey: asked.key, configuration: { baseURL: asked.baseUrl }, maxRetries: 0,
      dimensions: asked.body.dimensions, encodingFormat: asked.body.encoding_format });
    return { documents: await embeddings.embedDocuments(asked.body.input), query: await embeddings.embedQuery(asked.body.input[0]) };
  },
}, error => (error instanceof APIError || error instanceof Cut) && {
  name: error.constructor.name, status: error.status, message: error.message.split('\n\nTroubleshooting')[0], wait: error.headers?.get('retry-after') ?? undefined,
  code: error.lc_error_code,
});

async function* texts(chunks) {
  for await (const chunk of chunks)
    yield chunk.text;
}
