/** `base/overlay-reference`: a base takes files out of one environment's directory, and so brings them into all of them. */
import { basename, type FilePath, isWithin } from '../base/paths';
import type { Database } from '../base/query';
import { baseDirectories } from '../model/bases';
import { clusterTree, type Kustomized } from '../model/cluster-tree';
import type { Finding, Rule } from './rule';

export const baseOverlayReference: Rule = {
	code: 'base/overlay-reference',
	severity: 'warning',
	summary: 'A base takes a file or directory out of one environment.',
	check: db => baseDirectories(db).flatMap(base => references(db, base)),
};

function references(db: Database, base: Kustomized): Finding[] {
	return base.links.links.flatMap(link => {
		if (link.kind !== 'file' && link.kind !== 'directory') return [];
		const environment = isWithin(base.directory, link.target) ? undefined : ownerOf(db, base, link.target);
		if (environment === undefined) return [];
		const others = base.environments.filter(name => name !== environment).join(', ');
		return [
			{
				code: baseOverlayReference.code,
				severity: baseOverlayReference.severity,
				message:
					`this base takes \`${link.text}\` out of ${environment}, and so brings it into ${others} as well; ` +
					`list it in an overlay of ${environment} instead, or move \`${basename(link.target)}\` into the base`,
				at: link.at,
			},
		];
	});
}

/** The one environment below whose overlay's directory a path outside of the base lies, where the base itself does not. */
function ownerOf(db: Database, base: Kustomized, target: FilePath): string | undefined {
	const { environments } = db.get(clusterTree, '');
	const inside = (name: string, path: FilePath) => `${path}/`.includes(`/${name}/`);
	return environments.find(name => inside(name, target) && !inside(name, base.directory));
}
