using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>remote_write</c> and <c>remote_read</c>.</summary>
internal sealed class RemoteSections(GlobalConfig global)
{
    private const string AuthorizationMessage = "authorization header must be changed via the basic_auth, authorization, " +
        "oauth2, sigv4, azuread or google_iam parameter";

    public IReadOnlyList<RemoteWriteOptions> ReadWrite(YamlMappingReader file)
    {
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        var entries = new List<RemoteWriteOptions>();
        foreach (var (map, url) in Entries(file, "remote_write"))
        {
            var given = map.Text("name");
            // Without a name the URL identifies an entry; a second one of the same URL is told apart by its place.
            var key = given.Length > 0 ? $"name {given}" : $"url {url}";
            keys[key] = keys.GetValueOrDefault(key) + 1;
            key = keys[key] == 1 ? key : $"{key} {keys[key]}";
            var entry = ReadWriteEntry(map, url, given.Length > 0 ? given : key["url ".Length..], key);
            map.Done();
            if (entries.Exists(other => (other with { Key = entry.Key, Name = entry.Name }).SameAs(entry)))
            {
                map.Owner.Error($"duplicate remote write configs are not allowed, found duplicate for URL: {url}");
            }
            entries.Add(entry);
        }
        return entries;
    }

    public IReadOnlyList<RemoteReadOptions> ReadRead(YamlMappingReader file)
    {
        var entries = new List<RemoteReadOptions>();
        foreach (var (map, url) in Entries(file, "remote_read"))
        {
            var http = HttpClientSection.ReadKeys(map);
            var name = map.Text("name");
            entries.Add(new RemoteReadOptions
            {
                Url = url,
                Name = name.Length > 0 ? name : url.ToString(),
                Headers = RemoteHeaders.Read(map, AuthorizationMessage),
                RemoteTimeout = map.Duration("remote_timeout", TimeSpan.FromMinutes(1)),
                ChunkedReadLimitBytes = map.Integer("chunked_read_limit", 50_000_000),
                ReadRecent = map.Flag("read_recent"),
                RequiredMatchers = [.. map.Entries("required_matchers").Select(entry =>
                    new KeyValuePair<string, string>(entry.Key, entry.Value.AsText() ?? ""))],
                FilterExternalLabels = map.Flag("filter_external_labels", true),
                ExternalLabels = global.ExternalLabels,
                CreateHttpClient = () => OutboundHttpClient.Create(http),
            });
            map.Done();
        }
        return entries;
    }

