using Pharos.Collection.Discovery;
using Pharos.Collection.Relabeling;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>One entry of <c>alerting.alertmanagers</c>: Alertmanagers that are found and reached alike.</summary>
internal sealed record AlertmanagerSetOptions
{
    public string Scheme { get; init; } = Uri.UriSchemeHttp;

    public string PathPrefix { get; init; } = "";

    /// <summary>Bounds each request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public required IReadOnlyList<DiscoveryOptions> Discoveries { get; init; }

    /// <summary>Of its targets.</summary>
    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];

    /// <summary>Of the alerts that it gets, after those that hold for all.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];

    /// <summary>Makes the set's client; the set owns and disposes it. Its own timeout is infinite.</summary>
    public required Func<HttpClient> CreateHttpClient { get; init; }

    /// <summary>Equal texts mean that <see cref="CreateHttpClient"/> makes equal clients. Holds no secret in the clear.</summary>
    public string HttpFingerprint { get; init; } = "";

    /// <summary>Whether a reload may leave the running set alone.</summary>
    public bool SameAs(AlertmanagerSetOptions other) =>
        this with
        {
            Discoveries = other.Discoveries,
            RelabelRules = other.RelabelRules,
            AlertRelabelRules = other.AlertRelabelRules,
            CreateHttpClient = other.CreateHttpClient,
        } == other
        && DiscoverySet.Same(Discoveries, other.Discoveries)
        && RelabelRules.SequenceEqual(other.RelabelRules)
        && AlertRelabelRules.SequenceEqual(other.AlertRelabelRules);
}
