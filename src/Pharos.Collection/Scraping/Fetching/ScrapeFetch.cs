using Pharos.Storage.Encoding;

namespace Pharos.Collection.Scraping.Fetching;

/// <summary>One HTTP answer: a body in a buffer of the pool, or why there is none. Disposing gives the buffer back.</summary>
internal readonly record struct ScrapeFetch(PooledBuffer? Buffer, string? ContentType, string? Error) : IDisposable
{
    /// <summary>Prometheus' text; the size that is reported then is -1.</summary>
    public const string BodyTooLarge = "body size limit exceeded";

    public long ReportedBytes => Error == BodyTooLarge ? -1 : Body.Length;

    public ReadOnlyMemory<byte> Body => Buffer?.Written ?? default;

    public void Dispose() => Buffer?.Dispose();

    public static ScrapeFetch Failed(string error) => new(default, null, error);
}
