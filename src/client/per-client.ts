import type { Client } from './client.ts';

/**
 * What there is one of for each client, whichever copy of the package asks: a page may hold several, and of several versions.
 * So nothing of what is made may ever change its meaning; another meaning needs another name.
 */
export function perClient<Thing>(name: string, make: (client: Client) => Thing): (client: Client) => Thing {
  const key = Symbol.for(`millrace ${name}`);
  const shared = globalThis as unknown as Record<symbol, WeakMap<Client, Thing> | undefined>;
  return (client) => {
    const made = (shared[key] ??= new WeakMap());
    let thing = made.get(client);
    if (!thing) made.set(client, (thing = make(client)));
    return thing;
  };
}
