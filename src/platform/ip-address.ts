import { isIP } from 'node:net';
import { type IPv4, type IPv6, isValidCIDR, parse, parseCIDR } from 'ipaddr.js';

/**
 * Where an address lies. `private` is the network of whoever runs the service (RFC 1918, RFC 4193, the shared space of RFC 6598); `reserved` is what no service
 * of the internet answers from: link-local addresses, those that cloud machines read their own credentials from, multicast, documentation and the like.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'reserved';

/** The kind of an address in any spelling of IPv4 or IPv6; one that carries an IPv4 address (mapped, or through NAT64) is of the kind of that. What is no address is reserved. */
export function addressKindOf(text: string): AddressKind {
  if (isIP(text) === 0) return 'reserved';
  const address = innermost(parse(text));
  if (METADATA.some((network) => address.kind() === network[0].kind() && address.match(network))) return 'reserved';
  const range = address.range();
  if (range === 'loopback') return 'loopback';
  if (range === 'private' || range === 'carrierGradeNat' || range === 'uniqueLocal') return 'private';
  return range === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST)) ? 'public' : 'reserved';
}

/** The one spelling of an address, IPv4 where it is mapped into IPv6; undefined when it is no address. */
export function plainAddressOf(text: string): string | undefined {
  return isIP(text) === 0 ? undefined : unmapped(parse(text)).toString();
}

/** What counts as one client: an IPv4 address, or the /64 of an IPv6 one, all of which one client is usually given. Other texts stay as they are. */
export function clientNetworkOf(address: string): string {
  if (!address.includes(':') || isIP(address) === 0) return address;
  const parsed = unmapped(parse(address));
  if (!('parts' in parsed)) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}

/** True for an address, and for a network of addresses (CIDR) that is not everybody. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits] = text.split('/', 2);
  if (isIP(address) === 0) return false;
  return bits === undefined || (isValidCIDR(text) && Number(bits) > 0);
}

/** RFC 4291 and the registry of IANA: what is not in it is not given to anybody. */
const GLOBAL_UNICAST = parseCIDR('2000::/3');

/** Where clouds tell a machine its credentials, outside of the link-local networks: AWS, Google, Alibaba, Oracle, Azure. */
const METADATA = ['fd00:ec2::/32', 'fd20:ce::/32', '100.100.100.200/32', '192.0.0.192/32', '168.63.129.16/32'].map(
  (network) => parseCIDR(network),
);

/** RFC 6052: IPv6 addresses whose last 32 bits are the IPv4 address that NAT64 leads to. */
const NAT64 = parseCIDR('64:ff9b::/96');

function unmapped(address: IPv4 | IPv6): IPv4 | IPv6 {
  return 'toIPv4Address' in address && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function innermost(address: IPv4 | IPv6): IPv4 | IPv6 {
  const plain = unmapped(address);
  return plain.kind() === 'ipv6' && plain.match(NAT64) ? parse(plain.toByteArray().slice(12).join('.')) : plain;
}
