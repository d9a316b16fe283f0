import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { pageQuerySchema } from '../../../config/admin/values.ts';
import {
  deviceListSchema,
  newUserSchema,
  savedUserSchema,
  userChangeSchema,
  userListSchema,
  userPasswordSchema,
  userSchema,
} from '../../../config/admin/users.ts';
import { isExtension } from '../../../domain/ids.ts';
import { randomPassword } from '../../auth/node-hash.ts';
import type { User } from '../../ports/directory.ts';
import { notFound, refuse } from '../admin-answer.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { deviceLines } from '../device-line.ts';
import { fits, pageOf } from '../listing.ts';
import { provisioningAnswer } from '../provisioning-answer.ts';
import { json, jsonBody, refusals, signedIn, tenantParams, type AdminEnv } from '../route-kit.ts';

const tags = ['Users'];
const params = tenantParams.extend({
  extension: z.string().openapi({ description: '1–15 digits', example: '101' }),
});
const deviceParams = params.extend({ id: z.string() });

const listRoute = createRoute({
  method: 'get',
  path: '/users',
  tags,
  summary: 'Users, by extension',
  security: signedIn,
  request: { params: tenantParams, query: pageQuerySchema },
  responses: { 200: json(userListSchema, 'One page'), ...refusals() },
});

const addRoute = createRoute({
  method: 'post',
  path: '/users',
  tags,
  summary: 'Add a user',
  security: signedIn,
  request: {
    params: tenantParams,
    body: jsonBody(newUserSchema, 'Without a password one is made'),
  },
  responses: {
    201: json(savedUserSchema, 'Added'),
    ...refusals('not-an-extension', 'number-taken', 'bad-password', 'name-unprintable'),
  },
});

const changeRoute = createRoute({
  method: 'patch',
  path: '/users/{extension}',
  tags,
  summary: 'Change the name of a user',
  security: signedIn,
  request: { params, body: jsonBody(userChangeSchema, 'The new name') },
  responses: { 200: json(userSchema, 'Changed'), ...refusals('name-unprintable') },
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/users/{extension}',
  tags,
  summary: 'Remove a user from the tenant and from all groups, and sign their devices out',
  security: signedIn,
  request: { params },
  responses: { 204: { description: 'Removed; a call parked on them goes on' }, ...refusals() },
});

const passwordRoute = createRoute({
  method: 'post',
  path: '/users/{extension}/password',
  tags,
  summary: 'Give a user another password and sign their devices out',
  security: signedIn,
  request: { params, body: jsonBody(userPasswordSchema, 'Without a password one is made') },
  responses: { 200: json(savedUserSchema, 'Changed'), ...refusals('bad-password') },
});

const devicesRoute = createRoute({
  method: 'get',
  path: '/users/{extension}/devices',
  tags,
  summary: 'The devices a user is signed in on, newest first',
  security: signedIn,
  request: { params },
  responses: { 200: json(deviceListSchema, 'All of them'), ...refusals() },
});

const signOutRoute = createRoute({
  method: 'delete',
  path: '/users/{extension}/devices/{id}',
  tags,
  summary: 'Sign one device out; it may come back while it knows the password',
  security: signedIn,
  request: { params: deviceParams },
  responses: { 204: { description: 'Signed out' }, ...refusals() },
});

/** Users of a tenant and their devices. */
export function addUsers(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  addUserList(app, parts);
  addUserChanges(app, parts);
  addDevices(app, parts);
}

function addUserList(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  app.openapi(listRoute, (context) => {
    const { search, ...page } = context.req.valid('query');
    const users = parts.directory
      .users(context.get('tenant').id)
      .filter(({ displayName, extension }) =>
        fits(search, { name: displayName, number: extension }),
      );
    const { entries, total } = pageOf(users, page);
    return context.json({ users: entries.map((user) => view(user, parts)), total }, 200);
  });
  app.openapi(addRoute, (context) => {
    const { extension, displayName, password } = context.req.valid('json');
    const madePassword = password === undefined ? randomPassword() : null;
    const account = { extension, displayName, password: password ?? madePassword ?? '' };
    const added = parts.provisioning.addUser(context.get('tenant'), account);
    if (!added.ok) return refuse(context, provisioningAnswer(added.error));
    record(context, parts, { action: 'user.added', subject: extension, after: { displayName } });
    return context.json({ user: view(added.value, parts), madePassword }, 201);
  });
}

function addUserChanges(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  app.openapi(changeRoute, (context) => {
    const { extension } = context.req.valid('param');
    const { displayName } = context.req.valid('json');
    const tenant = context.get('tenant');
    const before = parts.directory.user(tenant.id, extension)?.displayName;
    const changed = parts.provisioning.setDisplayName(tenant, extension, displayName);
    if (!changed.ok) return refuse(context, provisioningAnswer(changed.error));
    record(context, parts, {
      action: 'user.changed',
      subject: extension,
      before: { displayName: before },
      after: { displayName },
    });
    return context.json(view(changed.value, parts), 200);
  });
  app.openapi(removeRoute, (context) => {
    const { extension } = context.req.valid('param');
    const by = context.get('session').admin.name;
    const tenant = context.get('tenant');
    const group = isExtension(extension)
      ? parts.directory.parkGroupOf(tenant.id, extension)?.name
      : undefined;
    const removed = parts.provisioning.removeUser(tenant, extension, by);
    if (!removed.ok) return refuse(context, provisioningAnswer(removed.error));
    const { displayName } = removed.value;
    record(context, parts, {
      action: 'user.removed',
      subject: extension,
      before: { displayName, parkGroup: group ?? null },
    });
    return context.body(null, 204);
  });
  app.openapi(passwordRoute, (context) => {
    const { extension } = context.req.valid('param');
    const { password } = context.req.valid('json');
    const madePassword = password === undefined ? randomPassword() : null;
    const changed = parts.provisioning.setPassword(
      context.get('tenant'),
      extension,
      password ?? madePassword ?? '',
    );
    if (!changed.ok) return refuse(context, provisioningAnswer(changed.error));
    record(context, parts, { action: 'user.password-changed', subject: extension });
    return context.json({ user: view(changed.value, parts), madePassword }, 200);
  });
}

function addDevices(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  const { directory, devices } = parts;
  app.openapi(devicesRoute, (context) => {
    const { extension } = context.req.valid('param');
    const user = directory.user(context.get('tenant').id, extension);
    if (user === undefined) return refuse(context, notFound);
    const lines = deviceLines(devices.bindingsOf(user.id), directory);
    return context.json({ devices: lines, total: lines.length }, 200);
  });
  app.openapi(signOutRoute, (context) => {
    const { extension, id } = context.req.valid('param');
    const user = directory.user(context.get('tenant').id, extension);
    if (user === undefined || !devices.removeBinding(user.id, id)) {
      return refuse(context, notFound);
    }
    record(context, parts, { action: 'device.signed-out', subject: extension, before: { id } });
    return context.body(null, 204);
  });
}

function view(user: User, { directory, devices }: AdminParts) {
  const { extension, displayName, tenantId } = user;
  const group = directory.parkGroupOf(tenantId, extension);
  return {
    extension,
    displayName,
    devices: devices.reachableDevices(user.id).length,
    parkGroup: group === undefined ? null : { id: group.id, name: group.name },
  };
}
