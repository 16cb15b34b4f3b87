import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import proxyAddr from 'proxy-addr';
import { plainAddressOf } from '../platform/ip-address';

/** Whether the machine at an address, `hops` away from this one, is a proxy whose `X-Forwarded-For` is believed. */
export type TrustsProxy = (address: string, hops: number) => boolean;

/** As `TRUST_PROXY` says: so many proxies in front, or proxies with these addresses, in these networks, or in `loopback`, `linklocal`, `uniquelocal`. */
export function trustOf(trustProxy: number | readonly string[]): TrustsProxy {
  if (typeof trustProxy === 'number') return (_address, hops) => hops < trustProxy;
  return trustProxy.length > 0 ? proxyAddr.compile([...trustProxy]) : () => false;
}

/**
 * The address of a caller: that of the connection, or, where that is a trusted proxy's, the nearest address in `X-Forwarded-For` that is not. What a caller writes
 * there itself lies beyond and is never looked at. IPv4 is written as IPv4, also on a connection that maps it into IPv6.
 */
export function clientAddresses(trustProxy: number | readonly string[]): (request: IncomingMessage) => string {
  const trusts = trustOf(trustProxy);
  return (request) => {
    const direct = request.socket.remoteAddress ?? 'unknown';
    if (!trusts(direct, 0)) return plainOf(direct) ?? direct;
    const nearestFirst = proxyAddr.all(request, trusts);
    // A proxy that says no address at all is answered for itself.
    for (const said of nearestFirst.reverse()) {
      const address = plainOf(said ?? direct);
      if (address !== undefined) return address;
    }
    return direct;
  };
}

/** Some proxies write the port too. */
const WITH_PORT = /^(?:\[([^\]]{2,45})\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5})$/;

function plainOf(said: string): string | undefined {
  if (isIPv4(said)) return said;
  const match = WITH_PORT.exec(said);
  return plainAddressOf(match?.[1] ?? match?.[2] ?? said);
}
