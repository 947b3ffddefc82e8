import { ANONYMOUS, canonicalId } from '../store/acl.ts';
import { accountOf, type S3User } from '../users.ts';

/** The accounts a server knows, for grants and policies that name them. */
export class Accounts {
  readonly #names = new Map<string, string>();
  readonly #emails = new Map<string, string>();

  constructor(users: readonly S3User[]) {
    this.#names.set(canonicalId(ANONYMOUS), ANONYMOUS);
    for (const user of users) {
      const account = accountOf(user);
      this.#names.set(canonicalId(account), account);
      if (user.email !== undefined) {
        this.#emails.set(user.email.toLowerCase(), canonicalId(account));
      }
    }
  }

  /** The name of the account with a canonical id; undefined: there is none. */
  nameOf(id: string): string | undefined {
    return this.#names.get(id);
  }

  /** The canonical id of the account with an e-mail address. */
  idOfEmail(email: string): string | undefined {
    return this.#emails.get(email.toLowerCase());
  }

  /** Whether there is an account of that name. */
  has(name: string): boolean {
    return name !== ANONYMOUS && this.#names.has(canonicalId(name));
  }
}
