/** IP addresses and CIDR blocks as CEL's network library of Kubernetes has them: Go's `netip`, without zones and without IPv4 in IPv6. */

export interface IpAddress {
	readonly family: 4 | 6;
	readonly value: bigint;
}

export interface CidrBlock {
	readonly address: IpAddress;
	readonly prefix: number;
}

/** The address, or nothing where the text is none. */
export function parseIp(text: string): IpAddress | undefined {
	return text.includes(':') ? parseIp6(text) : parseIp4(text);
}

function parseIp4(text: string): IpAddress | undefined {
	const parts = text.split('.');
	if (parts.length !== 4) return undefined;
	let value = 0n;
	for (const part of parts) {
		if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
		value = (value << 8n) | BigInt(part);
	}
	return { family: 4, value };
}

function parseIp6(text: string): IpAddress | undefined {
	const halves = text.split('::');
	if (halves.length > 2) return undefined;
	const groups = (half: string) => (half === '' ? [] : half.split(':'));
	const head = groups(halves[0]!);
	const tail = groups(halves[1] ?? '');
	const missing = 8 - head.length - tail.length;
	if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
	const all = [...head, ...Array.from({ length: halves.length === 1 ? 0 : missing }, () => '0'), ...tail];
	let value = 0n;
	for (const group of all) {
		if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
		value = (value << 16n) | BigInt(`0x${group}`);
	}
	return { family: 6, value };
}

/** As Go prints it: the longest run of zeros (of two groups or more) as `::`. */
export function formatIp({ family, value }: IpAddress): string {
	if (family === 4) return [24n, 16n, 8n, 0n].map(shift => String((value >> shift) & 255n)).join('.');
	const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
	let best = { at: -1, length: 1 };
	for (let at = 0; at < 8; at++) {
		let length = 0;
		while (groups[at + length] === '0') length++;
		if (length > best.length) best = { at, length };
	}
	if (best.at < 0) return groups.join(':');
	return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}

/** The block, or nothing where the text is none. */
export function parseCidr(text: string): CidrBlock | undefined {
	const at = text.lastIndexOf('/');
	const address = at < 0 ? undefined : parseIp(text.slice(0, at));
	const digits = text.slice(at + 1);
	if (!address || !/^(0|[1-9]\d{0,2})$/.test(digits) || Number(digits) > bitsOf(address)) return undefined;
	return { address, prefix: Number(digits) };
}

/** The block's first address. */
export function maskedAddress({ address, prefix }: CidrBlock): IpAddress {
	const free = BigInt(bitsOf(address) - prefix);
	return { family: address.family, value: (address.value >> free) << free };
}

/** Whether an address lies in a block. */
export function containsIp(block: CidrBlock, address: IpAddress): boolean {
	const free = BigInt(bitsOf(block.address) - block.prefix);
	return block.address.family === address.family && block.address.value >> free === address.value >> free;
}

/** Whether a block lies in a block. */
export function containsCidr(block: CidrBlock, other: CidrBlock): boolean {
	return other.prefix >= block.prefix && containsIp(block, other.address);
}

function bitsOf({ family }: IpAddress): 32 | 128 {
	return family === 4 ? 32 : 128;
}

const within = (address: IpAddress, cidr: string) => containsIp(parseCidr(cidr)!, address);

/** What kind of address it is, in the terms of Go's `netip.Addr`. */
export const IP_TESTS: Readonly<Record<string, (address: IpAddress) => boolean>> = {
	isUnspecified: ({ value }) => value === 0n,
	isLoopback: address => within(address, '127.0.0.0/8') || within(address, '::1/128'),
	isLinkLocalMulticast: address => within(address, '224.0.0.0/24') || isLocalMulticast6(address),
	isLinkLocalUnicast: address => within(address, '169.254.0.0/16') || within(address, 'fe80::/10'),
	isGlobalUnicast: address =>
		address.value !== 0n &&
		!(address.family === 4 && address.value === 0xffffffffn) &&
		!IP_TESTS['isLoopback']!(address) &&
		!IP_TESTS['isLinkLocalUnicast']!(address) &&
		!within(address, '224.0.0.0/4') &&
		!within(address, 'ff00::/8'),
};

function isLocalMulticast6({ family, value }: IpAddress): boolean {
	return family === 6 && value >> 120n === 0xffn && ((value >> 112n) & 0xfn) === 2n;
}
