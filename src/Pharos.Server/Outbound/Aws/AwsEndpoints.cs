namespace Pharos.Server.Outbound.Aws;

/// <summary>Where Amazon's services are reached.</summary>
internal static class AwsEndpoints
{
    public static string Of(string service, string region) =>
        $"https://{service}.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}/";
}
