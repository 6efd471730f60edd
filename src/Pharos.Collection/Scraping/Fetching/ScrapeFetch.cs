namespace Pharos.Collection.Scraping.Fetching;

/// <summary>One HTTP answer: a body in a buffer that the fetcher lends until its next fetch, or why there is none.</summary>
internal readonly record struct ScrapeFetch(ReadOnlyMemory<byte> Body, string? ContentType, string? Error)
{
    /// <summary>Prometheus' text; the size that is reported then is -1.</summary>
    public const string BodyTooLarge = "body size limit exceeded";

    public long ReportedBytes => Error == BodyTooLarge ? -1 : Body.Length;

    public static ScrapeFetch Failed(string error) => new(default, null, error);
}
