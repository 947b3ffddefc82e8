import { type FactBook, NO_FACTS, ServerFacts } from '../checksums/server-facts.ts';
import type { Database } from './database.ts';

/** How long something learnt holds, ms: servers are updated. */
const HOLDS_MS = 30 * 24 * 3_600_000;

/** The table `servers`: what endpoints taught, over restarts. `now`: ms since 1970. */
export function openFactBook(database: Database, now: () => number): FactBook {
  const known = new Map<string, ServerFacts>();

  function read(endpoint: string): ServerFacts {
    const seen = known.get(endpoint);
    if (seen !== undefined) return seen;
    const row = database.get(
      'SELECT facts FROM servers WHERE endpoint = ? AND learnt_at > ?',
      endpoint,
      now() - HOLDS_MS,
    );
    const facts = row === undefined ? NO_FACTS : parse(String(row['facts']));
    known.set(endpoint, facts);
    return facts;
  }

  return {
    read,
    learn(endpoint, learnt) {
      const facts = { ...read(endpoint), ...learnt };
      known.set(endpoint, facts);
      database.run(
        'INSERT OR REPLACE INTO servers (endpoint, facts, learnt_at) VALUES (?, ?, ?)',
        endpoint,
        JSON.stringify(facts),
        now(),
      );
    },
  };
}

/** A record that cannot be read is as good as none. */
function parse(text: string): ServerFacts {
  try {
    return ServerFacts.parse(JSON.parse(text));
  } catch {
    return NO_FACTS;
  }
}
