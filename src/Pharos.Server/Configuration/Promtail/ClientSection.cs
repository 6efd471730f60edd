using System.Net;
using Pharos.Collection.Shipping.Clients;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Promtail;

/// <summary>Reads <c>clients</c> and the older <c>client</c>, and tells which of them is this server itself.</summary>
internal static class ClientSection
{
    private const string ItselfHost = "loki";

    private const int LokiPort = 3100;

    public static IReadOnlyList<ShipClientOptions> ReadAll(YamlMappingReader file)
    {
        var clients = new List<ShipClientOptions>();
        var entries = file.List("clients").ToList();
        if (file.Find("client") is { } single)
        {
            entries.Insert(0, single);
        }
        foreach (var entry in entries)
        {
            if (entry.AsMapping() is { } map && Read(map, clients.Count) is { } client)
            {
                if (clients.Exists(other => other.Name == client.Name))
                {
                    map.ErrorAt("name", $"two clients are called {YamlValue.Echo(client.Name)}");
                }
                clients.Add(client);
            }
        }
        return clients.Count > 0 ? clients : [new ShipClientOptions { Name = "this server" }];
    }

    private static ShipClientOptions? Read(YamlMappingReader map, int index)
    {
        var url = ReadUrl(map);
        var backoff = map.Mapping("backoff_config");
        var timeout = PromtailValues.Period(map, "timeout", TimeSpan.FromSeconds(10));
        var http = ReadHttp(map);
        var itself = url is not null && IsItself(url);
        var client = new ShipClientOptions
        {
            Name = PromtailValues.OptionalText(map, "name") ?? $"{url}#{index}",
            Url = itself ? null : url,
            TenantId = map.Text("tenant_id"),
            ExternalLabels = PromtailValues.Labels(map, "external_labels"),
            BatchWait = PromtailValues.Period(map, "batchwait", TimeSpan.FromSeconds(1)),
            BatchBytes = PromtailValues.Bytes(map, "batchsize") is { } size and > 0 ? size : 1024 * 1024,
            Timeout = timeout,
            MinBackoff = backoff is null ? TimeSpan.FromMilliseconds(500) : PromtailValues.Period(backoff, "min_period", TimeSpan.FromMilliseconds(500)),
            MaxBackoff = backoff is null ? TimeSpan.FromMinutes(5) : PromtailValues.Period(backoff, "max_period", TimeSpan.FromMinutes(5)),
            DropsRateLimited = map.Flag("drop_rate_limited_batches"),
            CreateHttpClient = itself ? null : () => OutboundHttpClient.Create(http),
        };
        backoff?.NotHonoured("max_retries", "lines are repeated until they are taken: they wait in their files");
        backoff?.Done();
        map.NotHonoured("stream_lag_labels", "how far a stream lags is told for each file");
        map.Done();
        if (itself)
        {
            map.KeyOf("url")!.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
                $"{url!.Host}:{url.Port} is this server: lines go into its own store without HTTP");
        }
        return url is null ? null : client;
    }

    private static HttpClientConfig ReadHttp(YamlMappingReader map)
    {
        var http = HttpClientSection.ReadKeys(map);
        var headers = map.Entries("headers", secret: true)
            .Select(entry => new KeyValuePair<string, Secret>(entry.Key, Secret.Inline(entry.Value.AsText() ?? "")));
        return http with { Headers = [.. http.Headers, .. headers] };
    }

    private static Uri? ReadUrl(YamlMappingReader map)
    {
        if (map.Find("url") is not { } value)
        {
            map.Owner.Error("client needs target URL");
            return null;
        }
        if (value.AsText() is { } text && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }
        value.Error("the url is not an absolute HTTP URL");
        return null;
    }

    /// <summary>The host that Loki has in its compose and Kubernetes files, or its port on this machine: Pharos stands in its place.</summary>
    private static bool IsItself(Uri url) => url.Scheme == Uri.UriSchemeHttp && (url.Host == ItselfHost || (url.Port == LokiPort &&
        (url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))));
}
