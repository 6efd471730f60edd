namespace Pharos.Collection.Discovery;

/// <summary>How a discovery reaches an HTTP API: as the <c>http_config</c> keys of its section say.</summary>
/// <param name="Create">Makes a client without a timeout of its own; the discovery that calls it owns and disposes it.</param>
/// <param name="Fingerprint">Equal texts mean equal clients, so two values are equal when it is. Holds no secret in the clear.</param>
public sealed record DiscoveryHttp(Func<HttpClient> Create, string Fingerprint)
{
    public bool Equals(DiscoveryHttp? other) => other is not null && Fingerprint == other.Fingerprint;

    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);
}
