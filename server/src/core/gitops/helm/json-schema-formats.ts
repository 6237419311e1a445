/** The formats of JSON schemas, as santhosh-tekuri/jsonschema v6 checks them (format.go), with its words for what is wrong. */
import { goRegExp } from '../../base/go-regexp';

/** What is wrong with the text; nothing where it fits or the format is not known. */
export function checkFormat(format: string, text: string): string | undefined {
	return FORMATS.get(format)?.(text);
}

type Check = (text: string) => string | undefined;

function matching(pattern: RegExp, words: string): Check {
	return text => (pattern.test(text) ? undefined : words);
}

const FORMATS: ReadonlyMap<string, Check> = new Map<string, Check>([
	['hostname', checkHostname],
	['email', checkEmail],
	['ipv4', checkIpv4],
	['ipv6', checkIpv6],
	['uri', text => checkUri(text, 'absolute')],
	['uri-reference', text => checkUri(text, 'reference')],
	['date', checkDate],
	['time', checkTime],
	['date-time', checkDateTime],
	['uuid', matching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, 'must be uuid')],
	['json-pointer', matching(/^(\/([^~]|~[01])*)*$/, 'must be json pointer')],
	['regex', checkRegex],
	['duration', matching(/^P(\d+W|(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)$/, 'must be duration')],
]);

function checkHostname(text: string): string | undefined {
	const host = text.replace(/\.$/, '');
	if (host.length > 253) return 'more than 253 characters long';
	for (const label of host.split('.')) {
		if (label.length < 1 || label.length > 63) return 'label must be 1 to 63 characters long';
		if (label.startsWith('-')) return 'label starts with hyphen';
		if (label.endsWith('-')) return 'label ends with hyphen';
		const bad = /[^a-z0-9-]/i.exec(label);
		if (bad) return `invalid character '${bad[0]}'`;
	}
	return undefined;
}

function checkEmail(text: string): string | undefined {
	if (text.length > 254) return 'more than 255 characters long';
	const at = text.lastIndexOf('@');
	if (at < 0) return 'missing @';
	const local = text.slice(0, at);
	const domain = text.slice(at + 1);
	if (local.length > 64) return 'local part more than 64 characters long';
	if (local.length > 1 && local.startsWith('"') && local.endsWith('"'))
		return /["\\]/.test(local.slice(1, -1))
			? 'backslash and quote are not allowed within quoted local part'
			: undefined;
	if (local.startsWith('.')) return 'starts with dot';
	if (local.endsWith('.')) return 'ends with dot';
	if (local.includes('..')) return 'consecutive dots';
	const bad = /[^a-z0-9.!#$%&'*+/=?^_`{|}~-]/i.exec(local);
	if (bad) return `invalid character '${bad[0]}'`;
	const literal = /^\[(IPv6:)?(.*)\]$/.exec(domain);
	if (literal) return literal[1] ? checkIpv6(literal[2]!) : checkIpv4(literal[2]!);
	const problem = checkHostname(domain);
	return problem === undefined ? undefined : `invalid domain: ${problem}`;
}

function checkIpv4(text: string): string | undefined {
	const groups = text.split('.');
	if (groups.length !== 4) return 'expected four decimals';
	for (const group of groups) {
		if (!/^[0-9]+$/.test(group)) return `invalid decimal ${group}`;
		if (group.length > 1 && group.startsWith('0')) return 'leading zeros';
		if (Number(group) > 255) return 'decimal must be between 0 and 255';
	}
	return undefined;
}

function checkIpv6(text: string): string | undefined {
	const words = 'invalid ipv6';
	if (!text.includes(':') || text.split('::').length > 2) return words;
	const groups = text.split(':');
	const last = groups.at(-1)!;
	const embedded = last.includes('.');
	if (embedded && checkIpv4(last) !== undefined) return words;
	const parts = (embedded ? groups.slice(0, -1) : groups).filter(group => group !== '');
	if (parts.some(part => !/^[0-9a-f]{1,4}$/i.test(part))) return words;
	const count = parts.length + (embedded ? 2 : 0);
	if (/^:[^:]|[^:]:$/.test(text)) return words;
	return text.includes('::') ? (count < 8 ? undefined : words) : count === 8 ? undefined : words;
}

/** As Go's `url.Parse` reads it: bad escapes, control characters, a colon before any slash. */
function checkUri(text: string, form: 'absolute' | 'reference'): string | undefined {
	const fails = (words: string) => `parse ${JSON.stringify(text)}: ${words}`;
	if (/[\x00-\x1f\x7f]/.test(text)) return fails('net/url: invalid control character in URL');
	const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text);
	if (text.startsWith(':')) return fails('missing protocol scheme');
	if (!scheme && /^[^/?#]*:/.test(text)) return fails('first path segment in URL cannot contain colon');
	if (form === 'absolute' && !scheme) return 'relative url';
	const escape = /%(?![0-9a-f]{2}).{0,2}/i.exec(text);
	if (escape) return fails(`invalid URL escape ${JSON.stringify(escape[0])}`);
	const authority = /^[^:/?#]*:?\/\/([^/?#]*)/.exec(text)?.[1] ?? '';
	if (/[ <>"]/.test(authority)) return fails('invalid character in host name');
	if (text.includes('\\')) return 'contains \\';
	return undefined;
}

function checkDate(text: string): string | undefined {
	const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
	if (!parts) return 'must be full-date';
	const days = new Date(Date.UTC(Number(parts[1]), Number(parts[2]), 0)).getUTCDate();
	return Number(parts[2]) >= 1 && Number(parts[2]) <= 12 && Number(parts[3]) >= 1 && Number(parts[3]) <= days
		? undefined
		: 'day out of range';
}

function checkTime(text: string): string | undefined {
	const parts = /^(\d{2}):(\d{2}):(\d{2})(\.\d+)?(z|[+-](\d{2}):(\d{2}))$/i.exec(text);
	if (!parts) return 'must be time';
	return Number(parts[1]) < 24 && Number(parts[2]) < 60 && Number(parts[3]) <= 60 ? undefined : 'time out of range';
}

function checkDateTime(text: string): string | undefined {
	const [date = '', time] = text.split(/t/i);
	if (time === undefined) return "11th character must be 'T'";
	return checkDate(date) ?? checkTime(time);
}

function checkRegex(text: string): string | undefined {
	return goRegExp(text) ? undefined : 'must be regex';
}
