import { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import { readControlFile } from '../http/control-api.ts';
import { DataDirectory } from '../store/data-directory.ts';
import { describeStoreRefusal } from '../store/store-refusal.ts';

/** Why a running server could not be asked. */
export interface ControlRefusal {
  readonly error: 'not-running' | 'no-answer' | 'refused' | 'no-data' | 'data-directory';
  readonly message: string;
}

const errorSchema = z.object({ message: z.string() });

/** Asks the server that runs on a data directory. */
export class ControlClient {
  readonly #data: DataDirectory;

  private constructor(data: DataDirectory) {
    this.#data = data;
  }

  static of(dataDir: string): Result<ControlClient, ControlRefusal> {
    const data = DataDirectory.existing(dataDir);
    if (data.ok) return ok(new ControlClient(data.value));
    const error = data.error.kind === 'no-data' ? 'no-data' : 'data-directory';
    return err({ error, message: describeStoreRefusal(data.error) });
  }

  get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
  ): Promise<Result<z.output<Schema>, ControlRefusal>> {
    return this.#ask('GET', path, schema);
  }

  /** Has a running server take over what was written into the database; no server is fine too. */
  async reload(): Promise<Result<'reloaded' | 'not-running', ControlRefusal>> {
    const asked = await this.#ask('POST', '/reload', z.unknown());
    if (asked.ok) return ok('reloaded');
    return asked.error.error === 'not-running' ? ok('not-running') : asked;
  }

  async #ask<Schema extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: Schema,
  ): Promise<Result<z.output<Schema>, ControlRefusal>> {
    const file = readControlFile(this.#data.control);
    if (file === undefined) return err(notRunning(this.#data.path));
    let response: Response;
    try {
      response = await fetch(`${file.url}${path}`, {
        method,
        headers: { Authorization: `Bearer ${file.token}` },
        signal: AbortSignal.timeout(5000),
      });
    } catch (cause) {
      const late = cause instanceof Error && cause.name === 'TimeoutError';
      return err(late ? noAnswer('it does not answer') : notRunning(this.#data.path));
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const message = errorSchema.safeParse(body).data?.message ?? `status ${response.status}`;
      return err({ error: 'refused', message });
    }
    const parsed = schema.safeParse(body);
    return parsed.success ? ok(parsed.data) : err(noAnswer('it is of another version'));
  }
}

function notRunning(path: string): ControlRefusal {
  return { error: 'not-running', message: `No Parkline server is running on ${path}.` };
}

function noAnswer(why: string): ControlRefusal {
  return { error: 'no-answer', message: `The running server cannot be asked: ${why}.` };
}
