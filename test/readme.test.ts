/** The README keeps up with what it describes: settings, commands, links, pictures. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(__dirname, '..');
const text = readFileSync(resolve(ROOT, 'README.md'), 'utf8');

interface Contributed {
	readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
	readonly commands: readonly { readonly category: string; readonly title: string }[];
}
const { contributes } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as { contributes: Contributed };

test('every setting is in the table, with its default', () => {
	const rows = [...text.matchAll(/^\| `(strata\.[\w.]+)`\s*\| `(.*?)`/gm)].map(([, name, value]) => `${name} ${value}`);
	const settings = Object.entries(contributes.configuration.properties);
	expect(rows).toEqual(settings.map(([name, setting]) => `${name} ${JSON.stringify(setting.default)}`));
});

test('every command is there', () => {
	const titles = contributes.commands.map(({ category, title }) => `\`${category}: ${title}\``);
	expect(titles.filter(title => !text.includes(title))).toEqual([]);
});

test('every link leads to a file or heading', () => {
	const headings = new Set(
		[...text.matchAll(/^#+ (.*)$/gm)].map(
			([, heading]) =>
				`#${heading!
					.toLowerCase()
					.replace(/[^\w -]/g, '')
					.replaceAll(' ', '-')}`,
		),
	);
	const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
	expect(targets.length).toBeGreaterThan(30);
	const dead = targets.filter(
		target => !(target.startsWith('#') ? headings.has(target) : existsSync(resolve(ROOT, target))),
	);
	expect(dead).toEqual([]);
});
