/** What connects two phones' media, whoever made it: ours or a peer of ours. */
export interface Bridge {
  readonly name: string;
  /** Whether its SDP speaks of ICE, so that phones check the path first. */
  readonly ice: boolean;
  /** Two offers with `a=setup:active`; the bridge connects their senders and answers both. */
  connect(callId: string, offers: readonly [string, string]): Promise<readonly [string, string]>;
  /** CPU time since its process began, all threads, seconds. */
  cpuSeconds(): Promise<number>;
  close(): Promise<void>;
}

export interface CpuShare {
  readonly cpuSeconds: number;
  readonly seconds: number;
}

/** Share of a core that a bridge took, 1 = a whole one. */
export async function shareWhile(bridge: Bridge, run: () => Promise<void>): Promise<CpuShare> {
  const [startedAt, before] = [performance.now(), await bridge.cpuSeconds()];
  await run();
  const seconds = (performance.now() - startedAt) / 1_000;
  return { cpuSeconds: (await bridge.cpuSeconds()) - before, seconds };
}
