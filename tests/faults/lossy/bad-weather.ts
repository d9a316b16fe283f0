import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Chance } from '../../fuzz/chance.ts';

/** What the way between a phone and its server does to datagrams, in each direction. */
export interface Weather {
  /** Of a thousand datagrams, how many are lost. */
  readonly lost: number;
  /** … and how many arrive twice. */
  readonly doubled: number;
  /** … and how many are overtaken by those behind them. */
  readonly overtaken: number;
  readonly seed: number;
}

export interface WeatherReport {
  readonly carried: number;
  readonly lost: number;
  readonly doubled: number;
  readonly overtaken: number;
}

const ADDRESS = '127.0.0.1';
/** Longer than a scripted peer needs to answer: what waits so long comes behind what was sent after it. */
const DELAY_MS = 25;

/**
 * A relay on loopback that stands for a network: the phone sends to `port`, the server hears it from another port of the relay, and what
 * either says is lost, doubled or held back by a seed's chance.
 */
export class BadWeather {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #weather: Weather;
  readonly #chance: Chance;
  readonly #report = { carried: 0, lost: 0, doubled: 0, overtaken: 0 };
  #phonePort = 0;

  static async open(serverPort: number, weather: Weather): Promise<BadWeather> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, ADDRESS);
      await once(socket, 'listening');
    }
    return new BadWeather(sockets, serverPort, weather);
  }

  private constructor(
    [near, far]: readonly [Socket, Socket],
    serverPort: number,
    weather: Weather,
  ) {
    this.#near = near;
    this.#far = far;
    this.#weather = weather;
    this.#chance = new Chance(weather.seed);
    near.on('message', (bytes, { port }) => {
      this.#phonePort = port;
      this.#carry(() => far.send(bytes, serverPort, ADDRESS));
    });
    far.on('message', (bytes) => this.#carry(() => near.send(bytes, this.#phonePort, ADDRESS)));
  }

  /** Where the phone sends to. */
  get port(): number {
    return this.#near.address().port;
  }

  get report(): WeatherReport {
    return this.#report;
  }

  close(): void {
    this.#near.close();
    this.#far.close();
  }

  #carry(send: () => void): void {
    this.#report.carried += 1;
    if (this.#happens('lost')) return;
    if (this.#happens('doubled')) send();
    if (this.#happens('overtaken')) setTimeout(() => this.#late(send), DELAY_MS);
    else send();
  }

  #happens(what: 'lost' | 'doubled' | 'overtaken'): boolean {
    const happens = this.#chance.below(1_000) < this.#weather[what];
    if (happens) this.#report[what] += 1;
    return happens;
  }

  #late(send: () => void): void {
    try {
      send();
    } catch {
      // The relay was closed meanwhile: one more datagram that does not arrive.
    }
  }
}
