/** The thread of the media loop: started by `LoopThread`, and by nothing else. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { assertNever } from '../../../domain/assert-never.ts';
import { systemMediaClock } from '../../media-clock.ts';
import { collectEverything, heapSize, QuietCollection } from '../../quiet-collection.ts';
import { buildPacketLoop } from './build-packet-loop.ts';
import type { LoopEvent } from './media-loop.ts';
import type { PacketLoop } from './packet-loop.ts';
import type {
  FromLoop,
  LoopAnswer,
  LoopQuestion,
  LoopThreadData,
  ToLoop,
} from './thread-messages.ts';

// Both ends are this program's: `workerData` and every message are what `LoopThread` says they are.
const { options, answers, signal } = workerData as LoopThreadData;
const answered = new Int32Array(signal);

function say(message: FromLoop): void {
  parentPort?.postMessage(message);
}

function pairsOf(
  loop: PacketLoop,
  { bind, count }: Extract<LoopQuestion, { kind: 'pairs' }>,
): readonly number[] {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = loop.takePair(bind);
    if (port === undefined) break;
    ports.push(port);
  }
  return ports;
}

function answerTo(loop: PacketLoop, question: LoopQuestion): LoopAnswer {
  switch (question.kind) {
    case 'pairs':
      return { kind: 'pairs', bind: question.bind, ports: pairsOf(loop, question) };
    case 'stats':
      return { kind: 'stats', stats: loop.stats(question.leg) };
    default:
      return assertNever(question);
  }
}

/** Events of one turn go together. */
function gather(loop: PacketLoop): void {
  let events: LoopEvent[] = [];
  loop.listen((event) => {
    events.push(event);
    if (events.length > 1) return;
    queueMicrotask(() => {
      say({ kind: 'events', events });
      events = [];
    });
  });
}

/** What this thread has open. */
interface Open {
  readonly loop: PacketLoop;
  readonly collection: QuietCollection;
}

async function take({ loop, collection }: Open, message: ToLoop): Promise<void> {
  switch (message.kind) {
    case 'commands':
      for (const command of message.commands) loop.post(command);
      return;
    case 'question':
      answers.postMessage(answerTo(loop, message.question));
      Atomics.add(answered, 0, 1);
      Atomics.notify(answered, 0);
      return;
    case 'want-certificate':
      say({ kind: 'certificate', certificate: await loop.newCertificate() });
      return;
    case 'close':
      collection.dispose();
      await loop.close();
      parentPort?.close();
      answers.close();
      return;
    default:
      return assertNever(message);
  }
}

/** No leg is open, so no packet has to go in time. */
function collectWhenIdle(loop: PacketLoop): QuietCollection {
  return new QuietCollection({
    isQuiet: () => loop.isIdle,
    heapSize,
    collect: collectEverything,
    after: (delayMs, run) => systemMediaClock.after(delayMs, run),
  });
}

let open: Open | undefined;

/** A packet was read before the messages that came before it. */
function catchUp(): void {
  if (parentPort === null || open === undefined) return;
  for (let next = nextOf(parentPort); next; next = nextOf(parentPort))
    void take(open, next.message);
}

const nextOf = (port: MessagePort): { readonly message: ToLoop } | undefined =>
  receiveMessageOnPort(port);

const built = await buildPacketLoop(options, systemMediaClock, catchUp);
if (built.ok) {
  const { loop, addresses, certificate } = built.value;
  gather(loop);
  const opened = { loop, collection: collectWhenIdle(loop) };
  open = opened;
  parentPort?.on('message', (message: ToLoop) => void take(opened, message));
  say({ kind: 'ready', site: { addresses, certificate } });
} else {
  say({ kind: 'refused', problem: built.error });
  answers.close();
}
