/**
 * A tree as go-yaml 3 prints it with the styles it was read with (`kyaml/yaml.String`: two spaces, lists not indented below keys,
 * lines of any length). Where nobody knows a style, it is block style and as the scalar's own.
 */
import { escape, mustEscape } from './emit-scalar';
import type { MapNode, Node, Origin, ScalarNode, SeqNode } from './node';
import { resolvePlain, type Tag } from './scalar';
import type { Presentation, StyledDocument } from './styled';

/** Prints a document with what is known of its styles. `isFlow` is asked for collections that were put in from elsewhere. */
export function emitStyled(document: StyledDocument, isFlow: (node: Node) => boolean = () => false): string {
	const printer = new Printer(document, isFlow);
	printer.document();
	return printer.lines.join('\n') + '\n';
}

/** Prints a node whose styles nobody has remembered, its scalars' apart. */
export function emitPlainStyled(root: Node): string {
	return emitStyled({ root, presentations: new Map(), aliases: new Map() });
}

class Printer {
	readonly lines: string[] = [];
	#line = '';

	constructor(
		readonly styled: StyledDocument,
		readonly isFlow: (node: Node) => boolean,
	) {}

	document(): void {
		const { root } = this.styled;
		const shown = this.styled.presentations.get('');
		this.lines.push(...(shown?.head ?? []));
		if (root) this.#value(root, '', 0, 'document');
		else this.#line = 'null';
		if (shown?.line) this.#line += ` ${shown.line}`;
		this.#flush();
		this.lines.push(...(shown?.foot ?? []));
	}

	/** What was known of this place, unless another collection stands there now. */
	#shown(node: Node, place: string): Presentation | undefined {
		const shown = this.styled.presentations.get(place);
		return shown && (node.kind === 'scalar' || shown.origin === node.origin) ? shown : undefined;
	}

	#value(node: Node, place: string, indent: number, after: 'document' | 'key' | 'dash'): void {
		const shown = this.#shown(node, place);
		const alias = this.styled.aliases.get(node);
		if (alias !== undefined) return this.#put(`*${alias}`);
		if (shown?.anchor) this.#put(`&${shown.anchor}`);
		if (node.kind === 'scalar') return this.#scalar(node, shown, indent);
		if (shown?.tag) this.#put(shown.tag);
		const children = node.kind === 'map' ? node.entries.length : node.items.length;
		if (children === 0 || (shown ? shown.flow : this.isFlow(node))) return this.#put(this.#flow(node, place));
		if (after === 'key') {
			const line = this.styled.presentations.get(place)?.line;
			if (line) this.#put(line);
			this.#flush();
		} else if (this.#line.trim() !== '' && !/^[ -]*$/.test(this.#line)) this.#flush();
		if (node.kind === 'map') this.#map(node, place, indent);
		else this.#seq(node, place, after === 'key' ? indent - 2 : indent);
	}

	#map(map: MapNode, place: string, indent: number): void {
		map.entries.forEach(({ key, keyTag, value }, i) => {
			const here = `${place}/${i}`;
			const known = this.styled.presentations.get(here);
			this.#begin(indent, known?.head ?? []);
			this.#line += `${formatKey(key, keyTag, known, value.origin)}:`;
			this.#value(value, here, indent + 2, 'key');
			this.#end(known, value, here, indent);
		});
	}

	#seq(seq: SeqNode, place: string, indent: number): void {
		seq.items.forEach((item, i) => {
			const here = `${place}/${i}`;
			const known = this.styled.presentations.get(here);
			this.#begin(indent, known?.head ?? []);
			this.#line += '-';
			if (isBlock(item, this.#shown(item, here), this.isFlow)) this.#line += ' ';
			this.#value(item, here, indent + 2, 'dash');
			this.#end(known, item, here, indent);
		});
	}

	#begin(indent: number, head: readonly string[]): void {
		const continues = this.#line.length === indent && /^[ -]* $/.test(this.#line);
		if (!continues) this.#flush();
		for (const line of head) this.lines.push(line === '' ? '' : ' '.repeat(indent) + line);
		if (!continues) this.#line = ' '.repeat(indent);
	}

	#end(known: Presentation | undefined, value: Node, place: string, indent: number): void {
		const isLeaf = !isBlock(value, this.#shown(value, place), this.isFlow);
		if (known?.line && isLeaf) this.#put(known.line);
		if (!known || known.foot.length === 0) return;
		this.#flush();
		for (const line of known.foot) this.lines.push(line === '' ? '' : ' '.repeat(indent) + line);
		const isLast = this.#isLast(place);
		if (!isLast) this.lines.push('');
	}

	#isLast(place: string): boolean {
		const at = place.lastIndexOf('/');
		return !this.styled.presentations.has(`${place.slice(0, at)}/${Number(place.slice(at + 1)) + 1}`);
	}

	#scalar(node: ScalarNode, shown: Presentation | undefined, indent: number): void {
		const tag = tagText(node, shown);
		if (tag) this.#put(tag);
		const [first = '', ...rest] = formatScalar(node, { indent, place: 'block', isTagged: tag !== undefined }).split(
			'\n',
		);
		if (first !== '') this.#put(first);
		for (const line of rest) {
			this.lines.push(this.#line);
			this.#line = line;
		}
		// The last line of a block may be empty, and is a line all the same.
		if (rest.length > 0) {
			this.lines.push(this.#line);
			this.#line = '';
		}
	}

	#flow(node: Node, place: string): string {
		const shown = this.#shown(node, place);
		const alias = this.styled.aliases.get(node);
		if (alias !== undefined) return `*${alias}`;
		if (node.kind === 'scalar') {
			const tag = tagText(node, shown);
			const text = formatScalar(node, { indent: 0, place: 'flow', isTagged: tag !== undefined });
			return [...(shown?.anchor ? [`&${shown.anchor}`] : []), ...(tag ? [tag] : []), text].join(' ');
		}
		if (node.kind === 'seq') return `[${node.items.map((item, i) => this.#flow(item, `${place}/${i}`)).join(', ')}]`;
		const entries = node.entries.map(({ key, keyTag, value }, i) => {
			const here = `${place}/${i}`;
			const name = formatKey(key, keyTag, this.styled.presentations.get(here), value.origin);
			return `${name}: ${this.#flow(value, here)}`;
		});
		return `{${entries.join(', ')}}`;
	}

	#put(text: string): void {
		if (this.#line !== '' && !this.#line.endsWith(' ')) this.#line += ' ';
		this.#line += text;
	}

	#flush(): void {
		if (this.#line !== '') this.lines.push(this.#line);
		this.#line = '';
	}
}

