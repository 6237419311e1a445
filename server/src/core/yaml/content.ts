/**
 * The values of a YAML document, with the origin of each node, out of its syntax: aliases followed, merge keys merged, plain
 * scalars given their type. Two files that differ in comments and blank lines only have the same content.
 */
import type { PathLink } from '../base/address';
import type { FilePath } from '../base/paths';
import type { MapEntry, MapNode, Node, Origin, ScalarNode, Step } from './node';
import { isUnreadableBlock, resolvePlain, type Tag } from './scalar';
import { MAX_WEIGHT, weightOfText } from './weight';
import { isOldBoolean } from './yaml-11';
import type { Syntax, SyntaxDocument, SyntaxMap, SyntaxNode, SyntaxScalar, SyntaxSeq } from './syntax';

/** Something in a document that has no value: an alias without anchor, too many aliases, a key that stands twice or is no scalar. */
export interface ContentProblem {
	readonly kind: 'unknown-alias' | 'alias-bomb' | 'duplicate-key' | 'bad-merge' | 'complex-key';
	readonly name: string;
	readonly document: number;
	readonly link: PathLink | undefined;
}

export interface ContentDocument {
	readonly root: Node | undefined;
	readonly problems: readonly ContentProblem[];
	/** The first line of what the parser refused, if it did; the real tools stop at such a document. */
	readonly syntaxError?: string;
}

/** Where the text stands: a whole file, or the scalar at `link` of a document of it. */
export interface Host {
	readonly file: FilePath;
	readonly embedded?: { readonly document: number; readonly link: PathLink | undefined };
	readonly step: Step;
}

/** The values of each document in order. */
export function readContent(syntax: Syntax, host: Host): readonly ContentDocument[] {
	return syntax.documents.map((document, index) => new Reader(host, index).read(document));
}

/**
 * Whether a place is behind a root in braces: there go-yaml's document ends, and nobody looks at what follows (two JSON objects in one
 * file). A block reaches to the next marker.
 */
function isBehind({ root }: SyntaxDocument, offset: number): boolean {
	return root !== undefined && (root.kind === 'map' || root.kind === 'seq') && root.flow && offset >= root.range.end;
}

const BAD_ANCHOR = 'did not find expected alphabetic or numeric character';

/** Names of anchors in go-yaml (`yaml_parser_scan_anchor`); YAML 1.2 allows nearly everything. */
function isAnchorName(name: string | undefined): boolean {
	return name === undefined || /^[0-9A-Za-z_-]+$/.test(name);
}

const TAGS: ReadonlyMap<string, Tag> = new Map(
	(['str', 'int', 'float', 'bool', 'null', 'timestamp', 'binary', 'merge'] as const).flatMap(name => [
		[`tag:yaml.org,2002:${name}`, `!!${name}`] as const,
		[`!!${name}`, `!!${name}`] as const,
	]),
);

/** Reads one document; lives as long as that takes. */
class Reader {
	readonly #host: Host;
	readonly #index: number;
	readonly #anchors = new Map<string, { node: Node; size: number }>();
	readonly #problems: ContentProblem[] = [];
	#size = 0;
	#inFlow = false;
	/** What go-yaml alone refuses. */
	#refused: string | undefined;

	constructor(host: Host, index: number) {
		this.#host = host;
		this.#index = index;
	}

	read(document: SyntaxDocument): ContentDocument {
		const root = document.root && this.#node(document.root, undefined);
		const bomb = this.#problems.some(problem => problem.kind === 'alias-bomb');
		const result = { root: bomb ? undefined : root, problems: this.#problems };
		const error = document.errors.find(({ range }) => !isBehind(document, range.start))?.message ?? this.#refused;
		return error === undefined ? result : { ...result, syntaxError: error };
	}

	#node(syntax: SyntaxNode, link: PathLink | undefined): Node {
		if (!isAnchorName(syntax.kind === 'alias' ? syntax.name : syntax.anchor)) this.#refused ??= BAD_ANCHOR;
		if (syntax.kind === 'alias') return this.#alias(syntax.name, link);
		const before = this.#size;
		this.#size += syntax.kind === 'scalar' ? weightOfText(syntax.text) : 1;
		const node =
			syntax.kind === 'map'
				? this.#within(syntax, () => this.#map(syntax, link))
				: syntax.kind === 'seq'
					? {
							kind: 'seq' as const,
							items: this.#within(syntax, () =>
								syntax.items.map((item, key) => this.#valueOf(item, { parent: link, key })),
							),
							...(syntax.comment === undefined ? undefined : { comment: syntax.comment }),
							origin: this.#origin(link),
						}
					: this.#scalar(syntax, link);
		if (syntax.anchor) this.#anchors.set(syntax.anchor, { node, size: this.#size - before });
		return node;
	}

