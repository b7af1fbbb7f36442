import { spell } from './address.ts';

/** A network as bits: its first ones, of an IPv4 or an IPv6 address. */
type Bits = string;

/**
 * An address or a network (`203.0.113.0/24`, `2001:db8::/32`) in its one spelling: without the bits beyond its length, IPv4
 * also where IPv6 holds it. Nothing for what is neither.
 */
export function spellNetwork(text: string): string | undefined {
  const [, given, bound] = /^([\da-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text.trim()) ?? [];
  // A port is no part of a network, and a leading zero means octal to some.
  if (given === undefined || /^[\d.]+:\d+$/.test(given) || (given.includes('.') && /(?:^|[.:])0\d+(?:\.|$)/.test(given)))
    return undefined;
  const address = spell(given);
  if (address === '') return undefined;
  const bits = bitsOf(address);
  const mapped = given.includes(':') && !address.includes(':') ? 96 : 0;
  const length = bound === undefined ? bits.length : Number(bound) - mapped;
  if (length < 0 || length > bits.length) return undefined;
  const base = addressOf(bits.slice(0, length).padEnd(bits.length, '0'));
  return length === bits.length ? base : `${base}/${length}`;
}

/** Whether an address, spelled as `spell` does, is in a network spelled as `spellNetwork` does. */
export function isWithin(address: string, network: string): boolean {
  const [base = '', length] = network.split('/');
  if (address === '' || address.includes(':') !== base.includes(':')) return false;
  const bits = bitsOf(spell(base));
  return bitsOf(address).startsWith(bits.slice(0, length === undefined ? bits.length : Number(length)));
}

function bitsOf(address: string): Bits {
  const isIpv6 = address.includes(':');
  return address
    .split(isIpv6 ? ':' : '.')
    .map((part) =>
      Number.parseInt(part, isIpv6 ? 16 : 10)
        .toString(2)
        .padStart(isIpv6 ? 16 : 8, '0'),
    )
    .join('');
}

function addressOf(bits: Bits): string {
  const isIpv6 = bits.length === 128;
  const parts = bits.match(isIpv6 ? /.{16}/g : /.{8}/g)!.map((part) => Number.parseInt(part, 2));
  if (!isIpv6) return parts.join('.');
  // The URL has the rules for leaving zeros out.
  return new URL(`http://[${parts.map((part) => part.toString(16)).join(':')}]`).hostname.slice(1, -1);
}
