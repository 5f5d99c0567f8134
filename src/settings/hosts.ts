/** Names and addresses of machines. */
import { BlockList, isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Parsed } from './settings-reader.ts'

export const HOST_RULE = 'must be an IP address or a host name, without a port and without brackets'

export function parseHost(text: string): Parsed<string> {
  return isHost(text) ? { value: text } : { rule: HOST_RULE }
}

/** `1.2.3` is no host: the system would take it for the address 1.2.0.3. */
export function isHost(text: string): boolean {
  if (isIP(text)) return true
  const name = domainToASCII(text)
  const isName = /^(?!-)[\w-]{1,63}(\.[\w-]{1,63})*\.?$/.test(name) && name.length <= 253
  // `domainToASCII` leaves out what these characters separate in a URL.
  return isName && !isIP(name) && !/[/?#@:\\%]/.test(text)
}

export function parseOrigin(text: string): Parsed<string> {
  const url = URL.parse(text)
  const isPlain = url && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '').toLowerCase() === url.origin
  return isPlain
    ? { value: url.origin }
    : { rule: `holds ${JSON.stringify(text)}: not an origin like http://localhost:3000` }
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Whether only this machine can reach a service that listens on a host (a name or an address). */
export function isLoopback(host: string): boolean {
  const version = isIP(host)
  return version === 0 ? host.toLowerCase() === 'localhost' : LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6')
}
