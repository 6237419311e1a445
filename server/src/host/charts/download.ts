/**
 * One thing from the network, bounded in every way: in time, in size, in redirects. Credentials go to the server that they were meant
 * for and to nobody that it points to.
 */

/** Why something could not be had, in a sentence for people, without credentials. */
export class Unavailable extends Error {
	override readonly name = 'Unavailable';
}

export interface Limits {
	/** Milliseconds until an answer must be complete. */
	readonly timeoutMs: number;
	readonly maxBytes: number;
}

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Buffer;
	/** Where the answer came from in the end. */
	readonly url: string;
}

const MAX_REDIRECTS = 5;

/**
 * GETs an address of `http:` or `https:`. Gives any status but redirects; throws `Unavailable` for what cannot be had, and what the
 * signal carries where it is aborted.
 */
export async function get(
	address: string,
	headers: Readonly<Record<string, string>>,
	limits: Limits,
	signal: AbortSignal,
): Promise<Answer> {
	const timeout = AbortSignal.timeout(limits.timeoutMs);
	const either = AbortSignal.any([signal, timeout]);
	try {
		return await follow(address, headers, limits, either);
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof Unavailable) throw error;
		if (timeout.aborted) {
			throw new Unavailable(`${shown(address)} did not answer within ${Math.round(limits.timeoutMs / 1000)} s.`);
		}
		throw new Unavailable(`${shown(address)} cannot be reached: ${reasonOf(error)}.`);
	}
}

async function follow(
	address: string,
	headers: Readonly<Record<string, string>>,
	limits: Limits,
	signal: AbortSignal,
): Promise<Answer> {
	let url = urlOf(address);
	let sent = headers;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const response = await fetch(url, { headers: sent, redirect: 'manual', signal });
		const location = response.headers.get('location');
		if (response.status < 300 || response.status >= 400 || location === null) {
			const body = await bodyOf(response, shown(url.href), limits.maxBytes);
			return { status: response.status, headers: response.headers, body, url: url.href };
		}
		await response.body?.cancel();
		const next = urlOf(new URL(location, url).href);
		if (url.protocol === 'https:' && next.protocol === 'http:') {
			throw new Unavailable(`${shown(url.href)} redirects to ${shown(next.href)}, which is not encrypted.`);
		}
		// Go's client keeps credentials for the same host only, and so does helm.
		if (next.host !== url.host) sent = withoutCredentials(sent);
		url = next;
	}
	throw new Unavailable(`${shown(address)} redirects more than ${MAX_REDIRECTS} times.`);
}

/** An address that somebody else has written, beside that of who names it. */
export function addressOf(text: string, base?: string): URL {
	try {
		return new URL(text, base);
	} catch {
		throw new Unavailable(`"${shown(text)}" is no address.`);
	}
}

function urlOf(address: string): URL {
	const url = addressOf(address);
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		throw new Unavailable(`${shown(address)} is neither http nor https.`);
	}
	// `fetch` refuses them in addresses; who calls has made a header of them.
	url.username = '';
	url.password = '';
	return url;
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

async function bodyOf(response: Response, name: string, maxBytes: number): Promise<Buffer> {
	const tooLarge = () => new Unavailable(`${name} is larger than ${Math.round(maxBytes / 1e6)} MB.`);
	if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
		await response.body?.cancel();
		throw tooLarge();
	}
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of response.body ?? []) {
		length += (chunk as Uint8Array).length;
		// Leaving the loop closes the connection.
		if (length > maxBytes) throw tooLarge();
		chunks.push(chunk as Uint8Array);
	}
	return Buffer.concat(chunks);
}

/** An address as people may read it: without user, password and query, which may hold a signature. */
export function shown(address: string): string {
	return address.replace(/\/\/[^/@]*@/, '//').replace(/\?.*$/, '');
}

function reasonOf(error: unknown): string {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
	return typeof code === 'string' ? code : typeof message === 'string' && message !== '' ? message : 'it failed';
}
