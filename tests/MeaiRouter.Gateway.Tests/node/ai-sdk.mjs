// npm's ai, whose OpenRouter provider is @openrouter/ai-sdk-provider. It goes round the loop of tools by itself.
import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import { APICallError, embedMany, generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai';
import { image, leave, schema, serve, weather, weatherSchema } from './serve.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;
const open = ({ baseUrl, key }) => createOpenRouter({ baseURL: baseUrl, apiKey: key });
const tools = { weather: tool({ inputSchema: jsonSchema(weatherSchema), execute: weather }) };

async function ask(asked, more = {}) {
  const call = { model: open(asked).chat(asked.model), maxRetries: 0, ...('messages' in more ? {} : { prompt: 'Hi' }), ...more };
  if (!asked.streaming)
    return await generateText(call);

  const failures = [];
  const stream = streamText({ ...call, onError: ({ error }) => failures.push(error) });
  await stream.consumeStream();
  if (failures.length)
    throw failures[0];
  return { steps: await stream.steps, output: more.output && await stream.output };
}

function seen({ response, text, reasoningText, finishReason, usage, toolCalls, providerMetadata: { openrouter } }) {
  return {
    id: response.id, model: response.modelId, provider: openrouter.provider, text, reasoning: reasoningText, finish: finishReason, cost: openrouter.usage.cost,
    usage: {
      input: usage.inputTokens, cached: usage.inputTokenDetails.cacheReadTokens,
      output: usage.outputTokens, reasoning: usage.outputTokenDetails.reasoningTokens, total: usage.totalTokens,
    },
    calls: toolCalls.map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, arguments: input })),
  };
}

await serve({
  plain: async asked => seen((await ask(asked)).steps[0]),

  tools: async asked => (await ask(asked, { tools, stopWhen: stepCountIs(5) })).steps.map(seen),

  structured: async asked => (await ask(asked, { output: Output.object({ schema: jsonSchema(schema), name: 'weather' }) })).output,

  image: async asked => (await ask(asked, { messages: [{ role: 'user', content: [
    { type: 'text', text: 'What is it?' }, { type: 'image', image: new URL(image.address) }, { type: 'image', image: image.data, mediaType: image.mediaType }] }] })).steps[0].text,

  reasoning: async asked => (await ask(asked, { providerOptions: { openrouter: { reasoning: { effort: 'low' } } } })).steps[0].reasoningText,

  leave: asked => leave(async abortSignal => {
    let leaving;
    const stream = streamText({ model: open(asked).chat(asked.model), maxRetries: 0, prompt: 'Hi', abortSignal, onAbort: () => leaving = true });
    return (async function* () {
      yield* stream.textStream;
      if (leaving)
        throw Object.assign(new Error(), { name: 'onAbort' });
    })();
  }),

  embeddings: async asked => {
    const { embeddings, usage, providerMetadata } = await embedMany({
      model: open(asked).textEmbeddingModel(asked.model, { extraBody: asked.body.dimensions && { dimensions: asked.body.dimensions } }), values: asked.body.input, maxRetries: 0 });
    return { embeddings, tokens: usage.tokens, provider: providerMetadata?.openrouter.provider, cost: providerMetadata?.openrouter.usage.cost };
  },
}, error => APICallError.isInstance(error) ? {
  name: error.name, status: error.statusCode, message: error.message, wait: error.responseHeaders?.['retry-after'], retryable: error.isRetryable, code: error.data?.error?.code,
} : error instanceof Error ? undefined : { name: 'in-band', status: error.code, message: error.message });
