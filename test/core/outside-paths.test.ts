/** Paths and links of a repository that lead out of it: what lies there is not read, and it is said. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { Analysis } from '../../server/src/core/analysis';
import { diskSource } from '../../server/src/host/disk';

const PRIVATE = 'plaintext-of-somebody-else';
const top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-outside-')));
const repository = path.join(top, 'repository');
afterAll(() => fs.rmSync(top, { recursive: true, force: true }));

beforeEach(() => {
	fs.rmSync(top, { recursive: true, force: true });
	write('private/credentials', `password=${PRIVATE}\n`);
	write(
		'private/object.yaml',
		`apiVersion: v1\nkind: ConfigMap\nmetadata: { name: theirs }\ndata: { a: ${PRIVATE} }\n`,
	);
	write('private/base/kustomization.yaml', 'resources: [object.yaml]\n');
	write('private/base/object.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: in-base }\n');
});

function write(file: string, text: string): void {
	fs.mkdirSync(path.dirname(path.join(top, file)), { recursive: true });
	fs.writeFileSync(path.join(top, file), text);
}

/** The codes that are found in a file of the repository, and which files outside of it were read. */
function look(root: string, file: string) {
	const read: string[] = [];
	const disk = diskSource();
	const noted =
		<T>(ask: (path: string) => T) =>
		(asked: string) => {
			const real = fs.existsSync(asked) ? fs.realpathSync(asked) : asked;
			if (real.startsWith(path.join(top, 'private')) && fs.existsSync(real) && fs.statSync(real).isFile())
				read.push(path.relative(top, real));
			return ask(asked);
		};
	const analysis = new Analysis({ ...disk, read: noted(disk.read), readBytes: noted(disk.readBytes) });
	analysis.apply({ roots: [root] });
	const all = analysis.files().flatMap(each => analysis.diagnostics(each));
	const rendered = analysis.entryPoints().map(({ id }) => analysis.render(id)?.text ?? '');
	return {
		codes: all.filter(each => each.file === path.join(root, file)).map(({ code }) => code),
		read,
		said: JSON.stringify([all, rendered]),
	};
}

test.each([
	['a generator', 'configMapGenerator: [{ name: a, files: [../../private/credentials] }]'],
	['an absolute path', `configMapGenerator: [{ name: a, envs: [${top}/private/credentials] }]`],
	['a resource', 'resources: [../../private/object.yaml]'],
	['a patch', 'patches: [{ path: ../../private/object.yaml }]'],
	['a replacement', 'replacements: [{ path: ../../private/object.yaml }]'],
	['a transformer', 'transformers: [../../private/object.yaml]'],
	['an OpenAPI schema', 'openapi: { path: ../../private/object.yaml }'],
	['a configuration', 'configurations: [../../private/object.yaml]'],
	['a CRD', 'crds: [../../private/object.yaml]'],
])('%s', (_, text) => {
	write('repository/app/kustomization.yaml', `${text}\n`);
	const { codes, read, said } = look(repository, 'app/kustomization.yaml');
	expect(codes).toContain('kustomize/outside-root');
	expect(read).toEqual([]);
	expect(said).not.toContain(PRIVATE);
});

test('a link', () => {
	write('repository/app/kustomization.yaml', 'resources: [linked.yaml]\n');
	fs.symlinkSync(path.join(top, 'private', 'object.yaml'), path.join(repository, 'app', 'linked.yaml'));
	const { codes, said } = look(repository, 'app/kustomization.yaml');
	expect(codes).toContain('kustomize/outside-root');
	expect(said).not.toContain(PRIVATE);
});

test('a directory with a kustomization may stand anywhere, as kustomize has it', () => {
	write('repository/app/kustomization.yaml', 'resources: [../../private/base]\n');
	const { codes, read } = look(repository, 'app/kustomization.yaml');
	expect(codes).toEqual([]);
	expect(read.filter(file => !file.startsWith('private/base/'))).toEqual([]);
});

test('of a repository of which only a part is open, all may be read', () => {
	write('repository/.git/HEAD', 'ref: refs/heads/main\n');
	write('repository/shared/settings.env', 'A=b\n');
	write(
		'repository/clusters/production/kustomization.yaml',
		'configMapGenerator: [{ name: a, envs: [../../shared/settings.env] }]\n',
	);
	expect(look(path.join(repository, 'clusters'), 'production/kustomization.yaml').codes).toEqual([]);
});
