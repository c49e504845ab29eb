/* Secrets that are kept in a file of their own. */

/** What the file holds, without white space at its end; nil and why it cannot be read. */
export function read_secret_file(path: string): Result<string> {
    const [file, err] = io.open(path, "r");
    if (file === undefined) {
        return $multi(undefined, err);
    }
    const text = file.read("*a");
    file.close();
    return $multi(string.gsub(text ?? "", "%s+$", "")[0]);
}
