import { isIP } from 'node:net';
import { DEFAULT_LIMITS, type LimitName, type Limits } from './http/limits.ts';

/** How one server is to run, as read from the environment. */
export interface Settings {
  host: string;
  port: number;
  publicUrl: string;
  dataDir: string;
  databaseUrl: string | undefined;
  migrateDatabaseUrl: string | undefined;
  databaseDirectUrl: string | undefined;
  /** Empty where one is to be made and kept. */
  secrets: string[];
  signUp: 'open' | 'closed';
  demo: boolean;
  smtpUrl: string | undefined;
  mailFrom: string;
  trustedProxies: string[];
  /** Where calls are counted that several processes share; undefined where one process counts its own. */
  redisUrl: string | undefined;
  limits: Limits;
  /** How many live streams one credential may have open at a time. */
  mostStreams: number;
}

/** A start that can't be: its one sentence says what is wrong and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

type Environment = Readonly<Record<string, string | undefined>>;

const SHORTEST_SECRET = 32;

/** Reads the settings; the first that is wrong is named, with what it should be. */
export function readSettings(environment: Environment): Settings {
  const given = (name: string) => environment[name]?.trim() || undefined;
  const wrong = (name: string, shouldBe: string) => new StartError(`${name} must be ${shouldBe}, but is "${given(name)}".`);

  const url = (name: string, schemes: string[]) => {
    const text = given(name);
    if (text === undefined) return undefined;
    const isRight = URL.canParse(text) && schemes.includes(new URL(text).protocol);
    // An address may hold a password, so it is not repeated.
    if (!isRight)
      throw new StartError(`${name} must be an address that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}.`);
    if (/%(?![\da-f]{2})/i.test(text)) throw new StartError(`${name} has a % that begins no escape: write it as %25.`);
    return text;
  };
  const flag = (name: string) => {
    const text = given(name) ?? '0';
    if (text !== '0' && text !== '1') throw wrong(name, '1 or 0');
    return text === '1';
  };

  const host = given('HOST') ?? '127.0.0.1';
  if (!/^[\w.:-]+$/.test(host)) throw wrong('HOST', 'a host name or an address like 127.0.0.1');
  const port = Number(given('PORT') ?? 8787);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw wrong('PORT', 'a whole number from 0 to 65535');

  const databaseUrl = url('DATABASE_URL', ['postgres:', 'postgresql:']);
  const migrateDatabaseUrl = url('MIGRATE_DATABASE_URL', ['postgres:', 'postgresql:']);
  if (migrateDatabaseUrl && !databaseUrl)
    throw new StartError('MIGRATE_DATABASE_URL is set without DATABASE_URL: set both, or neither for the embedded database.');
  const databaseDirectUrl = url('DATABASE_DIRECT_URL', ['postgres:', 'postgresql:']);
  if (databaseDirectUrl && !databaseUrl)
    throw new StartError('DATABASE_DIRECT_URL is set without DATABASE_URL: set both, or neither for the embedded database.');

  const secrets =
    given('SECRET')
      ?.split(',')
      .map((secret) => secret.trim()) ?? [];
  if (secrets.some((secret) => secret.length < SHORTEST_SECRET))
    throw new StartError(
      `SECRET must be at least ${SHORTEST_SECRET} random characters, or two such secrets with a comma between: the present one first.`,
    );
  if (databaseUrl && secrets.length === 0)
    throw new StartError(
      `SECRET is required with DATABASE_URL: set it to at least ${SHORTEST_SECRET} random characters, the same for every process.`,
    );

  const signUp = given('SIGN_UP') ?? 'closed';
  if (signUp !== 'open' && signUp !== 'closed') throw wrong('SIGN_UP', 'open or closed');

  const demo = flag('DEMO');
  if (demo && !isLoopback(host))
    throw new StartError(
      'DEMO=1 has passwords that everyone knows, so it runs on a loopback HOST only: set HOST=127.0.0.1, or DEMO=0.',
    );

  const mostStreams = Number(given('RATE_LIMIT_STREAMS') ?? 5);
  if (!Number.isInteger(mostStreams) || mostStreams < 1) throw wrong('RATE_LIMIT_STREAMS', 'a whole number from 1 on');

  const trustedProxies =
    given('TRUSTED_PROXIES')
      ?.split(',')
      .map((address) => address.trim()) ?? [];
  if (!trustedProxies.every((address) => isIP(address) !== 0))
    throw wrong('TRUSTED_PROXIES', 'addresses with commas between, like 10.0.0.2,10.0.0.3');

  return {
    host,
    port,
    publicUrl: (url('PUBLIC_URL', ['http:', 'https:']) ?? `http://${urlHost(host)}:${port}`).replace(/\/+$/, ''),
    dataDir: given('DATA_DIR') ?? '.millrace',
    databaseUrl,
    migrateDatabaseUrl,
    databaseDirectUrl,
    secrets,
    signUp,
    demo,
    smtpUrl: url('SMTP_URL', ['smtp:', 'smtps:']),
    mailFrom: given('MAIL_FROM') ?? 'Millrace <millrace@localhost>',
    trustedProxies,
    redisUrl: url('REDIS_URL', ['redis:', 'rediss:']),
    limits: readLimits(given),
    mostStreams,
  };
}

/** `RATE_LIMIT_SIGN_IN=5/900`: five calls in 900 seconds. */
function readLimits(given: (name: string) => string | undefined): Limits {
  const limits = { ...DEFAULT_LIMITS };
  for (const name of Object.keys(limits) as LimitName[]) {
    const variable = `RATE_LIMIT_${name.toUpperCase().replaceAll('-', '_')}`;
    const text = given(variable);
    if (text === undefined) continue;
    const [, quota, seconds] = /^(\d{1,9})\/(\d{1,6})$/.exec(text) ?? [];
    if (!Number(quota) || !Number(seconds))
      throw new StartError(`${variable} must be calls per seconds, like 600/60, but is "${text}".`);
    limits[name] = { name, quota: Number(quota), seconds: Number(seconds) };
  }
  return limits;
}

export const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127\.(?:\d{1,3}\.){2}\d{1,3}$/.test(host);

/** A host as it stands in an address. */
export const urlHost = (host: string) => (host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? 'localhost' : host);
