using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Clients;

/// <summary>One entry of promtail.yml's <c>clients</c>.</summary>
public sealed record ShipClientOptions
{
    /// <summary>Tells the clients of one file apart, also in what is kept on disk.</summary>
    public required string Name { get; init; }

    /// <summary>The push endpoint; null for this server's own store.</summary>
    public Uri? Url { get; init; }

    /// <summary>Whose entries they are where no stage says otherwise; empty for the default tenant.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>Added to every entry that does not have them.</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    public TimeSpan BatchWait { get; init; } = TimeSpan.FromSeconds(1);

    public long BatchBytes { get; init; } = 1024 * 1024;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether an answer 429 drops a batch instead of repeating it.</summary>
    public bool DropsRateLimited { get; init; }

    /// <summary>Makes the client's HTTP client, which its user disposes; null for this server's own store.</summary>
    public Func<HttpClient>? CreateHttpClient { get; init; }
}
