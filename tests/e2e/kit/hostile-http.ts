import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the HTTP of a hostile server does. */
export type HttpMood = 'obey' | 'html' | 'hang' | 'not-json';

const HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'authorization, content-type',
  'Access-Control-Allow-Methods': 'GET, POST, PUT',
  'Access-Control-Expose-Headers': '*',
};

/** Answers, or does not, as the mood says. */
export function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  { mood, address }: { readonly mood: HttpMood; readonly address: string },
): void {
  const say = (type: string, body: string): void => {
    response.writeHead(200, { ...HEADERS, 'Content-Type': type });
    response.end(body);
  };
  if (request.method === 'OPTIONS') return void response.writeHead(204, HEADERS).end();
  const { pathname } = new URL(request.url ?? '/', 'http://server');
  switch (mood) {
    case 'hang':
      return;
    case 'html':
      return say('text/html', '<html><script>window.hacked = 1</script>');
    case 'not-json':
      return say('application/json', '{"token": [1, {"expiresAt"');
    case 'obey':
      return say('application/json', JSON.stringify(answerTo(pathname, address)));
  }
}

/** Only what signing in needs; everything else is an answer of no use. */
function answerTo(path: string, address: string): unknown {
  if (path !== '/.well-known/parkline') return {};
  return {
    webSocketUrl: `ws://${address}/ws`,
    domain: 'pbx.test',
    displayName: 'Hostile',
    apiVersion: '1',
    apiBaseUrl: `http://${address}`,
  };
}
