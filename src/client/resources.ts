import type { Irregular, RecordAddresses } from './address.ts';
import { ConnectionError } from './errors.ts';

const recordAddresses = <Path extends string>(path: Path): RecordAddresses<Path> => ({
  list: `GET /${path} query`,
  create: `POST /${path} body`,
  get: `GET /${path}/:id`,
  update: `PATCH /${path}/:id body`,
  remove: `DELETE /${path}/:id`,
});

/** The resources whose every address is written; of the others, the records stand where the name says: leadSources at /lead-sources. */
const irregular: { readonly [Group in Irregular]: true } = {
  workspace: true,
  members: true,
  audit: true,
  pipelines: true,
  capture: true,
};

/** The address of one route; where it doesn't follow from the resource's name, what is loaded when first needed tells it. */
export function addressOf(group: string, verb: string): string | Promise<string> {
  const path = group.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const plain: Partial<Record<string, string>> = group in irregular ? {} : recordAddresses(path);
  return plain[verb] ?? import('./addresses.ts').then(({ written }) => written(group, verb), unloaded);
}

function unloaded(cause: unknown): never {
  throw new ConnectionError('A part of the client could not be loaded.', { cause });
}
