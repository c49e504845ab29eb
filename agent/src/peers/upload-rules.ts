/* Which files of Uptime Kuma's folder of uploads the nodes share. */

/** Never a path, and never a hidden file. */
export const SAFE_UPLOAD_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,190}$/;
export const LARGEST_UPLOAD_BYTES = 16 << 20;
