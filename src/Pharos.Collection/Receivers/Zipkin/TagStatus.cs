using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>How a span ended, as its tags say: <c>otel.status_code</c> first, else <c>error</c>, which in Zipkin means a failure
/// whatever its value.</summary>
internal static class TagStatus
{
    /// <summary>Takes the tags away that say nothing more than the status does.</summary>
    public static (SpanStatus Status, string Message) Take(ZipkinTags tags)
    {
        var (status, message) = (SpanStatus.Unset, "");
        if (tags.Find("otel.status_code") is { } code && Code(code) is { } told)
        {
            status = told;
            tags.Take("otel.status_code");
            message = tags.Take("otel.status_description") ?? "";
            if (status == SpanStatus.Error && message.Length == 0 && tags.Find("error") is { } description and not ("true" or "false"))
            {
                // OpenTelemetry's exporters have the description here.
                tags.Take("error");
                return (status, description);
            }
        }
        if (tags.Find("error") is not { } error || error == "false")
        {
            return (status, message);
        }
        if (error == "true")
        {
            tags.Take("error");
            return (SpanStatus.Error, message);
        }
        // Zipkin's own clients: the text is worth keeping where they put it.
        return (SpanStatus.Error, message.Length > 0 ? message : error);
    }

    private static SpanStatus? Code(string code) => code.ToUpperInvariant() switch
    {
        "UNSET" or "STATUS_CODE_UNSET" or "0" => SpanStatus.Unset,
        "OK" or "STATUS_CODE_OK" or "1" => SpanStatus.Ok,
        "ERROR" or "STATUS_CODE_ERROR" or "2" => SpanStatus.Error,
        _ => null,
    };
}
