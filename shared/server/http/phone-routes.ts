import { createRoute, z } from '@hono/zod-openapi';
import {
  directorySchema,
  errorSchema,
  historyQuerySchema,
  historySchema,
  iceServersSchema,
  meChangeSchema,
  meSchema,
  sessionSchema,
} from './phone-schemas.ts';

/** The routes of the user's own HTTP (WIRE.md §10b), below `/api/phone`. */

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});

const refusals = {
  401: json(errorSchema, 'Not signed in, or the session is over'),
};

const bearer = [{ session: [] }];

export const sessionRoute = createRoute({
  method: 'post',
  path: '/session',
  summary: 'Sign in with the SIP credentials, by HTTP digest',
  responses: {
    200: json(sessionSchema, 'A bearer token for 12 hours'),
    ...refusals,
    403: json(errorSchema, 'Too many failed attempts'),
    404: json(errorSchema, 'No tenant of that name'),
  },
});

export const endRoute = createRoute({
  method: 'delete',
  path: '/session',
  summary: 'Sign out',
  security: bearer,
  responses: { 204: { description: 'The token is of no use any more' }, ...refusals },
});

export const meRoute = createRoute({
  method: 'get',
  path: '/me',
  summary: 'Who I am, and the codes of my tenant',
  security: bearer,
  responses: { 200: json(meSchema, 'The signed-in extension'), ...refusals },
});

export const changeMeRoute = createRoute({
  method: 'put',
  path: '/me',
  summary:
    'Say whether I may be disturbed (forgotten with my last registration), and where my calls go (kept)',
  security: bearer,
  request: { body: { ...json(meChangeSchema, 'What is so from now on'), required: true } },
  responses: {
    204: { description: 'Colleagues see it, and calls go there' },
    400: json(errorSchema, 'The body is not understood'),
    422: json(
      errorSchema,
      'Calls cannot go there: feature-code, own-number, no-such-number, wait-out-of-range',
    ),
    ...refusals,
  },
});

export const directoryRoute = createRoute({
  method: 'get',
  path: '/directory',
  summary: 'The extensions of my tenant',
  security: bearer,
  responses: { 200: json(directorySchema, 'By extension'), ...refusals },
});

export const historyRoute = createRoute({
  method: 'get',
  path: '/park-history',
  summary: 'What became of the parked calls in my scope',
  security: bearer,
  request: { query: historyQuerySchema },
  responses: { 200: json(historySchema, 'Newest first'), ...refusals },
});

export const snoozeRoute = createRoute({
  method: 'post',
  path: '/parked-calls/{parkId}/snooze',
  summary: 'Put the recall of a parked call in my scope off by one recall time',
  security: bearer,
  request: { params: z.object({ parkId: z.string().max(64) }) },
  responses: {
    204: { description: 'Put off; the watchers are told the new time' },
    403: json(errorSchema, 'The call is not in my scope'),
    404: json(errorSchema, 'No such call is parked'),
    ...refusals,
  },
});

export const iceRoute = createRoute({
  method: 'get',
  path: '/ice-servers',
  summary: 'STUN and TURN servers for media',
  security: bearer,
  responses: {
    200: json(iceServersSchema, 'Often none: the server is reached directly'),
    ...refusals,
  },
});

export const demoCallRoute = createRoute({
  method: 'post',
  path: '/demo-call',
  summary: 'Make the demo caller ring me',
  security: bearer,
  responses: {
    202: json(z.object({}), 'It rings'),
    404: json(errorSchema, 'This server is not a demo'),
    409: json(errorSchema, 'The demo caller is ringing already'),
    ...refusals,
  },
});
