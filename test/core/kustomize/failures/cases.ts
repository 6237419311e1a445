/** Reads the cases of `*.md` beside this file. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface FailureCase {
	readonly area: string;
	readonly title: string;
	/** The directory that is built. */
	readonly directory: string;
	/** The fixture, without its expectations. */
	readonly text: string;
	/** `path:line:column code "text" -> fix`, in order of place. */
	readonly expected: readonly { readonly file: string; readonly line: string }[];
	/** What kubectl prints; nothing where it builds. Paths are below `/repo`. */
	readonly words: string | undefined;
}

/** Files that many cases stand on: a case names them behind a plus. */
const SHARED: Readonly<Record<string, string>> = {
	'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 1
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
        - name: shop
          image: shop:1
`,
	'config.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  a: b
  n: one-two
`,
};

/** Tests and programs of the checkout both run in its root. */
const FOLDER = path.resolve('test/core/kustomize/failures');

export function* failureCases(): Generator<FailureCase> {
	for (const name of readdirSync(FOLDER)
		.filter(each => each.endsWith('.md'))
		.sort()) {
		const page = readFileSync(path.join(FOLDER, name), 'utf8');
		const cases = page.matchAll(/^## (.*)\n\n```repo(.*)\n([^]*?)^```\n\n```kubectl\n([^]*?)\n?^```$/gm);
		for (const [, title, info, body, words] of cases) {
			const [directory = '', shared] = partsOf(info!);
			const text = body! + shared.map(file => `-- ${file} --\n${SHARED[file]!}`).join('');
			yield {
				area: name.replace('.md', ''),
				title: title!,
				directory,
				...withoutExpectations(text),
				words: words === 'passes' ? undefined : words!,
			};
		}
	}
}

function partsOf(info: string): [string | undefined, string[]] {
	const parts = info.split(' ').filter(Boolean);
	const shared = parts.filter(part => part.startsWith('+')).map(part => part.slice(1));
	return [parts.find(part => !part.startsWith('+')), shared];
}

/** Takes the comments `#! CODE "text" -> fix` out; each is about the line before it. */
function withoutExpectations(text: string): Pick<FailureCase, 'text' | 'expected'> {
	const expected: { file: string; line: string }[] = [];
	const kept: string[] = [];
	let file = '';
	let number = 0;
	for (const line of text.split('\n')) {
		const header = /^-- (.+) --$/.exec(line);
		const [, code, under, fix] = /^\s*#! (\S+) ("(?:[^"\\]|\\.)*")( -> .*)?$/.exec(line) ?? [];
		if (code !== undefined && under !== undefined) {
			const before = kept.at(-1) ?? '';
			const first = (JSON.parse(under) as string).split('\n', 1)[0]!;
			const column = number === 0 ? 1 : Math.max(before.indexOf(first), 0) + 1;
			expected.push({ file, line: `${file}:${Math.max(number, 1)}:${column} ${code} ${under}${fix ?? ''}` });
			continue;
		}
		kept.push(line);
		if (header) [file, number] = [header[1]!, 0];
		else number++;
	}
	return { text: kept.join('\n'), expected };
}
