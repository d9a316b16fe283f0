/** JsSIP's declarations extend the `events` package's emitter, which comes without any of its own. */
declare module 'events' {
  export class EventEmitter<Events = unknown> {
    on(type: Extract<keyof Events, string>, listener: (...values: never[]) => void): this;
    removeAllListeners(): this;
  }
}
