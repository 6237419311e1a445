/** `strata/entryPoints` */
import type { EntryPoint } from '../../core/ide/results';
import type { EntryPointItem, EntryPointsParams } from '../protocol';
import type { Session } from '../session';
import { fileOf } from '../uris';

export function entryPoints({ analysis }: Session, { textDocument }: EntryPointsParams): EntryPointItem[] {
	if (!textDocument) return analysis.entryPoints().map(toItem);
	const file = fileOf(textDocument.uri);
	return file === undefined ? [] : analysis.entryPointsOf(file).map(toItem);
}

export function toItem({ id, label, environment, directory, name }: EntryPoint): EntryPointItem {
	return { id, label, environment, directory, name };
}
