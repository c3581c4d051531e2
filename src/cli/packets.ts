import type { Result } from '../result/schema.ts';

/** Who a packet can be for; the texts themselves are loaded when one is asked for. */
export const ADDRESSEES = ['hosting', 'cloudflare', 'application'] as const;
type Addressee = (typeof ADDRESSEES)[number];

export function isAddressee(text: string): text is Addressee {
  return ADDRESSEES.some((one) => one === text);
}

/** Draws the packet for somebody. */
export async function packetFor(addressee: Addressee): Promise<(result: Result) => string> {
  const { renderPacket } = await import('../report/packet.ts');
  return (result) => renderPacket(result, addressee);
}
