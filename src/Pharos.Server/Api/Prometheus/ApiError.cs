namespace Pharos.Server.Api.Prometheus;

/// <summary>A refusal in Prometheus' envelope.</summary>
internal sealed record ApiError(ApiErrorType Type, string Message)
{
    /// <summary>The value of <c>errorType</c>.</summary>
    public string TypeName => Type switch
    {
        ApiErrorType.BadData => "bad_data",
        ApiErrorType.Execution => "execution",
        ApiErrorType.Timeout => "timeout",
        ApiErrorType.Canceled => "canceled",
        ApiErrorType.NotFound => "not_found",
        ApiErrorType.Unavailable or ApiErrorType.Overload => "unavailable",
        ApiErrorType.NotAcceptable => "not_acceptable",
        _ => "internal",
    };

    public int StatusCode => Type switch
    {
        ApiErrorType.BadData => 400,
        ApiErrorType.Execution => 422,
        ApiErrorType.Timeout or ApiErrorType.Overload => 503,
        // The client has closed the connection; nobody reads this, but the access log and metrics do.
        ApiErrorType.Canceled => 499,
        ApiErrorType.NotFound => 404,
        ApiErrorType.NotAcceptable => 406,
        // "unavailable" among them, as Prometheus answers it.
        _ => 500,
    };

    public static ApiError InvalidParameter(string name, string reason) =>
        new(ApiErrorType.BadData, $"invalid parameter \"{name}\": {reason}");
}
