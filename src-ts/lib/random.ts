/* Names that nobody can guess, and that no two processes choose. */
import { hex } from "./text";

const SOURCE = "/dev/urandom";
const BYTES = 16;

/** 32 hexadecimal digits from the system's own source. */
export function random_token(): string {
    const [file, err] = io.open(SOURCE, "rb");
    if (file === undefined) {
        return error(`cannot read ${SOURCE}: ${err}`, 0);
    }
    const bytes = file.read(BYTES);
    file.close();
    return hex(bytes ?? "");
}