function isBlock(node: Node, shown: Presentation | undefined, isFlow: (node: Node) => boolean): boolean {
	if (node.kind === 'scalar') return false;
	const children = node.kind === 'map' ? node.entries.length : node.items.length;
	return children > 0 && !(shown ? shown.flow : isFlow(node));
}

/** A tag is written where it was, or where the text alone would mean another type (`encode.go` `node`). */
function tagText(node: ScalarNode, shown: Presentation | undefined): string | undefined {
	if (shown?.tag) return shown.tag;
	if (node.tag === '!!str' || node.style !== 'plain') return undefined;
	return resolvePlain(node.text) === node.tag ? undefined : node.tag;
}

/** A merge key gets its tag written out. */
function formatKey(text: string, tag: Tag | undefined, known: Presentation | undefined, origin: Origin): string {
	const style = known?.keyStyle ?? 'plain';
	const key: ScalarNode = { kind: 'scalar', text, tag: tag ?? '!!str', style, origin };
	return (tag === '!!merge' ? '!!merge ' : '') + formatScalar(key, { indent: 0, place: 'key' });
}

interface ScalarPlace {
	/** Of the lines of a block scalar. */
	readonly indent: number;
	readonly place: 'block' | 'flow' | 'key';
	/** Whether its tag stands in front of it, so that it needs no quotes to be a string. */
	readonly isTagged?: boolean;
}

/** The scalar as `yaml_emitter_select_scalar_style` decides; block scalars over several lines. */
function formatScalar(node: ScalarNode, { indent, place, isTagged }: ScalarPlace): string {
	const { text } = node;
	const multiline = /[\n\r\u0085\u2028\u2029]/.test(text);
	const special = [...text].some(
		c => c !== '\n' && c !== '\t' && c !== '"' && c !== '\\' && mustEscape(c.codePointAt(0)!),
	);
	const spaceBreak = / \n/.test(text);
	const breakSpace = /\n /.test(text);
	const tabs = text.includes('\t');
	const edge = /^[ \n]|[ \n]$/.test(text);
	let style = node.style;
	if (style === 'plain' && multiline) style = 'literal';
	else if (style === 'plain' && node.tag === '!!str' && !isTagged && resolvePlain(text) !== '!!str') style = 'double';
	if (place === 'key' && multiline) style = 'double';
	if (style === 'plain') {
		const indicators = place === 'block' ? BLOCK_INDICATORS : FLOW_INDICATORS;
		if (edge || special || tabs || spaceBreak || indicators.test(text)) style = 'single';
		if (text === '' && place !== 'block') style = 'single';
	}
	if (style === 'single' && (special || tabs || spaceBreak || breakSpace)) style = 'double';
	if (
		(style === 'literal' || style === 'folded') &&
		(place !== 'block' || special || spaceBreak || /[ ]$/.test(text) || text === '')
	)
		style = 'double';
	const padding = ' '.repeat(indent);
	switch (style) {
		case 'plain':
			return text;
		case 'single':
			return `'${text.replaceAll("'", "''").replace(/\n+/g, run => `${run}\n${padding}`)}'`;
		case 'double':
			return `"${[...text].map(c => (mustEscape(c.codePointAt(0)!) ? escape(c.codePointAt(0)!) : c)).join('')}"`;
		case 'literal':
		case 'folded': {
			const hint = /^[ \n]/.test(text) ? '2' : '';
			const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
			const body = (style === 'folded' ? unfold(text) : text).split('\n');
			if (text.endsWith('\n')) body.pop();
			const lines = body.map(line => (line === '' ? '' : padding + line));
			return [`${style === 'folded' ? '>' : '|'}${hint}${chomp}`, ...lines].join('\n');
		}
	}
}

/** A break between two lines of a folded scalar that begin with no space is written as two, and so is the last one. */
function unfold(text: string): string {
	return text.replace(/(?<=(?:^|\n)[^ \n][^\n]*)\n(?=\n*(?:[^ \n]|$))/g, '\n\n');
}

const BLOCK_INDICATORS = /^[#,[\]{}&*!|>'"%@`]|^[?:-](?:[ \t]|$)|:(?:[ \t]|$)|[ \t]#|^---|^\.\.\./;
const FLOW_INDICATORS = /^[#,[\]{}&*!|>'"%@`?:]|^-(?:[ \t]|$)|[,?[\]{}:]|[ \t]#|^---|^\.\.\./;
