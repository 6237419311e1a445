/**
 * Every failure of kustomize in a small repository of its own (`failures/*.md`): what is found, at which text of which line, with which
 * way out; and that the details say what kustomize itself says, which stands beside it as kubectl printed it (`npm run test:oracle`
 * asks it again).
 */
import { describe, expect, test } from 'vitest';
import { analyse } from '../../support/check';
import { LineIndex } from '../../../server/src/core/base/text';
import { relative } from '../../../server/src/core/base/paths';
import { ROOT } from '../../support/fixture';
import { failureCases, type FailureCase } from './failures/cases';

describe.each([...failureCases()])('$area: $title', failure => {
	test('is found where it is made', () => {
		expect(found(failure).map(({ line }) => line)).toEqual(failure.expected.map(({ line }) => line));
	});

	test('is told in kustomize’s own words too', () => {
		const all = found(failure).filter(({ code }) => /^(kustomize|yaml)\//.test(code));
		const errors = all.filter(({ severity }) => severity === 'error');
		const { words } = failure;
		if (words === undefined) expect(errors.map(({ line }) => line)).toEqual([]);
		else expect(all.filter(({ details }) => details !== undefined && isPartOf(details, words))).not.toEqual([]);
		expect(errors.filter(({ details }) => details === undefined)).toEqual([]);
	});
});

/** What an editor shows, each as `path:line:column code "text" -> fix`, in order of place. */
function found({ text }: FailureCase) {
	const { analysis, fixture } = analyse(text);
	return [...fixture.files].flatMap(([file, content]) => {
		const index = new LineIndex(content);
		return analysis.diagnostics(file).map(({ range, code, severity, details }) => {
			const { line, character } = index.position(range.start);
			const [fix] = analysis.fixes(file, range.start, range.end).filter(each => each.code === code);
			const place = `${relative(ROOT, file)}:${line + 1}:${character + 1}`;
			const under = JSON.stringify(content.slice(range.start, range.end));
			return {
				line: `${place} ${code} ${under}${fix ? ` -> ${fix.title}` : ''}`,
				severity,
				code,
				details,
			};
		});
	});
}

/** Whether the words stand in the other ones, `...` being whatever it may. */
function isPartOf(details: string, words: string): boolean {
	let at = 0;
	return details.split('...').every(part => {
		const next = words.indexOf(part, at);
		at = next + part.length;
		return next >= 0;
	});
}
