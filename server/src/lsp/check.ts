/**
 * Diagnostics in two phases: the files that were just edited at once, then every other that the change may have touched, open
 * ones first. It yields after each piece of work, so that messages are answered in between.
 */
import type { FilePath } from '../core/base/paths';
import type { CheckedParams } from './protocol';
import type { Publisher } from './publisher';
import type { Work } from './scheduler';
import type { Session } from './session';

/** Checks `edited` and takes each file out of it once it is done, then the whole tree, and says so to `done`. */
export function* check(
	session: Session,
	publisher: Publisher,
	edited: Set<FilePath>,
	done: (result: CheckedParams) => void,
): Work {
	for (const file of edited) {
		checkAtOnce(session, publisher, file);
		yield;
	}
	yield* warm(session);
	for (const file of [...edited]) {
		checkFile(session, publisher, file);
		edited.delete(file);
		yield;
	}
	const open = session.open.files();
	for (const file of open) {
		checkFile(session, publisher, file);
		yield;
	}
	const reached = filesOf(session);
	const files = new Set([...open, ...(reached ?? [])]);
	if (reached) publisher.retain(files);
	yield;
	for (const file of files) {
		if (session.open.has(file)) continue;
		checkFile(session, publisher, file);
		yield;
	}
	done({ files: files.size, ...publisher.counts() });
	yield;
	forget(session);
}

/** So many revisions (keys, mostly) pass before memory is given back: it takes as long as looking at everything that is known. */
const REVISIONS_KEPT = 1000;

/** Everything has just been asked for, so what was not is there no more. */
function forget(session: Session): void {
	const { analysis, forgottenAt } = session;
	if (analysis.revision - forgottenAt < REVISIONS_KEPT) return;
	analysis.forget(analysis.revision);
	session.forgottenAt = analysis.revision;
}

/** What the diagnostics of all files are made of. Whoever asks for those of one gets them at once afterwards. */
function* warm(session: Session): Work {
	try {
		yield* session.analysis.warm();
	} catch (error) {
		session.log.failure('looking at the tree', error);
	}
}

/** What can be told of a file that was just edited, before the rest of the tree has been looked at again. */
function checkAtOnce(session: Session, publisher: Publisher, file: FilePath): void {
	try {
		publisher.publish(file, session.analysis.diagnosticsAtOnce(file));
	} catch (error) {
		session.log.failure(`looking at ${file}`, error);
	}
}

/** A file whose check fails keeps the diagnostics it had; the others go on. */
function checkFile(session: Session, publisher: Publisher, file: FilePath): void {
	try {
		publisher.publish(file, session.analysis.diagnostics(file));
	} catch (error) {
		session.log.failure(`checking ${file}`, error);
	}
}

function filesOf(session: Session): readonly FilePath[] | undefined {
	try {
		return session.analysis.files();
	} catch (error) {
		session.log.failure('looking for the files of the tree', error);
		return undefined;
	}
}
