/** @noSelfInFile */

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxthreadspawn */
interface ThreadApi {
    /** Starts a light thread at once; it ends with the handler that started it. */
    spawn<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): LightThread;
    /** Waits for any of the threads: true and its results, or false and the error. */
    wait(...threads: LightThread[]): LuaMultiReturn<[ok: boolean, ...results: unknown[]]>;
    kill(thread: LightThread): LuaMultiReturn<[ok: boolean | undefined, err: string | undefined]>;
}

interface LightThread {
    readonly __light_thread: never;
}

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxtimerat */
interface TimerApi {
    /** Runs once after `delay` seconds; `premature` is true when the worker is about to exit. Fails when timers run out. */
    at<A extends unknown[]>(
        delay: number,
        callback: (premature: boolean, ...args: A) => void,
        ...args: A
    ): LuaMultiReturn<[handle: unknown, err: string | undefined]>;
    /** Runs every `delay` seconds (not 0). */
    every<A extends unknown[]>(
        delay: number,
        callback: (premature: boolean, ...args: A) => void,
        ...args: A
    ): LuaMultiReturn<[handle: unknown, err: string | undefined]>;
    /** Timers of this worker that run now. */
    running_count(): number;
    /** Timers of this worker that wait. */
    pending_count(): number;
}
