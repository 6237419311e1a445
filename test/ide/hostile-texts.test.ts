/** Texts of a repository that would be links, images or commands if they were Markdown: they are shown as text, wherever they stand. */
import { expect, test } from 'vitest';
import { analyse } from '../support/check';

const EVIL = '[run](command:workbench.action.terminal.new) ![x](https://evil.example/x.png) <img src=x>';

/** The Markdown without its code spans, as renderers find them: cells of tables first, then the longest runs of backticks. */
function outsideOfCode(markdown: string): string {
	return markdown
		.split('\n')
		.flatMap(line => (line.startsWith('|') ? cellsOf(line) : [line]))
		.map(text => text.replace(/(?<!`)(`+)(?!`)([^]*?[^`])\1(?!`)/g, ''))
		.join('\n');
}

/** A pipe ends a cell unless an odd number of backslashes stands before it (GitHub Flavored Markdown, "Tables"). */
function cellsOf(row: string): string[] {
	const cells: string[] = [];
	let start = 0;
	for (const { index } of row.matchAll(/\|/g)) {
		const backslashes = /\\*$/.exec(row.slice(0, index))![0].length;
		if (backslashes % 2 === 1) continue;
		cells.push(row.slice(start, index));
		start = index + 1;
	}
	return [...cells, row.slice(start)];
}

const TREE = (evil: string) => `
-- base/kustomization.yaml --
resources: [config.yaml, crd.yaml, thing.yaml]
-- base/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, annotations: { note: ${JSON.stringify(evil)} } }
data:
  ${JSON.stringify(evil)}: ${JSON.stringify(evil)}
-- base/crd.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  names: { kind: Thing, plural: things }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, properties: { colour: { type: string, description: ${JSON.stringify(evil)} } } }
-- base/thing.yaml --
apiVersion: example.com/v1
kind: Thing
metadata: { name: thing }
spec:
  colour: ${JSON.stringify(evil)}
-- production/kustomization.yaml --
resources: [../base]
patches:
  - patch: |-
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: settings, annotations: { note: ${JSON.stringify(`${evil}!`)} } }
`;

test.each([
	EVIL,
	`\` ${EVIL}`,
	`\`\`\` ${EVIL} \`\``,
	`a | ${EVIL}`,
	`a \\| ${EVIL}`,
	`a \\\\| ${EVIL}`,
	`\`|\` \\| ${EVIL}`,
	`a\n\n${EVIL}`,
	`a\r${EVIL}`,
])('%j', evil => {
	const { analysis, fixture } = analyse(TREE(evil));
	let shown = 0;
	for (const [file, text] of fixture.files) {
		for (let offset = 0; offset < text.length; offset += 5) {
			const hover = analysis.hover(file, offset);
			if (!hover) continue;
			if (hover.markdown.includes('command:')) shown++;
			// A bracket or an angle that is escaped is a character.
			const left = outsideOfCode(hover.markdown).replace(/\\[[\]<>!\\`]/g, '');
			expect(left).not.toMatch(/\]\(|<img/);
		}
	}
	expect(shown).toBeGreaterThan(3);
});
