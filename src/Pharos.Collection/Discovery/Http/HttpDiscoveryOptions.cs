namespace Pharos.Collection.Discovery.Http;

/// <summary>One entry of <c>http_sd_configs</c>.</summary>
/// <param name="Url">Answers with a JSON list of target groups.</param>
/// <param name="RefreshInterval">Default 1 minute; also the longest that one request may take.</param>
public sealed record HttpDiscoveryOptions(string Url, TimeSpan RefreshInterval, DiscoveryHttp Http) : DiscoveryOptions
{
    public override string Kind => "http";

    internal override IDiscovery Create(DiscoveryContext context) => new RefreshingDiscovery(
        Kind, RefreshInterval, () => new HttpTargetSource(this, context.Metrics), context);

    internal override bool SameAs(DiscoveryOptions other) => Equals(other);
}
