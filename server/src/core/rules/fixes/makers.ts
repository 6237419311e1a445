/** Fixes that are made when somebody asks for them, since they take more than the rule looked at; by code. */
import type { Fix } from '../../base/problem';
import type { Database } from '../../base/query';
import type { Finding } from '../rule';
import { buildOnBase } from './build-on-base';
import { correctPatch } from './correct-patch';
import { draftReadme, fillReadme } from './draft-readme';
import { excludeSealedSecret } from './exclude-sealed-secret';
import { hoistField } from './hoist-field';
import { hoistResource } from './hoist-resource';
import { moveIntoEnvironments } from './move-into-environments';
import { reducePatch } from './reduce-patch';
import { varsToReplacements } from './vars-to-replacements';
import { removePatchEntry, removePatchFile } from './remove-patch';

type Maker = (db: Database, finding: Finding) => readonly Fix[];

export const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
	['base/environment-name', moveIntoEnvironments],
	['docs/empty-readme', fillReadme],
	['docs/missing-readme', draftReadme],
	['kustomize/deprecated-field', varsToReplacements],
	['kustomize/patch-without-match', correctPatch],
	['overlay/copied-resource', (db, finding) => [...reducePatch(db, finding), ...buildOnBase(db, finding)]],
	['overlay/no-effect', removePatchFile],
	['overlay/overwritten', removePatchEntry],
	['overlay/same-everywhere', hoistField],
	['overlay/same-resource-everywhere', hoistResource],
	['sealed-secret/name-drift', excludeSealedSecret],
	['sealed-secret/namespace-drift', excludeSealedSecret],
]);
