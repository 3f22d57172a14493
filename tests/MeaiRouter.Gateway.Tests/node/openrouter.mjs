// npm's @openrouter/sdk, whose parser refuses what OpenRouter's description of its API does not allow: chat completions, listings and embeddings.
import { OpenRouter } from '@openrouter/sdk';
import { OpenRouterError } from '@openrouter/sdk/models/errors';
import { image, leave, loop, schema, serve, weather, weatherSchema } from './serve.mjs';

const open = ({ baseUrl, key }) => new OpenRouter({ serverURL: baseUrl, apiKey: key, retryConfig: { strategy: 'none' } });
const user = content => [{ role: 'user', content }];
const tools = [{ type: 'function', function: { name: 'weather', parameters: weatherSchema } }];

async function ask(asked, messages, more = {}) {
  const chatRequest = { model: asked.model, messages, ...more };
  if (!asked.streaming)
    return seen(await open(asked).chat.send({ chatRequest }));

  const message = { role: 'assistant', content: '' };
  const calls = [];
  let last, finishReason, usage;
  for await (const chunk of await open(asked).chat.send({ chatRequest: { ...chatRequest, stream: true } })) {
    if (chunk.error)
      throw Object.assign(new Error(chunk.error.message), { inBand: chunk.error });
    const [choice] = chunk.choices;
    [last, usage, finishReason] = [chunk, chunk.usage ?? usage, choice?.finishReason ?? finishReason];
    message.content += choice?.delta.content ?? '';
    if (choice?.delta.reasoning)
      message.reasoning = (message.reasoning ?? '') + choice.delta.reasoning;
    if (choice?.delta.reasoningDetails)
      message.reasoningDetails = [...message.reasoningDetails ?? [], ...choice.delta.reasoningDetails];
    for (const { index, id, type, function: { name, arguments: json = '' } } of choice?.delta.toolCalls ?? []) {
      calls[index] ??= { id, type, function: { name, arguments: '' } };
      calls[index].function.arguments += json;
    }
  }
  if (calls.length)
    message.toolCalls = calls;
  return seen({ ...last, usage, choices: [{ message, finishReason }] });
}

function seen({ id, model, usage, choices: [{ message, finishReason }] }) {
  return {
    id, model, text: message.content, reasoning: message.reasoning ?? undefined, finish: finishReason, cost: usage.cost,
    usage: {
      input: usage.promptTokens, cached: usage.promptTokensDetails.cachedTokens,
      output: usage.completionTokens, reasoning: usage.completionTokensDetails.reasoningTokens, total: usage.totalTokens,
    },
    calls: (message.toolCalls ?? []).map(({ id, function: { name, arguments: json } }) => ({ id, name, arguments: JSON.parse(json) })),
    raw: message,
  };
}

