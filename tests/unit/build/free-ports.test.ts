import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { freeTcpPort, freeUdpPort } from '../../../build/demo/free-ports.ts';

test('a TCP port that somebody has is passed over', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as AddressInfo;
  const found = await freeTcpPort(port);
  expect(found).not.toBe(port);
  expect(found).toBeGreaterThan(0);
  await new Promise((resolve) => holder.close(resolve));
  expect(await freeTcpPort(port)).toBe(port);
});

test('a UDP port that somebody has is passed over', async () => {
  const holder = createSocket('udp4');
  await new Promise<void>((resolve) => holder.bind(0, '127.0.0.1', resolve));
  const { port } = holder.address();
  expect(await freeUdpPort(port)).not.toBe(port);
  await new Promise<void>((resolve) => holder.close(() => resolve()));
  expect(await freeUdpPort(port)).toBe(port);
});
