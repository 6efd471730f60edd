using System.Globalization;
using Pharos.Collection.Discovery;
using Pharos.Collection.Discovery.Aws;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Server.Outbound.Aws;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads the entries of <c>ec2_sd_configs</c>, <c>lightsail_sd_configs</c>, and those of <c>aws_sd_configs</c> with these roles.</summary>
internal static class AwsDiscoverySections
{
    public static DiscoveryOptions ReadAny(DiscoveryEntry entry) => entry.Map.Text("role") switch
    {
        "" or "ec2" => ReadEc2(entry),
        "lightsail" => ReadLightsail(entry),
        var role => new UnavailableDiscoveryOptions("aws", $"the role {role} is not supported; ec2 and lightsail are"),
    };

    public static DiscoveryOptions ReadEc2(DiscoveryEntry entry)
    {
        var (http, access) = ReadAccess(entry, "ec2");
        return new Ec2DiscoveryOptions
        {
            Http = http,
            Access = access,
            Filters = ReadFilters(entry.Map),
            Port = entry.Port(80),
            RefreshInterval = entry.Refresh(60),
        };
    }

    public static DiscoveryOptions ReadLightsail(DiscoveryEntry entry)
    {
        var (http, access) = ReadAccess(entry, "lightsail");
        return new LightsailDiscoveryOptions { Http = http, Access = access, Port = entry.Port(80), RefreshInterval = entry.Refresh(60) };
    }

    private static (DiscoveryHttp Http, AwsAccess Access) ReadAccess(DiscoveryEntry entry, string service)
    {
        var map = entry.Map;
        map.ErrorUnless(map.Has("access_key") == map.Has("secret_key"), "access_key",
            "access_key and secret_key must be given together");
        var aws = new AwsConfig
        {
            Service = service,
            Region = map.Text("region"),
            AccessKey = map.InlineSecret("access_key"),
            SecretKey = map.InlineSecret("secret_key"),
            Profile = map.Text("profile"),
            RoleArn = map.Text("role_arn"),
            ExternalId = map.Text("external_id"),
        };
        var http = entry.Http with { Aws = aws };
        var endpoint = ReadEndpoint(map);
        async Task<string> FindRegion(CancellationToken cancellation)
        {
            using var source = new AwsCredentialSource(
                aws, OutboundHttpClient.Create(HttpClientConfig.Default), new AwsSurroundings(entry.Environment.Variable), TimeProvider.System);
            return await source.RegionAsync(cancellation);
        }
        return (DiscoveryEntry.Client(http), new AwsAccess(
            endpoint, aws.Region.Length > 0 ? _ => Task.FromResult(aws.Region) : FindRegion, region => new Uri(AwsEndpoints.Of(service, region)),
            string.Create(CultureInfo.InvariantCulture, $"{service} {endpoint} {aws.Region} {aws.Profile}")));
    }

    /// <summary>A host without a scheme is reached over TLS, as by Amazon's client.</summary>
    private static Uri? ReadEndpoint(YamlMappingReader map)
    {
        if (map.Text("endpoint") is not { Length: > 0 } text)
        {
            return null;
        }
        if (Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}", UriKind.Absolute, out var url))
        {
            return url;
        }
        map.ErrorAt("endpoint", $"{YamlValue.Echo(text)} is no address");
        return null;
    }

    private static List<Ec2Filter> ReadFilters(YamlMappingReader map) =>
    [
        .. map.List("filters").Select(item => item.AsMapping()).OfType<YamlMappingReader>()
            .Select(filter => new Ec2Filter(filter.Text("name"), filter.Texts("values"))),
    ];
}