await serve({
  plain: async asked => ({ ...await ask(asked, user('Hi'), asked.more), raw: undefined }),

  tools: asked => loop(messages => ask(asked, messages, { tools }), user('Hi'), (raw, calls) => [
    raw, ...calls.map(call => ({ role: 'tool', toolCallId: call.id, content: weather(call.arguments) }))]),

  structured: async asked => JSON.parse(
    (await ask(asked, user('Hi'), { responseFormat: { type: 'json_schema', jsonSchema: { name: 'weather', strict: true, schema } } })).text),

  image: async asked => (await ask(asked, user([
    { type: 'text', text: 'What is it?' }, { type: 'image_url', imageUrl: { url: image.address } },
    { type: 'image_url', imageUrl: { url: `data:${image.mediaType};base64,${image.data}` } }]))).text,

  reasoning: async asked => (await ask(asked, user('Hi'), { reasoning: { effort: 'low' } })).reasoning,

  metadata: async asked => (await open(asked).chat.send({ xOpenRouterMetadata: 'enabled', chatRequest: { model: asked.model, messages: user('Hi') } })).openrouterMetadata,

  leave: asked => leave(async signal =>
    texts(await open(asked).chat.send({ chatRequest: { model: asked.model, messages: user('Hi'), stream: true } }, { signal }))),

  listings: async asked => {
    const client = open(asked);
    const [author, slug] = asked.model.split('/');
    const { result, ...rest } = await client.models.list();
    return {
      models: (result ?? rest).data.map(({ id, name, contextLength }) => ({ id, name, contextLength })),
      model: (await client.models.get({ author, slug })).data.id,
      count: (await client.models.count()).data.count,
      endpoints: (await client.endpoints.list({ author, slug })).data.endpoints.map(({ providerName, pricing }) => ({ providerName, prompt: pricing.prompt })),
      zdr: (await client.endpoints.listZdrEndpoints()).data.map(({ providerName }) => providerName),
      providers: (await client.providers.list()).data.map(({ slug }) => slug),
    };
  },

  generation: async asked => {
    const { id } = await ask(asked, user('Hi'));
    const { data } = await open(asked).generations.getGeneration({ id });
    return { same: data.id === id, model: data.model, cost: data.totalCost, input: data.tokensPrompt, output: data.tokensCompletion, finish: data.finishReason };
  },

  // A key's life with the management key, and what is told about it, its answers and the spending.
  accounts: async asked => {
    const admin = open({ ...asked, key: asked.adminKey });
    const named = ({ name, disabled, usage, byokUsage, limit }) => ({ name, disabled, usage, byokUsage, limit });
    const { key, data: { hash } } = await admin.apiKeys.create({ requestBody: { name: 'team-c', limit: 5, limitReset: 'monthly' } });
    const owner = { ...asked, key };
    const { id } = await ask(owner, user('Hi'));
    await ask(asked, user('Hi'));
    const own = (await open(owner).apiKeys.getCurrentKeyMetadata()).data;
    const byok = (await admin.byok.create({ createBYOKKeyRequest: { provider: asked.provider, key: 'sk-own-0123456789', name: 'own' } })).data;
    return {
      own: { label: own.label === `${key.slice(0, 12)}...${key.slice(-3)}`, limit: own.limit, limitRemaining: own.limitRemaining, limitReset: own.limitReset,
        usage: own.usage, byokUsage: own.byokUsage, regions: own.allowedDataRegions, rate: own.rateLimit.requests, free: own.freeModelDailyRequests },
      management: (await admin.apiKeys.getCurrentKeyMetadata()).data.isManagementKey,
      keys: (await admin.apiKeys.list()).data.map(named),
      read: named((await admin.apiKeys.get({ hash })).data),
      changed: named((await admin.apiKeys.update({ hash, requestBody: { disabled: true, limit: null } })).data),
      deleted: (await admin.apiKeys.delete({ hash })).deleted,
      byok: [byok.provider, byok.isRequired, byok.isByokOnly], byoks: (await admin.byok.list()).result?.totalCount, gone: (await admin.byok.delete({ id: byok.id })).deleted,
      generation: (await admin.generations.getGeneration({ id })).data.totalCost,
      feedback: (await admin.generations.submitFeedback({ submitGenerationFeedbackRequest: { generationId: id, category: 'latency', comment: 'Good.' } })).data.success,
      activity: (await admin.analytics.getUserActivity()).data.map(({ model, providerName, usage, byokUsageInference, requests }) => ({ model, providerName, usage, byokUsageInference, requests })),
      credits: await admin.credits.getCredits(),
    };
  },

  // An application's way to a key.
  pkce: async asked => {
    const admin = open({ ...asked, key: asked.adminKey });
    const { codeChallenge, codeVerifier } = (await admin.oAuth.createSHA256CodeChallenge()).value ?? await admin.oAuth.createSHA256CodeChallenge();
    const { data: { id: code } } = await admin.oAuth.createAuthCode({ requestBody: { callbackUrl: 'https://app.example/back', codeChallenge, codeChallengeMethod: 'S256' } });
    const { key } = await open({ ...asked, key: '' }).oAuth.exchangeAuthCodeForAPIKey({ requestBody: { code, codeVerifier, codeChallengeMethod: 'S256' } });
    return (await ask({ ...asked, key }, user('Hi'))).text;
  },

  embeddings: async asked => {
    const { body: { dimensions, encoding_format: encodingFormat, input } } = asked;
    const { object, model, data, usage } = await open(asked).embeddings.generate({ requestBody: { model: asked.model, input, dimensions, encodingFormat } });
    return { object, model, data, tokens: usage.totalTokens, cost: usage.cost };
  },
}, known);

function known(error) {
  if (error instanceof OpenRouterError)
    return {
      name: error.constructor.name, status: error.statusCode, message: error.error?.message ?? error.message, wait: error.headers.get('retry-after') ?? undefined,
      code: error.error?.code, ...(error.cause && { cause: String(error.cause) }),
    };
  return error.inBand && { name: 'in-band', status: error.inBand.code, message: error.inBand.message };
}

async function* texts(chunks) {
  for await (const { choices: [choice] } of chunks)
    yield choice?.delta.content;
}
