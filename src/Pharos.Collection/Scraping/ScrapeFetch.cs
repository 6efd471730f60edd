namespace Pharos.Collection.Scraping;

/// <summary>One HTTP answer: a body in a buffer that the fetcher lends until its next fetch, or why there is none.</summary>
internal readonly record struct ScrapeFetch(ReadOnlyMemory<byte> Body, string? ContentType, string? Error)
{
    public static ScrapeFetch Failed(string error) => new(default, null, error);
}
