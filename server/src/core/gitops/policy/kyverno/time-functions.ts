/** The functions on times that Kyverno adds to JMESPath; kyverno `pkg/engine/jmespath/time.go`. What the time is now nobody can say for the tree. */
import { formatGoDuration, parseGoDuration } from '../go-duration';
import { dateOf, formatGoTime, type GoTime, parseGoTime, RFC3339, truncateTime } from '../go-time';
import { type KyvernoFunction, NeedsCluster, textArgument } from './function-arguments';
import type { Plain } from '../../../yaml/node';

function timeArgument(value: Plain | undefined, layout = RFC3339): GoTime {
	const text = textArgument(value);
	const time = parseGoTime(layout, text);
	if (!time) throw new Error(`the text is no time of the form "${layout}"`);
	return time;
}

function durationArgument(value: Plain | undefined): bigint {
	const duration = parseGoDuration(textArgument(value));
	if (duration === undefined) throw new Error('a duration is expected');
	return duration;
}

function now(): never {
	throw new NeedsCluster('the answer depends on the time of the request');
}

export const TIME_FUNCTIONS: Readonly<Record<string, KyvernoFunction>> = {
	time_now: { arguments: 0, run: now },
	time_now_utc: { arguments: 0, run: now },
	time_since: {
		arguments: 3,
		run: (layout, from, to) => {
			const written = textArgument(layout) || RFC3339;
			const start = timeArgument(from, written);
			if (textArgument(to) === '') return now();
			return formatGoDuration(timeArgument(to, written).nanos - start.nanos);
		},
	},
	time_parse: {
		arguments: 2,
		run: (layout, source) => {
			// A number for a layout asks for seconds since 1970.
			if (!/^[+-]?\d+$/.test(textArgument(layout))) return formatGoTime(timeArgument(source, textArgument(layout)));
			if (!/^[+-]?\d{1,11}$/.test(textArgument(source))) throw new Error('seconds since 1970 are expected');
			return formatGoTime({ nanos: BigInt(textArgument(source)) * 1_000_000_000n, offset: 0 });
		},
	},
	time_to_cron: {
		arguments: 1,
		run: source => {
			const date = dateOf(timeArgument(source));
			return [
				date.getUTCMinutes(),
				date.getUTCHours(),
				date.getUTCDate(),
				date.getUTCMonth() + 1,
				date.getUTCDay(),
			].join(' ');
		},
	},
	time_add: {
		arguments: 2,
		run: (source, duration) => {
			const time = timeArgument(source);
			return formatGoTime({ ...time, nanos: time.nanos + durationArgument(duration) });
		},
	},
	time_utc: { arguments: 1, run: source => formatGoTime({ ...timeArgument(source), offset: 0 }) },
	time_diff: {
		arguments: 2,
		run: (from, to) => formatGoDuration(timeArgument(to).nanos - timeArgument(from).nanos),
	},
	time_before: { arguments: 2, run: (a, b) => timeArgument(a).nanos < timeArgument(b).nanos },
	time_after: { arguments: 2, run: (a, b) => timeArgument(a).nanos > timeArgument(b).nanos },
	time_between: {
		arguments: 3,
		run: (at, from, to) => {
			const { nanos } = timeArgument(at);
			return nanos > timeArgument(from).nanos && nanos < timeArgument(to).nanos;
		},
	},
	time_truncate: {
		arguments: 2,
		run: (source, duration) => formatGoTime(truncateTime(timeArgument(source), durationArgument(duration))),
	},
};
