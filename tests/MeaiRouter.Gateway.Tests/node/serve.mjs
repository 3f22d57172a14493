// What the scripts of all clients share. Each line of standard input asks for a scenario, and is answered with one line: what the client saw.
import { createInterface } from 'node:readline';

export const schema = { type: 'object', properties: { degrees: { type: 'integer' } }, required: ['degrees'], additionalProperties: false };
export const weatherSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
export const weather = ({ city }) => `It rains in ${city}.`;
export const image = { address: 'https://example.com/cat.png', data: 'iVBORw==', mediaType: 'image/png' };

/**
 * Serves scenarios until standard input ends. The process lives on between them: a connection that is closed was closed by the client.
 * @param scenarios Functions by name, of what the line says: baseUrl, key, model, streaming, and what the scenario needs.
 * @param seen What an error of the client is, as JSON; undefined for any other error.
 */
export async function serve(scenarios, seen) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { scenario, ...asked } = JSON.parse(line);
    let answer;
    try {
      answer = { result: await scenarios[scenario](asked) };
    } catch (error) {
      const known = seen(error);
      answer = known ? { error: known } : { crash: String(error?.stack ?? error) };
    }
    console.log(JSON.stringify(answer));
  }
}

/** Asks until no tool is called any more: every turn as it was seen. */
export async function loop(ask, messages, extend) {
  const turns = [];
  for (;;) {
    const { raw, ...seen } = await ask(messages);
    turns.push(seen);
    if (seen.calls.length === 0)
      return turns;
    messages = [...messages, ...extend(raw, seen.calls)];
  }
}

/** Reads pieces of text until there is one, and leaves then. The error of leaving is the client's own way to say so. */
export async function leave(open) {
  const controller = new AbortController();
  let read = '';
  let left;
  try {
    for await (const piece of await open(controller.signal)) {
      read += piece ?? '';
      if (read)
        controller.abort();
    }
  } catch (error) {
    if (!controller.signal.aborted)
      throw error;
    left = error.constructor.name === 'Error' ? error.name : error.constructor.name;
  }
  return { read, left };
}
