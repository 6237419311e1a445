/** Links that lead back to where they stand: two of them in one directory would send a search that follows them around for ever. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Analysis } from '../../server/src/core/analysis';
import { diskSource } from '../../server/src/host/disk';
import { fromNative } from '../../server/src/host/native-paths';
import { repository } from '../support/programs';

test.skipIf(process.platform === 'win32')('links in circles are not followed', () => {
	const directory = repository(`
-- app/kustomization.yaml --
resources: [gone.yaml]
`);
	for (const name of ['one', 'other']) fs.symlinkSync('.', path.join(directory, name));
	const analysis = new Analysis(diskSource());
	analysis.apply({ roots: [fromNative(directory)], now: 0 });
	const file = `${fromNative(directory)}/app/kustomization.yaml`;
	expect(analysis.files()).toContain(file);
	expect(analysis.diagnostics(file).map(({ code }) => code)).toEqual(['kustomize/missing-resource']);
});
