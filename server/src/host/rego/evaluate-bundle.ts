/** One bundle on some objects: entry points that end in `deny`, `violation` or `warn`, or give a map of them, and the messages that they give. */
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { unpackArchive } from '../../core/gitops/helm/archive';
import type { RegoAnswer, RegoBundle, RegoFinding } from '../../core/workspace/rego-engine';

/** Pages of 64 KiB: 64 MiB. */
const MAX_PAGES = 1024;
/** More of one rule for one object are not told. */
const MAX_FINDINGS = 20;

type Json = unknown;

/** What each object violates, or why that cannot be told. */
export async function evaluateBundle(bundle: RegoBundle, objects: readonly string[]): Promise<RegoAnswer> {
	try {
		const { wasm, data } = partsOf(bundle);
		const policy = await loadPolicy(wasm, { initial: 5, maximum: MAX_PAGES });
		policy.setData(data as object);
		const points = Object.keys(policy.entrypoints);
		const rules = points.filter(point => kindOf(point) !== undefined);
		const asked = rules.length > 0 ? rules : points;
		const answers = objects.map(object =>
			asked.flatMap(point => findingsOf(point, (policy.evaluate(JSON.parse(object), point) as readonly Json[])[0])),
		);
		if (rules.length === 0 && !answers.flat().length && !points.some(point => givesRules(policy.evaluate({}, point))))
			return { kind: 'not-evaluated', why: 'none of its entry points is named deny, violation or warn' };
		return { kind: 'answers', answers };
	} catch (error) {
		return { kind: 'not-evaluated', why: reasonOf(error) };
	}
}

/** The policy and its data: of a bundle, or a bare policy with what stands beside it. */
function partsOf({ bytes, data }: RegoBundle): { readonly wasm: Uint8Array; readonly data: Json } {
	if (bytes[0] === 0 && bytes[1] === 0x61) return { wasm: bytes, data: data === undefined ? {} : JSON.parse(data) };
	const unpacked = unpackArchive(bytes, name => name.replace(/^(\.?\/)+/, ''));
	if (unpacked.kind === 'refused') throw new Error(unpacked.why);
	const wasm = [...unpacked.files].find(([name]) => name.endsWith('policy.wasm'))?.[1];
	if (!wasm) throw new Error('the bundle holds no policy.wasm; it is made by `opa build -t wasm`');
	const merged: Record<string, Json> = {};
	for (const [name, content] of unpacked.files) {
		const directories = name.split('/');
		if (directories.pop() === 'data.json') insert(merged, directories, JSON.parse(new TextDecoder().decode(content)));
	}
	return { wasm, data: merged };
}

/** `a/b/data.json` is `data.a.b`. */
function insert(into: Record<string, Json>, path: readonly string[], value: Json): void {
	let at = into;
	for (const part of path) {
		if (!isMap(at[part])) at[part] = Object.create(null);
		at = at[part] as Record<string, Json>;
	}
	if (isMap(value)) Object.assign(at, value);
}

/** conftest's names of rules, with what follows an underscore. */
function kindOf(point: string): RegoFinding['kind'] | undefined {
	const name = /(?:^|\/)(deny|violation|warn)(?:_[a-zA-Z0-9]+)*$/.exec(point)?.[1];
	return name === undefined ? undefined : name === 'warn' ? 'warn' : 'deny';
}

function givesRules(result: Json): boolean {
	const value = valueOf((result as readonly Json[])[0]);
	return isMap(value) && Object.keys(value).some(name => kindOf(name) !== undefined);
}

function valueOf(result: Json): Json {
	return isMap(result) ? result['result'] : undefined;
}

function findingsOf(point: string, result: Json): readonly RegoFinding[] {
	const value = valueOf(result);
	const kind = kindOf(point);
	if (kind !== undefined) return messagesOf(value).map(message => ({ rule: point, kind, message }));
	if (!isMap(value)) return [];
	return Object.entries(value).flatMap(([name, inner]) => {
		const below = kindOf(name);
		return below === undefined
			? []
			: messagesOf(inner).map(message => ({ rule: `${point}/${name}`, kind: below, message }));
	});
}

/** A set of texts, or of maps with a `msg`; or just `true`. */
function messagesOf(value: Json): readonly string[] {
	if (value === true) return [''];
	if (typeof value === 'string') return [value];
	if (!Array.isArray(value)) return [];
	return value
		.slice(0, MAX_FINDINGS)
		.map((item: Json) =>
			typeof item === 'string' ? item : isMap(item) && typeof item['msg'] === 'string' ? item['msg'] : '',
		);
}

function isMap(value: Json): value is Record<string, Json> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The library throws texts and bare objects too. */
function reasonOf(error: unknown): string {
	const message = typeof error === 'string' ? error : isMap(error) ? error['message'] : String(error);
	return `it could not be run (${String(message).split('\n', 1)[0]!.slice(0, 200)})`;
}
