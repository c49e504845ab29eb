/* Numbers and times as they are written in a language. */

export interface Formats {
    readonly number: (value: number) => string;
    /** Takes 0 to 100. */
    readonly percent: (value: number) => string;
    /** One digit after the point below 10. */
    readonly rate: (value: number) => string;
    /** A length of time, by its largest unit and, below a day, the one under that. */
    readonly duration: (seconds: number) => string;
    /** The gap between two beats, which matters to a tenth of a second. */
    readonly gap: (milliseconds: number) => string;
    /** The time of day, with the date when it is not today. */
    readonly time: (iso: string, now: number) => string;
    readonly fullTime: (iso: string) => string;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

type Unit = "second" | "minute" | "hour" | "day";

function partsOf(seconds: number): [value: number, unit: Unit][] {
    const whole = Math.max(0, Math.floor(seconds));
    if (whole < MINUTE) return [[whole, "second"]];
    if (whole < HOUR) return [[Math.floor(whole / MINUTE), "minute"]];
    if (whole >= 2 * DAY) return [[Math.floor(whole / DAY), "day"]];
    return [
        [Math.floor(whole / HOUR), "hour"],
        [Math.floor((whole % HOUR) / MINUTE), "minute"],
    ];
}

function isSameDay(left: Date, right: Date): boolean {
    return left.toDateString() === right.toDateString();
}

/** The formats of a locale. */
export function createFormats(locale: string): Formats {
    const number = new Intl.NumberFormat(locale);
    const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const unit = (name: Unit, digits = 0): Intl.NumberFormat =>
        new Intl.NumberFormat(locale, {
            ...{ style: "unit", unit: name, unitDisplay: "narrow" },
            ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
        });
    const units = { second: unit("second"), minute: unit("minute"), hour: unit("hour"), day: unit("day") };
    const percent = new Intl.NumberFormat(locale, { style: "percent" });
    const gap = unit("second", 1);
    const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", hourCycle: "h23" });
    const dated = new Intl.DateTimeFormat(locale, {
        ...{ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    });
    const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long", hourCycle: "h23" });
    return {
        number: (value) => number.format(value),
        percent: (value) => percent.format(value / 100),
        rate: (value) => (value < 10 ? tenths : number).format(value < 10 ? value : Math.round(value)),
        duration: (seconds) =>
            partsOf(seconds)
                .filter(([value], index) => index === 0 || value > 0)
                .map(([value, name]) => units[name].format(value))
                .join(" "),
        gap: (milliseconds) => gap.format(milliseconds / 1000),
        time: (iso, now) => {
            const date = new Date(iso);
            if (Number.isNaN(date.getTime())) return iso;
            return (isSameDay(date, new Date(now)) ? clock : dated).format(date);
        },
        fullTime: (iso) => {
            const date = new Date(iso);
            return Number.isNaN(date.getTime()) ? iso : full.format(date);
        },
    };
}
