using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>Every refusal of a push: its reason, status and text side by side, as Loki's clients know them.</summary>
internal static class PushRejections
{
    private const int BadRequest = 400;
    private const int TooManyRequests = 429;
    private const int Unavailable = 503;

    public static PushRejection MissingLabels() => new(
        "missing_labels", BadRequest, "error at least one label pair is required per stream");

    public static PushRejection InvalidLabels(string text, string error) => new(
        "invalid_labels", BadRequest, $"error parsing labels '{Cut(text)}' with error: {error}");

    public static PushRejection TooManyLabels(string stream, int count, int limit) => new(
        "max_label_names_per_series", BadRequest, Say($"entry for stream '{Stream(stream)}' has {count} label names; limit {limit}"));

    public static PushRejection LabelNameTooLong(string stream, string name) => new(
        "label_name_too_long", BadRequest, $"stream '{Stream(stream)}' has label name too long: '{Cut(name)}'");

    public static PushRejection LabelValueTooLong(string stream, string value) => new(
        "label_value_too_long", BadRequest, $"stream '{Stream(stream)}' has label value too long: '{Cut(value)}'");

    public static PushRejection DuplicateLabel(string stream, string name) => new(
        "duplicate_label_names", BadRequest, $"stream '{Stream(stream)}' has duplicate label name: '{name}'");

    public static PushRejection MissingRequiredLabels(string stream, string missing) => new(
        "missing_enforced_labels", BadRequest, $"missing required labels {missing} for stream '{Stream(stream)}'");

    public static PushRejection TooOld(string stream, long timeNs, long oldestNs) => new(
        "greater_than_max_sample_age", BadRequest,
        $"entry for stream '{Stream(stream)}' has timestamp too old: {Time(timeNs)}, oldest acceptable timestamp is: {Time(oldestNs)}");

    public static PushRejection TooNew(string stream, long timeNs) => new(
        "too_far_in_future", BadRequest, $"entry for stream '{Stream(stream)}' has timestamp too new: {Time(timeNs)}");

    public static PushRejection LineTooLong(string stream, long limit, int length) => new(
        "line_too_long", BadRequest,
        Say($"max entry size '{limit}' bytes exceeded for stream '{Stream(stream)}' while adding an entry with length '{length}' bytes"));

    public static PushRejection MetadataDisallowed(string stream) => new(
        "disallowed_structured_metadata", BadRequest,
        $"stream '{Stream(stream)}' includes structured metadata, but this feature is disallowed; see limits_config.allow_structured_metadata");

    public static PushRejection MetadataTooLarge(string stream, long size, long limit) => new(
        "structured_metadata_too_large", BadRequest,
        Say($"stream '{Stream(stream)}' has structured metadata too large: '{size}' bytes, limit: '{limit}' bytes"));

    public static PushRejection TooMuchMetadata(string stream, int count, int limit) => new(
        "structured_metadata_too_many", BadRequest,
        Say($"stream '{Stream(stream)}' has too many structured metadata labels: '{count}', limit: '{limit}'"));

    public static PushRejection RateLimited(string tenant, long limit, int lines, long size) => new(
        "rate_limited", TooManyRequests,
        Say($"ingestion rate limit exceeded for user {tenant} (limit: {limit} bytes/sec) while attempting to ingest '{lines}' lines totaling '{size}' bytes, ")
        + "reduce log volume or contact your Loki administrator to see if the limit can be increased");

    public static PushRejection StreamRateLimited(string stream, long limit, long size) => new(
        "per_stream_rate_limit", TooManyRequests,
        $"Per stream rate limit exceeded (limit: {Size(limit)}/sec) while attempting to ingest for stream '{Stream(stream)}' totaling {Size(size)}, "
        + "consider splitting a stream via additional labels or contact your Loki administrator to see if the limit can be increased");

    public static PushRejection TooManyStreams(string tenant, string stream, int limit) => new(
        "stream_limit", TooManyRequests,
        Say($"maximum active stream limit exceeded when trying to create stream {Stream(stream)}, reduce the number of active streams ")
        + Say($"(reduce labels or reduce label values), or raise max_global_streams_per_user, now {limit} for user: '{tenant}'"));

    /// <summary>Not Loki's: what the governor refuses.</summary>
    public static PushRejection UnderPressure(string stream) => new(
        "memory_pressure", Unavailable, $"the server is short of memory and makes no new streams for now: {Stream(stream)}");

    public static PushRejection Blocked(string tenant, DateTimeOffset until, int status) => new(
        "blocked_ingestion", status, $"ingestion blocked for user {tenant} until '{until.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}'");

    /// <summary>Sizes as Loki prints them: <c>3MB</c>, <c>1.5KB</c>.</summary>
    private static string Size(long bytes)
    {
        ReadOnlySpan<string> units = ["B", "KB", "MB", "GB", "TB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }
        return value.ToString("0.##", CultureInfo.InvariantCulture) + units[unit];
    }

    private static string Time(long timeNs) => NanosecondTime.Format(timeNs);

    /// <summary>A client's text is repeated as far as it helps.</summary>
    private static string Cut(string text, int length = 512) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");

    /// <summary>A stream of ten thousand labels is not known better by all of them.</summary>
    private static string Stream(string text) => Cut(text, 2048);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
