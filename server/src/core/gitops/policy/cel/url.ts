/** URLs as Go's `url.ParseRequestURI` splits them, for CEL's url library. */

export interface ParsedUrl {
	readonly scheme: string;
	/** With the port. */
	readonly host: string;
	/** Without the port, and without the brackets of an IPv6 address. */
	readonly hostname: string;
	readonly port: string;
	readonly escapedPath: string;
	readonly query: ReadonlyMap<string, readonly string[]>;
}

/** The parts of an absolute URL or of an absolute path; nothing for anything else. */
export function parseUrl(text: string): ParsedUrl | undefined {
	const parts = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/s.exec(text);
	if (!parts || /[\u0000-\u0020\u007f]/.test(text)) return undefined;
	const [, scheme = '', authority = '', path = '', query = ''] = parts;
	if (scheme === '' && !path.startsWith('/')) return undefined;
	if (/%(?![0-9a-fA-F]{2})/.test(path)) return undefined;
	const host = authority.slice(authority.lastIndexOf('@') + 1);
	const named = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host);
	if (!named) return undefined;
	return {
		scheme: scheme.toLowerCase(),
		host,
		hostname: named[1]!.replace(/^\[|\]$/g, ''),
		port: named[2] ?? '',
		escapedPath: path,
		query: parseQuery(query),
	};
}

function parseQuery(query: string): Map<string, string[]> {
	const out = new Map<string, string[]>();
	for (const pair of query.split('&')) {
		if (pair === '') continue;
		const at = pair.indexOf('=');
		const key = unescape(at < 0 ? pair : pair.slice(0, at));
		const value = at < 0 ? '' : unescape(pair.slice(at + 1));
		out.set(key, [...(out.get(key) ?? []), value]);
	}
	return out;
}

function unescape(text: string): string {
	try {
		return decodeURIComponent(text.replaceAll('+', ' '));
	} catch {
		return text;
	}
}