    /// <summary>The entries that are mappings, with their URLs; reports what is wrong with the others.</summary>
    private static IEnumerable<(YamlMappingReader Map, Uri Url)> Entries(YamlMappingReader file, string key)
    {
        var what = key.Replace('_', ' ');
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in file.List(key))
        {
            if (item.IsNull)
            {
                item.Error($"empty or null {what} config section");
                continue;
            }
            if (item.AsMapping() is not { } map)
            {
                continue;
            }
            var text = map.Text("url");
            map.ErrorUnless(text.Length > 0, "url", $"url for {key} is empty");
            var valid = Uri.TryCreate(text, UriKind.Absolute, out var url);
            map.ErrorUnless(valid || text.Length == 0, "url", $"the url for {key} is no HTTP address");
            if (valid && url!.Scheme is not ("http" or "https"))
            {
                // Prometheus loads it, and fails at each request: `localhost:9090` has the scheme `localhost`.
                map.KeyOf("url")!.Warning($"unsupported protocol scheme {YamlValue.Echo(url.Scheme)}: every request will fail");
            }
            var name = map.Text("name");
            if (name.Length > 0 && !names.Add(name))
            {
                map.ErrorAt("name", $"found multiple {what} configs with job name {YamlValue.Echo(name)}");
            }
            yield return (map, valid ? url! : new Uri("http://invalid/"));
        }
    }

    private RemoteWriteOptions ReadWriteEntry(YamlMappingReader map, Uri url, string name, string key)
    {
        var http = ReadHttp(map);
        if (map.Flag("round_robin_dns"))
        {
            map.KeyOf("round_robin_dns")!.NotHonoured("addresses are tried in the order in which the system names them");
        }
        return new RemoteWriteOptions
        {
            Url = url,
            Name = name,
            Key = key,
            Message = ReadMessage(map),
            Headers = RemoteHeaders.Read(map, AuthorizationMessage),
            RemoteTimeout = map.Duration("remote_timeout", TimeSpan.FromSeconds(30)),
            WriteRelabelRules = RelabelSection.ReadList(
                map, "write_relabel_configs", "relabeling rule in remote write config", global.LegacyNames),
            ExternalLabels = global.ExternalLabels,
            SendExemplars = map.Flag("send_exemplars"),
            SendNativeHistograms = map.Flag("send_native_histograms"),
            Queue = map.Mapping("queue_config") is { } queue ? ReadQueue(queue) : new RemoteWriteQueueOptions(),
            Metadata = map.Mapping("metadata_config") is { } metadata ? ReadMetadata(metadata) : new RemoteWriteMetadataOptions(),
            CreateHttpClient = () => OutboundHttpClient.Create(http),
            HttpFingerprint = http.Fingerprint(),
        };
    }

    private static HttpClientConfig ReadHttp(YamlMappingReader map) => CloudAuthKeys.ReadAll(map, HttpClientSection.ReadKeys(map));

    private static RemoteWriteMessage ReadMessage(YamlMappingReader map)
    {
        if (map.Find("protobuf_message") is not { } message || message.AsText() is not { } text)
        {
            return RemoteWriteMessage.V1;
        }
        if (text is not ("prometheus.WriteRequest" or "io.prometheus.write.v2.Request"))
        {
            message.Error($"invalid protobuf_message value: unknown type for remote write protobuf message {text}, " +
                "supported: prometheus.WriteRequest, io.prometheus.write.v2.Request");
        }
        return text is "io.prometheus.write.v2.Request" ? RemoteWriteMessage.V2 : RemoteWriteMessage.V1;
    }

    private static RemoteWriteMetadataOptions ReadMetadata(YamlMappingReader metadata)
    {
        var options = new RemoteWriteMetadataOptions
        {
            Send = metadata.Flag("send", true),
            SendInterval = metadata.Duration("send_interval", TimeSpan.FromMinutes(1)),
            MaxSamplesPerSend = metadata.Count("max_samples_per_send", 2000),
        };
        metadata.Done();
        return options;
    }

    private static RemoteWriteQueueOptions ReadQueue(YamlMappingReader queue)
    {
        var usual = new RemoteWriteQueueOptions();
        var options = new RemoteWriteQueueOptions
        {
            Capacity = queue.Count("capacity", usual.Capacity),
            MinShards = queue.Count("min_shards", usual.MinShards),
            MaxShards = queue.Count("max_shards", usual.MaxShards),
            MaxSamplesPerSend = queue.Count("max_samples_per_send", usual.MaxSamplesPerSend),
            BatchSendDeadline = queue.Duration("batch_send_deadline", usual.BatchSendDeadline),
            MinBackoff = queue.Duration("min_backoff", usual.MinBackoff),
            MaxBackoff = queue.Duration("max_backoff", usual.MaxBackoff),
            RetryOnHttp429 = queue.Flag("retry_on_http_429"),
            SampleAgeLimit = queue.Duration("sample_age_limit"),
        };
        queue.ErrorUnless(options.Capacity > 0, "capacity", "capacity must be greater than 0");
        queue.ErrorUnless(options.MaxShards > 0, "max_shards", "max_shards must be greater than 0");
        queue.ErrorUnless(options.MinShards > 0, "min_shards", "min_shards must be greater than 0");
        queue.ErrorUnless(
            options.MinShards <= options.MaxShards, "min_shards", "min_shards must be less than or equal to max_shards");
        queue.ErrorUnless(
            options.MaxSamplesPerSend > 0, "max_samples_per_send", "max_samples_per_send must be greater than 0");
        queue.ErrorUnless(
            options.MinBackoff <= options.MaxBackoff, "max_backoff", "max_backoff must be greater than or equal to min_backoff");
        queue.Done();
        return options;
    }
}
