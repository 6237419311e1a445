/**
 * Every quick fix that is offered in the example trees, made and looked at by who starts afresh: those of the tree's order leave what
 * every environment renders as it is; none breaks what worked.
 */
import { expect, test } from 'vitest';
import type { Analysis } from '../../server/src/core/analysis';
import { clusterTree } from '../../server/src/core/model/cluster-tree';
import { releasesOf } from '../../server/src/core/model/releases';
import { emitText } from '../../server/src/core/yaml/emit';
import { after, analysisOf, exampleFiles } from '../support/examples';

/**
 * What each entry point renders, in no order, and the values of its releases. Of ConfigMaps with values files only these count; hashes of
 * generated names follow their contents.
 */
function rendered(analysis: Analysis): Map<string, string> {
	const objects = analysis.entryPoints().map(({ id }) => [id, sorted(analysis.render(id)!.text)] as const);
	const { entries } = analysis.db.get(clusterTree, '');
	const values = entries.map(entry => {
		const texts = releasesOf(analysis.db, entry).map(({ name, merged }) => `${name}\n${emitText(merged.values)}`);
		return [`values of ${entry.id}`, texts.sort().join('---\n')] as const;
	});
	return new Map([...objects, ...values]);
}

function sorted(text: string): string {
	return text
		.replace(/-[bcdfghkmt24-9]{10}$/gm, '')
		.replace(/^ {2}values\.yaml: \|\n(?: {4}.*\n|\n)*/gm, '')
		.split(/^---$/m)
		.map(each => each.trim())
		.sort()
		.join('\n---\n');
}

const failures = (analysis: Analysis) =>
	analysis
		.outline()
		.entryPoints.filter(({ failed }) => failed)
		.map(({ path }) => path);

for (const example of ['broken', 'fleet'] as const) {
	test(`in examples/${example}`, { timeout: 60_000 }, () => {
		const files = exampleFiles(example);
		const analysis = analysisOf(files);
		const before = rendered(analysis);
		const failing = failures(analysis);
		let offered = 0;
		for (const file of analysis.files()) {
			for (const { code, title, change } of analysis.fixes(file, 0, Number.MAX_SAFE_INTEGER)) {
				offered++;
				const fresh = analysisOf(after(files, change));
				expect({ title, failing: failures(fresh).filter(path => !failing.includes(path)) }).toEqual({
					title,
					failing: [],
				});
				if (/^(overlay|base|docs|strata)\//.test(code)) {
					for (const [id, text] of rendered(fresh))
						expect({ code, title, id, text }).toEqual({ code, title, id, text: before.get(id) });
				}
			}
		}
		// Trying them has left no trace.
		expect(rendered(analysis)).toEqual(before);
		expect(offered > 0).toBe(example === 'broken');
	});
}
