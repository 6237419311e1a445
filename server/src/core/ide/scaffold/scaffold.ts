/** New parts of the tree, in the layout that it has. */
import type { FilePath } from '../../base/paths';
import type { Database } from '../../base/query';
import { components } from '../../model/documentation';
import { type ComponentRequest, newComponent } from './new-component';
import { newEnvironment } from './new-environment';
import { newOverlay } from './new-overlay';
import type { Scaffold } from './scaffolding';

export type ScaffoldRequest =
	| ({ readonly what: 'component' } & ComponentRequest)
	| { readonly what: 'environment'; readonly like: string; readonly name: string }
	/** `component` is the directory of its base. */
	| { readonly what: 'overlay'; readonly component: FilePath; readonly environment: string };

export function scaffold(db: Database, request: ScaffoldRequest): Scaffold {
	switch (request.what) {
		case 'component':
			return newComponent(db, request);
		case 'environment':
			return newEnvironment(db, request.like, request.name);
		case 'overlay': {
			const component = components(db).find(({ base }) => base.directory === request.component);
			if (!component) return { kind: 'refused', why: `${request.component} is no component.` };
			return newOverlay(db, component, request.environment);
		}
	}
}
