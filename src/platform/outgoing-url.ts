import { lookup } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Environment } from './environment';
import { TickwireError } from './errors';
import { type AddressKind, addressKindOf } from './ip-address';

/** Where the service may send requests whose address comes from its configuration, or from an answer. Everywhere: https to the internet. */
export interface OutgoingRules {
  /** This machine itself, by http too. */
  readonly allowLoopback: boolean;
  /** The private network and this machine, by http too. Never link-local addresses and those of a cloud's metadata. */
  readonly allowPrivate: boolean;
}

/** Loopback outside of production, the private network with `ALLOW_PRIVATE_BASE_URLS=true`. */
export function outgoingRulesOf(environment: Environment): OutgoingRules {
  const allowPrivate = /^(true|1|yes|on|y|enabled)$/i.test(environment.ALLOW_PRIVATE_BASE_URLS ?? '');
  return { allowPrivate, allowLoopback: allowPrivate || environment.NODE_ENV !== 'production' };
}

/**
 * The address in the variable `name`. What its host resolves to is looked at when a connection is made: see {@link guardedAgents}.
 * @throws CONFIG_INVALID naming the variable, never its value: no URL, another protocol, credentials in it, http to another than an allowed host, or an address that is not
 * allowed.
 */
export function checkOutgoingUrl(name: string, text: string, rules: OutgoingRules): URL {
  const fault = faultOf(text, rules);
  if (fault) throw new TickwireError('CONFIG_INVALID', `${name}: ${fault}`);
  return new URL(text);
}

/** What is wrong with an address before its host is looked up; undefined when nothing is. */
export function faultOf(text: string, rules: OutgoingRules): string | undefined {
  if (!URL.canParse(text)) return `expected ${expectedOf(rules)}, got no URL`;
  const { protocol, username, password, hostname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return `expected ${expectedOf(rules)}, got another protocol`;
  if (username || password) return 'expected no user and password in it; keys have variables of their own';
  const host = hostname.replace(/^\[|\]$/g, '');
  const kind = isIP(host) > 0 ? addressKindOf(host) : isThisMachine(host) ? 'loopback' : undefined;
  if (kind) return isAllowed(kind, protocol, rules) ? undefined : refusalOf(kind, rules);
  return protocol === 'https:' || rules.allowPrivate ? undefined : refusalOf('public', rules);
}

/** Agents for both protocols. */
export interface GuardedAgents {
  readonly 'http:': HttpAgent;
  readonly 'https:': HttpsAgent;
}

/**
 * Agents whose connections only go to allowed addresses: the addresses that a name resolves to for this very connection are looked at, so that a name which
 * resolves to another one later gets no further than one which did so at once. They do not share connections with anybody else. A URL with an address
 * instead of a name is not looked up, and is for {@link checkOutgoingUrl} or {@link faultOf} to refuse.
 */
export function guardedAgents(rules: OutgoingRules, resolve: LookupFunction = lookup): GuardedAgents {
  return {
    'http:': new HttpAgent({ keepAlive: true, lookup: guardedLookup('http:', rules, resolve) }),
    'https:': new HttpsAgent({ keepAlive: true, lookup: guardedLookup('https:', rules, resolve) }),
  };
}

/** The look-up of a connection of one protocol, for libraries with connections of their own. It fails with `ERR_ADDRESS_REFUSED` where one address of a name is not allowed. */
export function guardedLookup(
  protocol: 'http:' | 'https:',
  rules: OutgoingRules,
  resolve: LookupFunction = lookup,
): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const refused = addresses.find(({ address }) => !isAllowed(addressKindOf(address), protocol, rules));
      const [first] = addresses;
      if (error) done(error, '', 0);
      else if (refused || !first) done(refusedAddress(), '', 0);
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

function isAllowed(kind: AddressKind, protocol: string, { allowLoopback, allowPrivate }: OutgoingRules): boolean {
  if (kind === 'public') return protocol === 'https:';
  return (kind === 'loopback' && allowLoopback) || (kind === 'private' && allowPrivate);
}

function refusalOf(kind: AddressKind, rules: OutgoingRules): string {
  if (kind === 'public') return `expected ${expectedOf(rules)}, got http`;
  const hint = kind === 'reserved' ? '' : '; ALLOW_PRIVATE_BASE_URLS=true allows it';
  return `expected ${expectedOf(rules)}, got a ${kind} address${hint}`;
}

function expectedOf({ allowLoopback, allowPrivate }: OutgoingRules): string {
  const besides = allowPrivate
    ? ' or an address of the private network'
    : allowLoopback
      ? ' or an address of this machine'
      : '';
  return `https://…${besides}`;
}

/** RFC 6761: these names are this machine. */
function isThisMachine(hostname: string): boolean {
  return /^(.+\.)?localhost\.?$/i.test(hostname);
}

/** The name is not told: an answer may have named it. */
function refusedAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('the name resolves to an address that is not allowed'), {
    code: 'ERR_ADDRESS_REFUSED',
  });
}
