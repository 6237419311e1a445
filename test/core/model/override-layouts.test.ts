/**
 * Overrides in every layout that is at hand: what is rendered in the chosen environment changes in the field that was meant, the others
 * render what they rendered, and nothing is found that was not. Of many values a few are tried.
 */
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Analysis } from '../../../server/src/core/analysis';
import type { FilePath } from '../../../server/src/core/base/paths';
import { after, analysisOf } from '../../support/examples';
import { type Files, repositories } from '../../support/repositories';

/** So many values of each repository are tried. */
const TRIED = 4;

interface Place {
	readonly file: FilePath;
	readonly offset: number;
	readonly text: string;
}

/** Scalars behind a key, spread over the files. */
function placesIn(files: Files, analysis: Analysis): readonly Place[] {
	const all = [...files].flatMap(([file, text]) =>
		[...text.matchAll(/^[ -]*[\w./-]+: (?=[^\s|>&*{[!<])([^\n#{}$]+)$/gm)].map(match => ({
			file,
			offset: match.index + match[0].length - 1,
			text: match[1]!.trim(),
		})),
	);
	const may = all.filter(({ file, offset }) => analysis.mayOverride(file, offset));
	return may.filter((_, i) => i % Math.max(1, Math.floor(may.length / TRIED)) === 0);
}

function other(value: string): string {
	if (/^\d+$/.test(value)) return String(Number(value) + 1);
	if (value === 'true' || value === 'false') return String(value !== 'true');
	if (/^["']/.test(value)) return JSON.stringify(`${String(parse(value))}x`);
	return `${value}x`;
}

/** Every value that is rendered, by entry point, object and path; of texts that hold values files, what stands in them. */
function leaves(analysis: Analysis): ReadonlyMap<string, ReadonlyMap<string, string>> {
	return new Map(
		analysis.entryPoints().map(({ id, environment }) => {
			const found = new Map<string, string>();
			for (const document of parseAllDocuments(analysis.render(id)!.text)) {
				const object = document.toJS() as { kind: string; metadata: { name: string; namespace?: string } } | null;
				if (!object) continue;
				const { name, namespace = '' } = object.metadata;
				collect(object, `${object.kind}/${namespace}/${name.replace(HASH, '')}`, found);
			}
			return [`${environment} ${id}`, found];
		}),
	);
}

const HASH = /-[bcdfghkmt24-9]{10}$/;

function collect(value: unknown, path: string, into: Map<string, string>): void {
	if (typeof value === 'object' && value !== null) {
		for (const [key, inner] of Object.entries(value)) collect(inner, `${path}.${key}`, into);
	} else if (typeof value === 'string' && /\.ya?ml$/.test(path))
		collect(parse(value, { logLevel: 'error' }), `${path}:`, into);
	else into.set(path, String(value).replace(HASH, ''));
}

function findings(files: Files): readonly string[] {
	const analysis = analysisOf(files);
	return analysis
		.files()
		.flatMap(file =>
			analysis
				.diagnostics(file)
				.flatMap(({ severity, code }) => (/error|warning/.test(severity) ? [`${file} ${code}`] : [])),
		);
}

const outcomes = { changed: 0, refused: 0 };

test.each(repositories.filter(([name]) => name !== 'fleet'))('%s', { timeout: 180_000 }, (_, load) => {
	const files = load();
	const analysis = analysisOf(files);
	const before = leaves(analysis);
	const known = findings(files);
	for (const { file, offset, text } of placesIn(files, analysis)) {
		const { environments = [], title = '' } = analysis.overridable(file, offset) ?? {};
		const [first] = environments;
		const value = other(text);
		if (!first || first.value === value) continue;
		const result = analysis.override(file, offset, { [first.name]: value });
		if (result.kind === 'refused') {
			expect(result.why).toMatch(/\.$/);
			outcomes.refused++;
			continue;
		}
		outcomes.changed++;
		const now = after(files, result.change);
		const place = { title, environment: first.name, value, place: `${file}@${offset}` };
		const differing: string[] = [];
		for (const [entry, found] of leaves(analysisOf(now))) {
			const was = before.get(entry)!;
			const paths = [...new Set([...was.keys(), ...found.keys()])].filter(path => was.get(path) !== found.get(path));
			for (const path of paths) {
				expect({ ...place, entry, path, is: found.get(path) }).toSatisfy(
					({ is }: { is?: string }) => entry.startsWith(`${first.name} `) && is === String(parse(value)),
				);
				differing.push(path);
			}
		}
		expect({ ...place, differing }).toSatisfy(() => differing.length > 0);
		// Any value will do here, so what its kind or other objects say to it does not count.
		const added = findings(now).filter(
			each => !known.includes(each) && !/ (schema|reference|helm|flux|policy)\//.test(each),
		);
		expect({ ...place, added }).toEqual({ ...place, added: [] });
	}
});

test('most are made', () => {
	expect(outcomes.changed).toBeGreaterThan(outcomes.refused);
});
