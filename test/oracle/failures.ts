/** Whether kubectl still says what `test/core/kustomize/failures` has it say. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FailureCase, failureCases } from '../core/kustomize/failures/cases';
import { fixture, ROOT } from '../support/fixture';
import { kubectlKustomize } from './kubectl';

/** How many cases there are, and those in which kubectl says something else. */
export async function compareFailures(
	kubectl: string,
): Promise<{ readonly count: number; readonly different: readonly string[] }> {
	const different: string[] = [];
	let count = 0;
	for (const failure of failureCases()) {
		count++;
		const words = await said(kubectl, failure);
		if (words !== failure.words)
			different.push(`${failure.area}: ${failure.title}\n  recorded: ${failure.words}\n  now: ${words}`);
	}
	return { count, different };
}

async function said(kubectl: string, { text, directory }: FailureCase): Promise<string | undefined> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'strata-failure-')));
	try {
		for (const [file, content] of fixture(text).files) {
			const path = join(folder, file.slice(ROOT.length));
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, content);
		}
		const answer = await kubectlKustomize(kubectl, join(folder, directory));
		return answer.kind === 'error' ? recorded(answer.words.replaceAll(folder, ROOT)) : undefined;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** The words as they are kept: without warnings and logs, addresses in memory and what follows a panic. */
function recorded(words: string): string {
	const lines = words.split('\n').filter(line => !/^# Warning|^I\d{4} /.test(line));
	const kept = lines[0]?.startsWith('panic') ? lines.slice(0, 1) : lines;
	return kept
		.join('\n')
		.replace(/^error: /, '')
		.replace(/&\{0x[0-9a-f]+ /g, '&{... ');
}
