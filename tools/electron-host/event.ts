/** The first argument of Electron's listeners. */
export interface HostEvent {
  defaultPrevented: boolean;
  preventDefault(): void;
}

/** An event with `extra` fields whose listeners may prevent the default. */
export function hostEvent<T extends object>(extra?: T): HostEvent & T {
  const event: HostEvent = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return Object.assign(event, extra);
}
