/** @noSelfInFile */

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxsockettcp */
interface TcpSocketFactory {
    (): LuaMultiReturn<[socket: TcpSocket, err: undefined] | [socket: undefined, err: string]>;
}

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxsocketudp */
type UdpSocketFactory = () => UdpSocket;

/** https://github.com/openresty/lua-nginx-module#ngxsocketudp ; methods take self. */
interface UdpSocket {
    /** `host` is an IP literal. */
    setpeername(
        this: UdpSocket,
        host: string,
        port: number,
    ): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
    close(this: UdpSocket): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
}

/** https://github.com/openresty/lua-nginx-module#ngxsockettcp ; methods take self. */
interface TcpSocket {
    /** `host` is an IP literal. Options: `pool` names the keep-alive pool. */
    connect(
        this: TcpSocket,
        host: string,
        port: number,
        options?: { pool?: string; pool_size?: number | undefined; backlog?: number | undefined },
    ): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
    /** `path` is "unix:/path". */
    connect(
        this: TcpSocket,
        path: string,
        options?: { pool?: string; pool_size?: number | undefined; backlog?: number | undefined },
    ): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
    /** TLS over the connection; with `verify` the certificate must be valid, and be for `server_name` if one is given. */
    sslhandshake(
        this: TcpSocket,
        reused_session: undefined,
        server_name: string | undefined,
        verify: boolean,
    ): LuaMultiReturn<[session: unknown, err: string | undefined]>;
    /** Milliseconds for connect, send and each receive. */
    settimeouts(this: TcpSocket, connect: number, send: number, read: number): void;
    /** Milliseconds for each operation. */
    settimeout(this: TcpSocket, milliseconds: number): void;
    /** Bytes sent, or nil and "timeout", "closed", ... */
    send(
        this: TcpSocket,
        data: string | readonly string[],
    ): LuaMultiReturn<[bytes: number | undefined, err: string | undefined]>;
    /** `size` bytes, or a line for "*l", or all until close for "*a"; on failure nil, err and what was read. */
    receive(
        this: TcpSocket,
        size: number | "*l" | "*a",
    ): LuaMultiReturn<[data: string | undefined, err: string | undefined, partial: string | undefined]>;
    /** Up to `max` bytes, as soon as there are some. */
    receiveany(
        this: TcpSocket,
        max: number,
    ): LuaMultiReturn<[data: string | undefined, err: string | undefined, partial: string | undefined]>;
    /** Gives the connection to the pool; idle for `max_idle` ms at most. */
    setkeepalive(
        this: TcpSocket,
        max_idle?: number,
        pool_size?: number,
    ): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
    /** How often the connection came from the pool; 0 for a new one. */
    getreusedtimes(this: TcpSocket): LuaMultiReturn<[count: number | undefined, err: string | undefined]>;
    close(this: TcpSocket): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
}
