/** Charts out of an HTTP chart repository: its index, then the archive, which must have the digest that the index names. */
import { createHash } from 'node:crypto';
import type { ChartArchive } from '../../core/workspace/chart-archives';
import { addressOf, get, type Limits, shown, Unavailable } from './download';
import type { Login } from './helm-files';
import { chooseVersion, type IndexEntry, versionsIn } from './repository-index';

export type Archive = Extract<ChartArchive, { readonly kind: 'archive' }>;

const INDEX: Limits = { timeoutMs: 60_000, maxBytes: 64 * 1024 * 1024 };
export const ARCHIVE: Limits = { timeoutMs: 60_000, maxBytes: 32 * 1024 * 1024 };

/** Fetches the chart. `login` is for this repository's host; `timeoutMs` shortens every limit where it is less. */
export async function fromHttpRepository(
	url: string,
	name: string,
	version: string,
	login: Login | undefined,
	signal: AbortSignal,
	timeoutMs = Infinity,
): Promise<Archive> {
	const credentials = login ?? loginIn(url);
	const headers: Record<string, string> = credentials ? { authorization: basic(credentials) } : {};
	const within = (limits: Limits) => ({ ...limits, timeoutMs: Math.min(limits.timeoutMs, timeoutMs) });
	const index = await get(withPath(url, 'index.yaml'), headers, within(INDEX), signal);
	refuse(index.status, `${shown(url)}/index.yaml`);
	const entries = await versionsIn(index.body.toString('utf8'), name);
	if (entries.length === 0) throw new Unavailable(`The repository ${shown(url)} has no chart "${name}".`);
	const entry = chooseVersion(entries, version);
	if (!entry) throw new Unavailable(noVersion(name, version, entries));
	const address = addressOf(entry.urls[0]!, `${url.replace(/\/+$/, '')}/`);
	// Helm, too, gives its credentials to the repository's own host only, unless it is told to pass them on.
	const sameHost = address.host === new URL(url).host;
	const archive = await get(address.href, sameHost ? headers : {}, within(ARCHIVE), signal);
	refuse(archive.status, shown(address.href));
	verify(archive.body, entry.digest, shown(address.href));
	return { kind: 'archive', bytes: new Uint8Array(archive.body), version: entry.version };
}

/** A file below an address, which may have a query. */
function withPath(url: string, file: string): string {
	const address = addressOf(url);
	address.pathname = `${address.pathname.replace(/\/+$/, '')}/${file}`;
	return address.href;
}

/** `https://user:password@host/`. */
function loginIn(url: string): Login | undefined {
	if (!URL.canParse(url)) return undefined;
	const { username, password } = new URL(url);
	try {
		return username === ''
			? undefined
			: { username: decodeURIComponent(username), password: decodeURIComponent(password) };
	} catch {
		throw new Unavailable(`"${shown(url)}" is no address.`);
	}
}

export function basic({ username, password }: Login): string {
	return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Says what a status that is no success means. */
export function refuse(status: number, what: string): void {
	if (status >= 200 && status < 300) return;
	if (status === 401 || status === 403) {
		throw new Unavailable(
			`${what} asks for credentials; log in with "helm repo add" or "helm registry login", and Strata uses the same.`,
		);
	}
	throw new Unavailable(status === 404 ? `${what} does not exist.` : `${what} answers with status ${status}.`);
}

/** Refuses an archive with another digest than was promised. */
export function verify(bytes: Uint8Array, digest: string, what: string): void {
	const found = createHash('sha256').update(bytes).digest('hex');
	if (digest !== '' && found !== digest) {
		throw new Unavailable(`${what} has the digest sha256:${found}, and sha256:${digest} was promised; it is not used.`);
	}
}

const MOST_VERSIONS = 5;

/** The controller's own sentence, and what there is. */
export function noVersion(name: string, version: string, entries: readonly Pick<IndexEntry, 'version'>[]): string {
	const known = entries.map(entry => entry.version).slice(0, MOST_VERSIONS);
	return `no '${name}' chart with version matching '${version}' found; there are ${known.join(', ')}${entries.length > MOST_VERSIONS ? ', ...' : ''}.`;
}
