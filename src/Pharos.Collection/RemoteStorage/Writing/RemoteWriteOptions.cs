using Pharos.Collection.Relabeling;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>One entry of <c>remote_write</c>, validated. The defaults are those of Prometheus.</summary>
public sealed record RemoteWriteOptions
{
    public required Uri Url { get; init; }

    /// <summary>Shown in metrics; never empty. The reader of the file derives one where the user gave none.</summary>
    public required string Name { get; init; }

    /// <summary>Tells entries apart over restarts and reloads: where in the log each one stands is kept under it.</summary>
    public required string Key { get; init; }

    public RemoteWriteMessage Message { get; init; }

    /// <summary>Sent with every request.</summary>
    public IReadOnlyList<KeyValuePair<string, Secret>> Headers { get; init; } = [];

    /// <summary>Bounds each request.</summary>
    public TimeSpan RemoteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Every rule has passed <see cref="RelabelRule.Validate"/>.</summary>
    public IReadOnlyList<RelabelRule> WriteRelabelRules { get; init; } = [];

    /// <summary>Added where a series has no label of the name.</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    public bool SendExemplars { get; init; }

    public bool SendNativeHistograms { get; init; }

    public RemoteWriteQueueOptions Queue { get; init; } = new();

    public RemoteWriteMetadataOptions Metadata { get; init; } = new();

    /// <summary>Makes the entry's client; the entry owns and disposes it. Its own timeout must be infinite.</summary>
    public required Func<HttpClient> CreateHttpClient { get; init; }

    /// <summary>Equal texts mean that <see cref="CreateHttpClient"/> makes equal clients. Holds no secret in the clear.</summary>
    public string HttpFingerprint { get; init; } = "";

    /// <summary>Whether a reload may leave the running queue alone.</summary>
    public bool SameAs(RemoteWriteOptions other) =>
        this with
        {
            Headers = other.Headers,
            WriteRelabelRules = other.WriteRelabelRules,
            CreateHttpClient = other.CreateHttpClient,
        } == other
        && WriteRelabelRules.SequenceEqual(other.WriteRelabelRules)
        && Headers.Count == other.Headers.Count
        && Headers.Zip(other.Headers).All(pair =>
            pair.First.Key == pair.Second.Key && pair.First.Value.Reveal() == pair.Second.Value.Reveal());
}