	#within<T>({ flow }: SyntaxMap | SyntaxSeq, read: () => T): T {
		const before = this.#inFlow;
		this.#inFlow ||= flow;
		const result = read();
		this.#inFlow = before;
		return result;
	}

	#valueOf(syntax: SyntaxNode | undefined, link: PathLink): Node {
		return syntax ? this.#node(syntax, link) : this.#null(link);
	}

	#null(link: PathLink | undefined): ScalarNode {
		return { kind: 'scalar', text: '', tag: '!!null', style: 'plain', origin: this.#origin(link) };
	}

	#scalar(syntax: SyntaxScalar, link: PathLink | undefined): ScalarNode {
		const { text, style } = syntax;
		// Written again without the indicator that it needs, it cannot be read any more (`RNode.MarshalJSON`).
		if ((style === 'literal' || style === 'folded') && isUnreadableBlock(text))
			this.#refused ??= 'found a tab character where an indentation space is expected';
		// A lone `!` is null, as if it were not there.
		if (text === '' && style === 'plain' && syntax.tag === '!') return this.#null(link);
		const tag = TAGS.get(syntax.tag ?? '') ?? (style === 'plain' && !syntax.tag ? resolvePlain(text) : '!!str');
		// Written again in braces or brackets, where a colon needs quotes, it is a text (`yaml_emitter_select_scalar_style`).
		if (this.#inFlow && tag === '!!timestamp' && text.includes(':'))
			return { kind: 'scalar', text, tag: '!!str', style: 'single', origin: this.#origin(link) };
		const isText = style === 'plain' && syntax.tag !== undefined && tag === '!!str' && isOldBoolean(text);
		return {
			kind: 'scalar',
			text,
			tag: tag === '!!merge' ? '!!str' : tag,
			style,
			...(isText ? { isTagged: true } : undefined),
			origin: this.#origin(link),
		};
	}

	#alias(name: string, link: PathLink | undefined): Node {
		const target = this.#anchors.get(name);
		if (!target) {
			this.#problem('unknown-alias', name, link);
			return this.#null(link);
		}
		this.#size += target.size;
		// go-yaml gives up, too, where aliases make a document much larger than it is written.
		if (this.#size <= MAX_WEIGHT) return target.node;
		if (!this.#problems.some(problem => problem.kind === 'alias-bomb')) this.#problem('alias-bomb', name, link);
		return this.#null(link);
	}

	#map(syntax: SyntaxMap, link: PathLink | undefined): MapNode {
		const entries: MapEntry[] = [];
		const at = new Map<string, number>();
		const merges: Node[] = [];
		const repeats = new Map<string, MapEntry>();
		for (const { key, value, complexKey } of syntax.entries) {
			if (!isAnchorName(key.anchor)) this.#refused ??= BAD_ANCHOR;
			if (complexKey) this.#problem('complex-key', key.text, { parent: link, key: key.text });
			const isPlain = key.style === 'plain' && !key.tag;
			const tag = isPlain ? resolvePlain(key.text) : '!!str';
			const here = { parent: link, key: key.text };
			if (tag === '!!merge') {
				merges.push(this.#valueOf(value, here));
				continue;
			}
			const entry: MapEntry = {
				key: key.text,
				...(tag !== '!!str' || (!isPlain && isOldBoolean(key.text)) ? { keyTag: tag } : undefined),
				value: this.#valueOf(value, here),
			};
			const before = at.get(key.text);
			if (before === undefined) at.set(key.text, entries.push(entry) - 1);
			else {
				this.#problem('duplicate-key', key.text, here);
				if (!repeats.has(key.text)) repeats.set(key.text, entries[before]!);
				entries[before] = entry;
			}
		}
		for (const merge of merges) {
			for (const source of merge.kind === 'seq' ? merge.items : [merge]) {
				if (source.kind !== 'map') this.#problem('bad-merge', '<<', { parent: link, key: '<<' });
				else for (const entry of source.entries) if (!at.has(entry.key)) at.set(entry.key, entries.push(entry) - 1);
			}
		}
		const repeated = repeats.size > 0 ? { repeated: [...repeats.values()] } : undefined;
		return { kind: 'map', entries, ...repeated, origin: this.#origin(link) };
	}

	#origin(link: PathLink | undefined): Origin {
		const { file, embedded, step } = this.#host;
		if (!embedded) return { step, file, document: this.#index, link };
		return { step, file, document: embedded.document, link: embedded.link, within: { document: this.#index, link } };
	}

	#problem(kind: ContentProblem['kind'], name: string, link: PathLink | undefined): void {
		this.#problems.push({ kind, name, document: this.#index, link });
	}
}
