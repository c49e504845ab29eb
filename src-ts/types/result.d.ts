/**
 * What a function returns that can fail for reasons outside the program: the value, or nil and a sentence fragment in
 * lower case without a full stop ("cannot read nodes: connection refused"). Raising is for bugs.
 */
type Result<T> = LuaMultiReturn<[value: T, err?: undefined] | [value: undefined, err: string]>;
