/* Secrets that are kept in a file of their own. */

/**
 * What the file holds, without white space at its end; nil and what is wrong with it. An empty one would leave a door open
 * that somebody meant to lock.
 */
export function read_secret_file(path: string): Result<string> {
    const [file, err] = io.open(path, "r");
    if (file === undefined) {
        return $multi(undefined, `cannot be read: ${err}`);
    }
    const text = file.read("*a");
    file.close();
    const [secret] = string.gsub(text ?? "", "%s+$", "");
    if (secret === "") {
        return $multi(undefined, "is empty");
    }
    return $multi(secret);
}
