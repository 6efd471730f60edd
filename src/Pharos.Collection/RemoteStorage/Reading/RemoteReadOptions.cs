using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>One entry of <c>remote_read</c>, validated. The defaults are those of Prometheus.</summary>
public sealed record RemoteReadOptions
{
    public required Uri Url { get; init; }

    /// <summary>Shown in metrics and warnings; never empty.</summary>
    public required string Name { get; init; }

    /// <summary>Sent with every request.</summary>
    public IReadOnlyList<KeyValuePair<string, Secret>> Headers { get; init; } = [];

    /// <summary>Bounds each request.</summary>
    public TimeSpan RemoteTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The largest frame of a streamed answer that is read.</summary>
    public long ChunkedReadLimitBytes { get; init; } = 50_000_000;

    /// <summary>Also asks for the time range that the local store holds completely.</summary>
    public bool ReadRecent { get; init; }

    /// <summary>Only queries with all of these as equality matchers are sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> RequiredMatchers { get; init; } = [];

    /// <summary>Asks for the external labels as well, and removes them from the answer.</summary>
    public bool FilterExternalLabels { get; init; } = true;

    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    /// <summary>Makes the entry's client; the entry owns and disposes it. Its own timeout must be infinite.</summary>
    public required Func<HttpClient> CreateHttpClient { get; init; }
}
