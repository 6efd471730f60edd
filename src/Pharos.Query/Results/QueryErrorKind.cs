namespace Pharos.Query.Results;

/// <summary>Why a query failed; the API maps each to Prometheus' <c>errorType</c>.</summary>
public enum QueryErrorKind
{
    Parse,
    Execution,
    Timeout,
    Canceled,
    Storage,

    /// <summary>Refused because the server is short of something, not for what it is.</summary>
    Overload,
}
