/** Charts that are OCI artifacts: tags, manifest and layer by the distribution API, with the token that the registry asks for. */
import { parseVersion } from '../../core/gitops/helm/semver';
import { addressOf, type Answer, get, type Limits, Unavailable } from './download';
import { isObject, type Login } from './helm-files';
import { ARCHIVE, type Archive, basic, noVersion, refuse, verify } from './http-repository';
import { chooseVersion } from './repository-index';

const SMALL: Limits = { timeoutMs: 30_000, maxBytes: 4 * 1024 * 1024 };

const MANIFESTS = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

/** `oci://host/path`, and the version that is asked for: a tag, a `sha256:` digest, a range, or nothing for the latest. */
export async function fromOciRegistry(
	url: string,
	version: string,
	login: Login | undefined,
	signal: AbortSignal,
	timeoutMs = Infinity,
): Promise<Archive> {
	const [, host, path] = /^oci:\/\/([^/]+)\/(.+?)\/*$/.exec(url) ?? [];
	if (host === undefined || path === undefined) throw new Unavailable(`"${url}" is no address of an OCI artifact.`);
	const registry = new Registry(host, path, login, signal, timeoutMs);
	const reference = await chooseReference(registry, version);
	const manifest = await registry.get(`manifests/${reference.tag}`, SMALL, { accept: MANIFESTS });
	refuse(manifest.status, `${url}:${reference.version}`);
	if (reference.tag.startsWith('sha256:')) verify(manifest.body, reference.tag.slice('sha256:'.length), url);
	const digest = layerOf(manifest, url);
	const blob = await registry.get(`blobs/${digest}`, ARCHIVE, {});
	refuse(blob.status, url);
	verify(blob.body, digest.slice('sha256:'.length), url);
	return { kind: 'archive', bytes: new Uint8Array(blob.body), version: reference.version };
}

interface Reference {
	readonly tag: string;
	readonly version: string;
}

/** A tag that exists is taken as it is; everything else is a range over the tags. `+` cannot stand in a tag, and is `_` there. */
async function chooseReference(registry: Registry, version: string): Promise<Reference> {
	if (version.startsWith('sha256:')) return { tag: version, version };
	const tag = version.replaceAll('+', '_');
	if (EXACT.test(version) || NO_RANGE.test(version)) return { tag, version };
	const tags = await registry.tags();
	if (tags.includes(tag)) return { tag, version };
	const versions = tags
		.map(each => ({ tag: each, version: each.replaceAll('_', '+') }))
		.filter(each => parseVersion(each.version));
	const chosen = chooseVersion(versions, version);
	if (!chosen) throw new Unavailable(noVersion(registry.path, version, versions));
	return chosen;
}

/** What `semver.StrictNewVersion` reads: such a version is a tag, and the registry says whether it is there. */
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** `latest`, `main-4f2a`: a tag that no range looks like. */
const NO_RANGE = /^(?!v\d|[xX]$|[xX]\.)[A-Za-z_]/;

const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/** The digest of the layer that holds the chart: helm's own, or the only archive there is (as `flux push artifact` makes it). */
function layerOf({ body }: Answer, url: string): string {
	let manifest: unknown;
	try {
		manifest = JSON.parse(body.toString('utf8'));
	} catch {
		throw new Unavailable(`${url} has a manifest that is no JSON.`);
	}
	const layers = isObject(manifest) && Array.isArray(manifest.layers) ? manifest.layers.filter(isObject) : [];
	const layer = layers.find(({ mediaType }) => mediaType === CHART_LAYER) ?? layers.find(isArchive);
	const digest = layer?.digest;
	if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Unavailable(`${url} is no chart.`);
	return digest;
}

function isArchive({ mediaType }: Readonly<Record<string, unknown>>): boolean {
	return typeof mediaType === 'string' && mediaType.endsWith('tar+gzip');
}

const MAX_PAGES = 50;
/** All pages together may take so long, in milliseconds. */
const PAGES_MS = 60_000;

/** One repository of a registry, for as long as one chart is fetched; keeps the token. */
class Registry {
	#authorization: string | undefined;

	constructor(
		readonly host: string,
		readonly path: string,
		private readonly login: Login | undefined,
		private readonly signal: AbortSignal,
		private readonly timeoutMs: number,
	) {}

	/** GETs below `/v2/PATH/`; answers the registry's challenge once. */
	async get(below: string, limits: Limits, headers: Readonly<Record<string, string>>): Promise<Answer> {
		const url = addressOf(`/v2/${this.path}/${below}`, this.#origin()).href;
		const first = await this.#send(url, limits, headers);
		if (first.status !== 401 || this.#authorization !== undefined) return first;
		this.#authorization = await this.#authorize(first.headers.get('www-authenticate') ?? '');
		return this.#authorization === undefined ? first : this.#send(url, limits, headers);
	}

	/** Every tag, page by page. */
	async tags(): Promise<readonly string[]> {
		const tags: string[] = [];
		let below: string | undefined = 'tags/list?n=1000';
		const limit = Math.min(PAGES_MS, this.timeoutMs);
		const end = performance.now() + limit;
		for (let page = 0; below !== undefined && page < MAX_PAGES; page++) {
			if (performance.now() > end)
				throw new Unavailable(
					`oci://${this.host}/${this.path} did not list its tags within ${Math.round(limit / 1000)} s.`,
				);
			const answer: Answer = await this.get(below, SMALL, {});
			refuse(answer.status, `oci://${this.host}/${this.path}`);
			tags.push(...tagsIn(answer.body.toString('utf8')));
			below = nextPage(answer.headers.get('link'));
		}
		return tags;
	}

	#origin(): string {
		// As helm's library has it: only this machine is spoken to without encryption.
		return `${/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(this.host) ? 'http' : 'https'}://${this.host}`;
	}

	#send(url: string, limits: Limits, headers: Readonly<Record<string, string>>): Promise<Answer> {
		const authorization: Record<string, string> =
			this.#authorization === undefined ? {} : { authorization: this.#authorization };
		const within = { ...limits, timeoutMs: Math.min(limits.timeoutMs, this.timeoutMs) };
		return get(url, { ...headers, ...authorization }, within, this.signal);
	}

	/** `Bearer realm="...",service="...",scope="..."`: a token from the realm; `Basic`: the login itself. */
	async #authorize(challenge: string): Promise<string | undefined> {
		if (/^basic\b/i.test(challenge)) return this.login && basic(this.login);
		const parameters = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value!]));
		const realm = parameters.get('realm');
		if (!/^bearer\b/i.test(challenge) || realm === undefined || !URL.canParse(realm)) return undefined;
		const address = new URL(realm);
		if (address.protocol === 'http:' && this.#origin().startsWith('https:')) return undefined;
		for (const key of ['service', 'scope']) {
			const value = parameters.get(key);
			if (value !== undefined) address.searchParams.set(key, value);
		}
		const headers: Record<string, string> = this.login ? { authorization: basic(this.login) } : {};
		const limits = { ...SMALL, timeoutMs: Math.min(SMALL.timeoutMs, this.timeoutMs) };
		const answer = await get(address.href, headers, limits, this.signal);
		refuse(answer.status, `oci://${this.host}/${this.path}`);
		const token = tokenIn(answer.body.toString('utf8'));
		return token === undefined ? undefined : `Bearer ${token}`;
	}
}

function tokenIn(text: string): string | undefined {
	const { token, access_token: other } = objectIn(text);
	const found = token ?? other;
	return typeof found === 'string' && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
}

function tagsIn(text: string): readonly string[] {
	const { tags } = objectIn(text);
	return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [];
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : {};
	} catch {
		return {};
	}
}

/** `<https://host/v2/path/tags/list?last=x&n=1000>; rel="next"`: only the query counts, so that nobody is led elsewhere. */
function nextPage(link: string | null): string | undefined {
	const query = /<[^>?]*\?([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
	return query === undefined ? undefined : `tags/list?${query}`;
}
