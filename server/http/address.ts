/** The address a request came from, in one spelling; an IPv6 network counts as one caller, since it has addresses without end. */
export function callerAddress(socketAddress: string, forwardedFor: string | null, trusted: readonly string[]): string {
  let address = spell(socketAddress);
  const hops = forwardedFor?.split(',').map((hop) => hop.trim()) ?? [];
  while (hops.length > 0 && trusted.includes(address)) {
    const hop = spell(hops.pop()!);
    if (hop === '') break;
    address = hop;
  }
  return address;
}

/** One spelling for each caller: IPv4 as it is, IPv4 inside IPv6 as IPv4, IPv6 by its first 64 bits. Empty if it is no address. */
export function spell(text: string): string {
  const bare = text.replace(/^\[|\](?::\d+)?$/g, '').replace(/%.*$/, '').toLowerCase();
  if (/^(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?$/.test(bare)) return bare.replace(/:\d+$/, '');
  let host: string;
  try {
    host = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  } catch {
    return '';
  }
  const [head = '', tail] = host.split('::') as [string, string | undefined];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  const isMapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (isMapped) return groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.');
  return `${groups.slice(0, 4).join(':')}::/64`;
}
