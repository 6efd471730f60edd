namespace Pharos.Collection.Discovery.Aws;

/// <summary>Where a service of Amazon's is reached; the HTTP client beside it signs each request.</summary>
/// <param name="Endpoint">Instead of Amazon's own address of the service in the region; null for that one.</param>
/// <param name="Region">Names the region: the configured one, or the machine's own.</param>
/// <param name="EndpointOf">Amazon's own address of the service in a region.</param>
/// <param name="Fingerprint">Equal texts mean equal access, so two values are equal when it is.</param>
public sealed record AwsAccess(
    Uri? Endpoint, Func<CancellationToken, Task<string>> Region, Func<string, Uri> EndpointOf, string Fingerprint)
{
    public bool Equals(AwsAccess? other) => other is not null && Fingerprint == other.Fingerprint;

    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);
}
