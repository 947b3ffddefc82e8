/** One end of a two-way line between processes. Messages are structured clones. */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the other side is gone. */
  onClose?(listener: () => void): void;
}

/** A message of the protocol. `id` pairs a call with its answer and its cancellation. */
export type RpcMessage =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: string;
      readonly request: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly envelope: unknown }
  | { readonly kind: 'event'; readonly topic: string; readonly payload: unknown };

/** The message as one of ours, or `null` for anything else that came over the line. */
export function readMessage(message: unknown): RpcMessage | null {
  if (typeof message !== 'object' || message === null) return null;
  const { kind, id, name, topic } = message as Record<string, unknown>;
  const known =
    (kind === 'call' && typeof id === 'number' && typeof name === 'string') ||
    ((kind === 'cancel' || kind === 'answer') && typeof id === 'number') ||
    (kind === 'event' && typeof topic === 'string');
  return known ? (message as RpcMessage) : null;
}
