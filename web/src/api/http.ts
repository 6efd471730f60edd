/** The path under which the server is reachable, always ending in a slash; comes from `<base>` in index.html. */
export const basePath = new URL(document.baseURI).pathname.replace(/[^/]*$/, '');

/** An answer of the server that was not a success, with the reason that the server gave. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly kind: string = '',
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** Sends one request and returns the parsed JSON; every failure becomes an ApiError that names its cause. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const init: RequestInit = {
    method: options.method ?? 'GET',
    headers: { Accept: 'application/json', ...options.headers },
  };
  if (options.signal) {
    init.signal = options.signal;
  }
  if (options.body instanceof URLSearchParams) {
    init.body = options.body;
  } else if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    init.headers = { ...init.headers, 'Content-Type': 'application/json' };
  }

  let response: Response;
  try {
    response = await fetch(basePath + path.replace(/^\//, ''), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError('The server did not answer. Is Pharos still running?', 0, 'network');
  }

  const text = await response.text();
  const json = parseJson(text);
  if (!response.ok) {
    throw failure(response, json, text);
  }
  return (json === undefined ? text : json) as T;
}

/** Reads the `data` of the envelope that the Prometheus API wraps around every answer. */
export async function requestData<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return (await requestEnvelope<T>(path, options)).data;
}

/** The whole envelope, for callers that show warnings and infos. */
export async function requestEnvelope<T>(path: string, options: RequestOptions = {}): Promise<Envelope<T>> {
  const envelope = await request<Envelope<T>>(path, options);
  if (envelope.status !== 'success') {
    throw new ApiError(envelope.error ?? 'The server answered without a result.', 200, envelope.errorType);
  }
  return envelope;
}

export interface Envelope<T> {
  status: 'success' | 'error';
  data: T;
  error?: string;
  errorType?: string;
  warnings?: string[];
  infos?: string[];
}

function parseJson(text: string): unknown {
  if (text === '') {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(response: Response, json: unknown, text: string): ApiError {
  if (typeof json === 'string') {
    return new ApiError(json, response.status);
  }
  if (json !== null && typeof json === 'object') {
    const body = json as {
      error?: string;
      errorType?: string;
      message?: string;
      detail?: string;
      title?: string;
    };
    const message = body.error ?? body.message ?? body.detail ?? body.title;
    if (message) {
      return new ApiError(message, response.status, body.errorType);
    }
  }
  const plain = text.startsWith('<') ? '' : text.slice(0, 300);
  return new ApiError(
    plain || `The server answered ${response.status} ${response.statusText}.`,
    response.status,
  );
}
