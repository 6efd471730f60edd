namespace Pharos.Server.Api.Prometheus;

/// <summary>The kinds of refusal that Prometheus' API knows.</summary>
internal enum ApiErrorType
{
    BadData,
    Execution,
    Timeout,
    Canceled,
    NotFound,
    Unavailable,

    /// <summary>Refused for now: told as unavailable, with the status that says so.</summary>
    Overload,

    NotAcceptable,
    Internal,
}
