/** The very address that a request came from, in its one spelling: proxies that are trusted are looked behind. */
export function clientAddress(socketAddress: string, forwardedFor: string | null, trusted: readonly string[]): string {
  const proxies = new Set(trusted.map(spell));
  let address = spell(socketAddress);
  const hops = forwardedFor?.split(',') ?? [];
  while (hops.length > 0 && proxies.has(address)) {
    const hop = spell(hops.pop()!);
    if (hop === '') break;
    address = hop;
  }
  return address;
}

/** An address in its one spelling: IPv4 also where IPv6 holds it, IPv6 in eight groups. Empty if it is none. */
export function spell(text: string): string {
  const bare = text
    .trim()
    .replace(/^\[|\](?::\d+)?$/g, '')
    .replace(/%.*$/, '');
  const ipv4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::\d+)?$/.exec(bare);
  if (ipv4) {
    const bytes = ipv4.slice(1).map(Number);
    return bytes.every((byte) => byte <= 255) ? bytes.join('.') : '';
  }
  if (!/^[\da-f:.]+$/i.test(bare) || !URL.canParse(`http://[${bare}]`)) return '';
  const [head = '', tail = ''] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  if (groups.slice(0, 6).join() !== '0,0,0,0,0,ffff') return groups.join(':');
  return groups
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
    .join('.');
}

/** What an address is counted as: whoever has one IPv6 address has all of its first 64 bits. */
export function networkOf(address: string): string {
  return address.includes(':') ? `${address.split(':').slice(0, 4).join(':')}::/64` : address;
}
