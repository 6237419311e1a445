/**
 * The formats of texts and numbers that an API server checks: those of Go types in its own kinds, those of kube-openapi's
 * registry (pkg/validation/strfmt) in custom resources. Formats that it does not know are ignored, there and here.
 */
import { decodeBase64 } from '../../base/base64';
import { isQuantity } from './quantity';

/** Why the text does not have the format, as a noun phrase to follow "is not"; nothing where it has it, or the format is not known. */
export function formatFault(format: string, text: string): string | undefined {
	const check = TEXT_FORMATS.get(format);
	return check === undefined || check.test(text) ? undefined : check.what;
}

const RANGES: ReadonlyMap<string, readonly [bigint, bigint]> = new Map([
	['int32', [-(1n << 31n), (1n << 31n) - 1n]],
	['int64', [-(1n << 63n), (1n << 63n) - 1n]],
	['uint32', [0n, (1n << 32n) - 1n]],
	['uint64', [0n, (1n << 64n) - 1n]],
]);

/** Whether a whole number fits the format; any does where the format sets no bounds. */
export function integerFits(format: string, value: number | bigint): boolean {
	const range = RANGES.get(format);
	if (range === undefined || (typeof value === 'number' && !Number.isInteger(value))) return true;
	const whole = BigInt(value);
	return whole >= range[0] && whole <= range[1];
}

interface TextFormat {
	readonly what: string;
	test(text: string): boolean;
}

const byPattern = (what: string, pattern: RegExp): TextFormat => ({ what, test: text => pattern.test(text) });

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const HOSTNAME =
	/^(?=.{1,255}$)[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,62}[a-zA-Z0-9_])?(?:\.[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,62}[a-zA-Z0-9_])?)*\.?$/;

const DATE_TIME = byPattern(
	'a time as in RFC 3339, such as 2006-01-02T15:04:05Z',
	/^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?$/,
);

const TEXT_FORMATS: ReadonlyMap<string, TextFormat> = new Map<string, TextFormat>([
	['byte', { what: 'base64', test: text => decodeBase64(text) !== undefined }],
	['date', byPattern('a date such as 2006-01-02', /^\d{4}-\d{2}-\d{2}$/)],
	['date-time', DATE_TIME],
	['datetime', DATE_TIME],
	['duration', { what: 'a duration such as 1h30m', test: isDuration }],
	['quantity', { what: 'a quantity such as 500m or 2Gi', test: isQuantity }],
	['uri', { what: 'a URI', test: isRequestUri }],
	['email', byPattern('an e-mail address', /^[^\s@]+@[^\s@]+$|<[^\s@]+@[^\s@]+>$/)],
	['hostname', byPattern('a host name', HOSTNAME)],
	['ipv4', byPattern('an IPv4 address', IPV4)],
	['ipv6', { what: 'an IPv6 address', test: isIpv6 }],
	['cidr', { what: 'an address range such as 10.0.0.0/8', test: isCidr }],
	['mac', byPattern('a MAC address', /^[0-9A-Fa-f]{2}([-:.]?[0-9A-Fa-f]{2}){5,19}$/)],
	['uuid', byPattern('a UUID', /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i)],
]);

/** `time.ParseDuration`, and as strfmt a number with a unit written out (`3 days`). */
function isDuration(text: string): boolean {
	return (
		/^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.test(text) ||
		/^\s*\d+\s*(ns|nano|nanosecond|us|\u00b5s|micro|microsecond|ms|milli|millisecond|s|sec|second|m|min|minute|h|hr|hour|d|day|w|wk|week)s?\s*$/i.test(
			text,
		)
	);
}

/** `url.ParseRequestURI`: a path from the root, or a scheme; no control characters, no broken escapes. */
function isRequestUri(text: string): boolean {
	if (text === '' || /[\u0000-\u001f\u007f]/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text.split('?')[0]!))
		return false;
	return text === '*' || text.startsWith('/') || /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text);
}

function isIpv6(text: string): boolean {
	const [address, zone] = text.split('%', 2);
	if (zone === '' || !address!.includes(':')) return false;
	const halves = address!.split('::');
	if (halves.length > 2) return false;
	const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')));
	const last = groups.at(-1);
	const tail = last?.includes('.') ? (IPV4.test(last) ? 2 : undefined) : 0;
	if (tail === undefined) return false;
	const plain = tail ? groups.slice(0, -1) : groups;
	const count = plain.length + tail;
	return plain.every(group => /^[0-9A-Fa-f]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

function isCidr(text: string): boolean {
	const [address, length, ...rest] = text.split('/');
	if (rest.length > 0 || length === undefined || !/^\d{1,3}$/.test(length)) return false;
	return IPV4.test(address!) ? Number(length) <= 32 : isIpv6(address!) && Number(length) <= 128;
}
